-- What was found takes the place of what was found before. What is the same as before isn't written. A client that was
-- removed in the meantime has no documents any more.
WITH found AS MATERIALIZED (
    SELECT f.*
      FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::integer[], $6::text[])
               f (client_id, template_id, environment, weight, faults, detail)
     WHERE EXISTS (SELECT FROM public.clients_enhanced c WHERE c.id = f.client_id)
), gone AS (
    DELETE FROM tenantry.document_findings d
     WHERE NOT EXISTS (SELECT FROM found f
                        WHERE f.client_id = d.client_id AND f.template_id = d.template_id AND f.environment = d.environment)
)
INSERT INTO tenantry.document_findings AS d (client_id, template_id, environment, weight, faults, detail)
SELECT DISTINCT ON (f.client_id, f.template_id, f.environment) f.* FROM found f
    ON CONFLICT (client_id, template_id, environment) DO UPDATE
   SET weight = excluded.weight, faults = excluded.faults, detail = excluded.detail, found_at = pg_catalog.now()
 WHERE (d.weight, d.faults, d.detail) IS DISTINCT FROM (excluded.weight, excluded.faults, excluded.detail)
