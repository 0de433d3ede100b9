-- Servers hear of nothing any more, and reads of secrets are no longer counted. CASCADE takes the triggers with their functions.

DROP FUNCTION tenantry.token_revisions_keep(), tenantry.snapshots_notify() CASCADE;
DROP TABLE tenantry.secret_reads, tenantry.token_revisions;
