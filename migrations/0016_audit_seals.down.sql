-- Takes the seals and everything that writes the audit log away. The runner refuses this while there are entries,
-- unless --lose-data is given: without its seals a log proves nothing.
DROP FUNCTION tenantry.note_audit_retention(regclass);
DROP FUNCTION tenantry.erase_audit_log(int8multirange, text);
DROP FUNCTION tenantry.audit_event(text, jsonb, uuid, text, text, text);
DROP FUNCTION tenantry.audit_who();
DROP TABLE tenantry.audit_seals;
DROP TRIGGER audit_refuse_truncate ON public.audit_log;
DROP TRIGGER audit_refuse_change ON public.audit_log;
DROP FUNCTION tenantry.audit_refuse_change();
DROP TRIGGER audit_hash_row ON public.audit_log;
DROP FUNCTION tenantry.audit_hash_row();
DROP TABLE tenantry_partitions.audit_log_default;
