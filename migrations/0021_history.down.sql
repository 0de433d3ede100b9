-- Stops keeping history; what was kept goes with configuration_versions. CASCADE takes the triggers with their functions.

DROP FUNCTION tenantry.history_note_applied(), tenantry.history_keep() CASCADE;
DROP FUNCTION tenantry.take_revision();
DROP TABLE tenantry.configuration_heads, tenantry.installation_revision;
