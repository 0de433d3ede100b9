-- Takes the schemas away again. Of auth only what is Tenantry's goes, and a schema stays while the
-- migration ledger or something of the site's is left in it.
DROP FUNCTION IF EXISTS tenantry.enter(jsonb, text, text, text), tenantry.refusal(jsonb), tenantry.managed_client_ids(),
    tenantry.member_client_ids(), tenantry.user_id(), tenantry.entered(), tenantry.holds_now(), tenantry.has_note(),
    tenantry.is_nobodys(jsonb, text, text), tenantry.person(jsonb), tenantry.holds_token(jsonb, text, uuid), tenantry.hold_pending_rule();
DROP TABLE IF EXISTS tenantry.filled_events, tenantry.made_rows, tenantry.walled_views, tenantry.mends, tenantry.pending_rules, tenantry.adopted_tables, tenantry.settings, tenantry.tables,
    tenantry.tokens, tenantry.sign_in_delays, tenantry.user_metadata, tenantry.sessions, tenantry.passwords, tenantry.people;

DO $down$
DECLARE
    statement text;
BEGIN
    FOR statement IN
        SELECT pg_catalog.format('DROP FUNCTION %s', p.oid::pg_catalog.regprocedure)
          FROM pg_catalog.pg_proc p
         WHERE p.pronamespace = pg_catalog.to_regnamespace('auth') AND p.proname IN ('uid', 'role', 'jwt') AND p.pronargs = 0
           AND p.proowner = 'tenantry_owner'::pg_catalog.regrole
        UNION ALL
        SELECT 'DROP TABLE auth.users'
          FROM pg_catalog.pg_class c
         WHERE c.oid = pg_catalog.to_regclass('auth.users') AND c.relowner = 'tenantry_owner'::pg_catalog.regrole
        UNION ALL
        SELECT pg_catalog.format('DROP SCHEMA %I', n.nspname)
          FROM pg_catalog.pg_namespace n
         WHERE n.nspname IN ('tenantry_partitions', 'tenantry', 'auth') AND n.nspowner = 'tenantry_owner'::pg_catalog.regrole
    LOOP
        BEGIN
            EXECUTE statement;
        EXCEPTION WHEN dependent_objects_still_exist THEN
            RAISE NOTICE '% is left out: %', statement, sqlerrm;
        END;
    END LOOP;
END
$down$;
