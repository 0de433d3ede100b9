-- Secrets that nothing refers to any more: those of changes that were rejected or withdrawn, and of rows without a history
-- that hold another value since.
--
-- What a row, its history or a change that may still be applied refers to stays: going back needs no plain value. A mask
-- stands in rows of its secret's client and table alone, which triggers hold, so that nothing else is searched.

CREATE FUNCTION tenantry.sweep_secrets(after uuid, most integer, younger interval) RETURNS TABLE (last_id uuid, swept bigint)
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' SET jit = off AS
$$
DECLARE
    swept_of pg_catalog.record;
BEGIN
    swept := 0;
    SELECT n.id INTO last_id
      FROM (SELECT s.id FROM tenantry.secrets s WHERE s.id > after ORDER BY s.id LIMIT most) n (id)
     ORDER BY n.id DESC LIMIT 1;
    -- In one statement, so that a secret is seen together with the row that it was set for.
    FOR swept_of IN
        WITH pending AS MATERIALIZED (
            SELECT DISTINCT m.found[1]::pg_catalog.uuid AS id
              FROM tenantry.changes c
              JOIN tenantry.change_edits e ON e.change_id = c.id
             CROSS JOIN LATERAL regexp_matches(concat(e.columns, e.before), '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'g') m (found)
             WHERE c.state IN ('proposed', 'approved')
        ), looked_at AS MATERIALIZED (
            SELECT s.id, s.id::pg_catalog.text AS named, s.client_id, s.table_name
              FROM tenantry.secrets s
             WHERE s.id > after AND s.id <= last_id AND s.set_at < now() - younger
               FOR UPDATE SKIP LOCKED
        ), gone AS (
            DELETE FROM tenantry.secrets s USING looked_at l
             WHERE s.id = l.id
               AND NOT EXISTS (SELECT FROM pending p WHERE p.id = l.id)
               AND NOT EXISTS (SELECT FROM public.system_configurations t
                                WHERE l.table_name = 'system_configurations' AND t.client_id = l.client_id
                                  AND strpos(to_jsonb(t)::pg_catalog.text, l.named) > 0)
               AND NOT EXISTS (SELECT FROM public.system_configurations t
                                WHERE l.table_name = 'system_configurations' AND l.client_id IS NULL AND t.client_id IS NULL
                                  AND strpos(to_jsonb(t)::pg_catalog.text, l.named) > 0)
               AND NOT EXISTS (SELECT FROM public.template_configurations t
                                WHERE l.table_name = 'template_configurations' AND strpos(to_jsonb(t)::pg_catalog.text, l.named) > 0)
               AND NOT EXISTS (SELECT FROM public.client_customizations t
                                WHERE l.table_name = 'client_customizations' AND t.client_id = l.client_id
                                  AND strpos(to_jsonb(t)::pg_catalog.text, l.named) > 0)
               AND NOT EXISTS (SELECT FROM public.deployment_configurations t
                                WHERE l.table_name = 'deployment_configurations' AND t.client_id = l.client_id
                                  AND strpos(to_jsonb(t)::pg_catalog.text, l.named) > 0)
               AND NOT EXISTS (SELECT FROM public.client_deployments t
                                WHERE l.table_name = 'client_deployments' AND t.client_id = l.client_id
                                  AND strpos(to_jsonb(t)::pg_catalog.text, l.named) > 0)
               AND NOT EXISTS (SELECT FROM public.client_billing_info t
                                WHERE l.table_name = 'client_billing_info' AND t.client_id = l.client_id
                                  AND strpos(to_jsonb(t)::pg_catalog.text, l.named) > 0)
               AND NOT EXISTS (SELECT FROM public.configuration_versions v
                                WHERE v.table_name = l.table_name
                                  AND v.scope_id = coalesce(l.client_id, '00000000-0000-0000-0000-000000000000')
                                  AND strpos(v.content::pg_catalog.text, l.named) > 0)
            RETURNING s.id, s.client_id, s.table_name, s.column_name, s.path
        )
        SELECT g.client_id, count(*) AS secrets,
               jsonb_agg(jsonb_build_object('id', g.id, 'table', g.table_name, 'column', g.column_name, 'path', g.path) ORDER BY g.id) AS details
          FROM gone g
         GROUP BY g.client_id
    LOOP
        swept := swept + swept_of.secrets;
        PERFORM tenantry.audit_event('sweep_secrets', jsonb_build_object('secrets', swept_of.details), swept_of.client_id, 'secrets', NULL, 'tenantry');
    END LOOP;
    RETURN NEXT;
END
$$;
COMMENT ON FUNCTION tenantry.sweep_secrets(uuid, integer, interval) IS
    'Of so many secrets after an id, removes those that nothing refers to, unless they are younger than an interval: whoever set them may be about to write the row. Gives the last id that was looked at, NULL at the end, and how many went; the audit log has each.';

REVOKE ALL ON FUNCTION tenantry.sweep_secrets(uuid, integer, interval) FROM PUBLIC;
