-- Secrets that nothing refers to stay.

DROP FUNCTION tenantry.sweep_secrets(uuid, integer, interval);
