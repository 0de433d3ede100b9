-- Stops logging: the triggers go from every table that still has them, then their functions.
DO $$
DECLARE
    t record;
BEGIN
    FOR t IN
        SELECT g.tgrelid::regclass AS audited, g.tgname
          FROM pg_catalog.pg_trigger g JOIN pg_catalog.pg_proc p ON p.oid = g.tgfoid
         WHERE p.pronamespace = 'tenantry'::regnamespace
           AND p.proname IN ('audit_insert', 'audit_update', 'audit_delete', 'audit_truncate')
    LOOP
        EXECUTE format('DROP TRIGGER %I ON %s', t.tgname, t.audited);
    END LOOP;
END
$$;
DROP FUNCTION tenantry.audit_table(regclass, text[], text, text[], text[]);
DROP FUNCTION tenantry.audit_truncate();
DROP FUNCTION tenantry.audit_update();
DROP FUNCTION tenantry.audit_delete();
DROP FUNCTION tenantry.audit_insert();
DROP FUNCTION tenantry.audit_suspects(text);
