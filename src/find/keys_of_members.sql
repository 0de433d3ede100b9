-- Keys of the rows of clients of whom the caller is a member, by the index of clients.
SELECT k.key, k.id, k.name
  FROM (SELECT s.key, c.id, c.name::text,
               pg_catalog.row_number() OVER (PARTITION BY s.key ORDER BY pg_catalog.lower(c.name), c.id) AS number
          FROM (SELECT DISTINCT s.client_id, s.configuration_key::text AS key FROM public.system_configurations s
                 WHERE s.client_id = ANY (ARRAY(SELECT tenantry.member_client_ids())) AND s.is_active AND NOT s.is_system
                   AND pg_catalog.strpos(pg_catalog.lower(s.configuration_key), pg_catalog.lower($1)) > 0) s
          JOIN public.clients_enhanced c ON c.id = s.client_id
         WHERE c.archived_at IS NULL) k
 WHERE k.number <= 2
 ORDER BY k.key, k.number LIMIT $2
