-- For each client, and for what is no client's, the newest revision that touched a row: that of a row which is there, or
-- that at which one ended. Asked once, when a server starts.
SELECT t.client_id, NULL::text AS template_id, NULL::text AS environment, pg_catalog.max(t.revision) AS revision
  FROM (
    SELECT h.client_id, pg_catalog.max(h.revision) FROM tenantry.configuration_heads h GROUP BY h.client_id
    UNION ALL
    SELECT c.id, v.revision_to
      FROM (SELECT k.id FROM public.clients_enhanced k UNION ALL SELECT NULL) c
     CROSS JOIN LATERAL (
        SELECT v.revision_to FROM public.configuration_versions v
         WHERE v.scope_id = coalesce(c.id, '00000000-0000-0000-0000-000000000000')
         ORDER BY v.valid_to DESC LIMIT 1) v
  ) t (client_id, revision)
 GROUP BY 1
