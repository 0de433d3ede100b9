-- Takes the partition functions back. The partitions stay with their tables.

DROP FUNCTION tenantry.expired_partitions(), tenantry.partition_months_ahead(), tenantry.maintain_partitions(date),
    tenantry.make_partition(name, date), tenantry.partitions();
