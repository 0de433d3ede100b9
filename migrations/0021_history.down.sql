-- Stops keeping history; what was kept goes with configuration_versions. CASCADE takes the triggers with their functions.

DROP FUNCTION tenantry.note_applied_revision(), tenantry.keep_history() CASCADE;
DROP FUNCTION tenantry.take_revision();
DROP TABLE tenantry.configuration_heads, tenantry.installation_revision;
