-- Keys of all clients' own rows, each found by one step in the index of keys: there are few of them, and a row for each
-- client and key. Of more than some thousand keys the rest isn't looked at. The text of a key is compared without a
-- collation, as the index has it.
WITH RECURSIVE keys (key, number) AS (
    (SELECT s.configuration_key::text, 1 FROM public.system_configurations s
      ORDER BY s.configuration_key::text USING OPERATOR(pg_catalog.~<~) LIMIT 1)
    UNION ALL
    SELECT n.key, k.number + 1
      FROM keys k
     CROSS JOIN LATERAL (
        SELECT s.configuration_key::text AS key FROM public.system_configurations s
         WHERE s.configuration_key::text OPERATOR(pg_catalog.~>~) k.key
         ORDER BY s.configuration_key::text USING OPERATOR(pg_catalog.~<~) LIMIT 1) n
     WHERE k.number < 5000
)
SELECT k.key, f.id, f.name
  FROM keys k
 CROSS JOIN LATERAL (
    SELECT c.id, c.name::text
      FROM public.system_configurations s
      JOIN public.clients_enhanced c ON c.id = s.client_id
     WHERE s.configuration_key::text OPERATOR(pg_catalog.~>=~) k.key AND s.configuration_key::text OPERATOR(pg_catalog.~<=~) k.key
       AND s.is_active AND NOT s.is_system AND c.archived_at IS NULL
     -- An order that the index has: without it the table would be read until two rows are met by chance.
     ORDER BY s.configuration_key::text USING OPERATOR(pg_catalog.~<~)
     LIMIT 2) f
 WHERE pg_catalog.strpos(pg_catalog.lower(k.key), pg_catalog.lower($1)) > 0
 LIMIT $2
