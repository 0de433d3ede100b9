-- Lets any value into a secret's place again; CASCADE takes the triggers with their functions.

DROP FUNCTION tenantry.refuse_billing_secrets(), tenantry.refuse_secret_variables(), tenantry.refuse_document_secrets(),
    tenantry.refuse_configuration_secrets(), tenantry.judge_masks() CASCADE;
DROP FUNCTION tenantry.schemas_of(text, jsonb), tenantry.refuse_secret(name, text),
    tenantry.is_kept_for(uuid, text, uuid, text, text[], text), tenantry.text_mask_id(text), tenantry.json_pointer(text[]);
