-- Lets any value in again; CASCADE takes the triggers with their function.

DROP FUNCTION tenantry.refuse_card_numbers() CASCADE;
DROP FUNCTION tenantry.masked(jsonb), tenantry.first_secret(jsonb, text[], jsonb, jsonb), tenantry.secret_place(text[], jsonb),
    tenantry.looks_secret(text), tenantry.names_a_secret(text), tenantry.is_card_number(text), tenantry.json_leaves(jsonb), tenantry.is_mask(jsonb);
