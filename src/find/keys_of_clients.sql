-- Keys of some clients' own rows: the clients by their name, then each one's rows by the index of clients and keys.
SELECT s.key, c.id, c.name::text
  FROM (SELECT c.id, c.name FROM public.clients_enhanced c
         WHERE c.archived_at IS NULL
           AND pg_catalog.strpos(pg_catalog.lower(pg_catalog.concat_ws(' ', c.name, c.company_name, c.email)), pg_catalog.lower($1)) > 0
         ORDER BY pg_catalog.lower(c.name), c.id LIMIT 20) c
 CROSS JOIN LATERAL (
    SELECT DISTINCT s.configuration_key::text AS key FROM public.system_configurations s
     WHERE s.client_id = c.id AND s.is_active AND NOT s.is_system
       AND pg_catalog.strpos(pg_catalog.lower(s.configuration_key), pg_catalog.lower($2)) > 0
     ORDER BY 1 LIMIT $3) s
 ORDER BY pg_catalog.lower(c.name), s.key LIMIT $3
