-- Drops every secret for good. Rows that stay keep masks that name nothing, so `migrate down` refuses while there are any.

DROP FUNCTION tenantry.secret_mask(tenantry.secrets), tenantry.secret_text_mask(tenantry.secrets);
DROP TABLE tenantry.secrets, tenantry.data_keys, tenantry.encryption_keys;
DROP FUNCTION tenantry.secrets_stamp(), tenantry.secrets_stay();
