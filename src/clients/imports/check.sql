-- What importing rows of a file ($1) would do: their lines ($2), the clients that they name by id ($3), the columns that
-- they would write ($4) and what is wrong with each by itself ($5). $6 has the words for what is wrong beside the clients
-- that there are. Addresses are joined as a whole and not looked up one by one: under policies no index finds them.
INSERT INTO tenantry.client_import_rows (import_id, line, outcome, client_id, seen_at, address, before, after, faults)
SELECT $1, w.line,
       CASE WHEN f.faults <> '[]' THEN 'refused'
            WHEN c.id IS NULL THEN 'add'
            WHEN d.after = '{}' THEN 'same'
            ELSE 'change' END,
       c.id, c.updated_at, coalesce(w.address, pg_catalog.lower(c.email)), d.before,
       CASE WHEN c.id IS NULL THEN w.said ELSE d.after END,
       f.faults
  FROM (SELECT u.line, u.id, u.said, u.faults, pg_catalog.lower(u.said ->> 'email') AS address
          FROM unnest($2::pg_catalog.int4[], $3::pg_catalog.uuid[], $4::pg_catalog.jsonb[], $5::pg_catalog.jsonb[])
               AS u (line, id, said, faults)) w
  -- Who has the address that the row says.
  LEFT JOIN public.clients_enhanced e ON pg_catalog.lower(e.email) = w.address AND e.archived_at IS NULL
  -- Whom the row is about: by its id, else by its address.
  LEFT JOIN public.clients_enhanced c ON c.id = coalesce(w.id, e.id)
 -- Of what it says, what isn't so already. A column without a value is one, whatever kind of nothing it holds, and space
 -- around a text is none of it, as in the form.
 CROSS JOIN LATERAL (
       SELECT coalesce(pg_catalog.jsonb_object_agg(v.key, v.value), '{}') AS after,
              coalesce(pg_catalog.jsonb_object_agg(v.key, v.was), '{}') AS before
         FROM (SELECT s.key, s.value, o.content -> s.key AS was
                 FROM (SELECT pg_catalog.to_jsonb(c) AS content OFFSET 0) o
                CROSS JOIN LATERAL pg_catalog.jsonb_each(w.said) s) v
        CROSS JOIN LATERAL (
              SELECT CASE pg_catalog.jsonb_typeof(v.was)
                     WHEN 'string' THEN pg_catalog.to_jsonb(pg_catalog.btrim(
                          pg_catalog.replace(v.was #>> '{}', E'\r\n', E'\n'), E' \t\r\n'))
                     ELSE v.was END AS was) t
        WHERE c.id IS NOT NULL
          -- An address by which the client was found is its own, however it is written.
          AND (v.key <> 'email' OR w.id IS NOT NULL)
          AND CASE WHEN t.was IN ('null', '""', '{}', '[]') THEN NULL ELSE t.was END
              IS DISTINCT FROM CASE WHEN v.value IN ('null', '{}', '[]') THEN NULL ELSE v.value END) d
 CROSS JOIN LATERAL (
       SELECT w.faults
              || CASE WHEN w.id IS NOT NULL AND c.id IS NULL THEN $6::pg_catalog.jsonb -> 'unknown' ELSE '[]' END
              || CASE WHEN c.archived_at IS NOT NULL THEN $6 -> 'archived' ELSE '[]' END
              || CASE WHEN w.id IS NOT NULL AND e.id <> w.id THEN $6 -> 'taken' ELSE '[]' END
              || CASE WHEN w.faults = '[]' AND w.id IS NULL AND c.id IS NULL AND w.address IS NULL THEN $6 -> 'nobody'
                      WHEN w.faults = '[]' AND w.id IS NULL AND c.id IS NULL AND NOT w.said ? 'name' THEN $6 -> 'nameless'
                      ELSE '[]' END AS faults) f
