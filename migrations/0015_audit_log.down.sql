-- Drops the audit log with its partitions. The runner refuses this while it holds rows, unless --lose-data is given.
DROP TABLE audit_log;
