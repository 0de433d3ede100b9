-- Rows whose content at one revision ($1) isn't that at a later one ($2), as far as it is for somebody who sees the
-- clients $3 and the versions of templates $4 (NULL for all); a page of $7 from behind table $5 and row $6 on.
WITH touched (table_name, row_id, client_id) AS (
    SELECT v.table_name::text, v.row_id, v.client_id
      FROM public.configuration_versions v
     WHERE v.revision_to > $1 AND v.revision_from <= $2 AND (v.revision_to <= $2 OR v.revision_from > $1)
    UNION
    SELECT h.table_name::text, h.row_id, h.client_id
      FROM tenantry.configuration_heads h
     WHERE h.revision > $1 AND h.revision <= $2
), page AS MATERIALIZED (
    SELECT t.*
      FROM touched t
     WHERE (t.client_id IS NULL OR $3::uuid[] IS NULL OR t.client_id = ANY ($3))
       AND (t.table_name <> 'template_configurations' OR $4::uuid[] IS NULL OR t.row_id = ANY ($4))
       AND ($5::text IS NULL OR (t.table_name, t.row_id) > ($5, $6::uuid))
     ORDER BY t.table_name, t.row_id
     LIMIT $7
)
SELECT p.table_name, p.row_id, coalesce(earlier.content, present_earlier.content), coalesce(later.content, present_later.content),
       coalesce(later.revision_from, present_later.revision, earlier.revision_to)
  FROM page p
  LEFT JOIN LATERAL (
       SELECT v.content, v.revision_to FROM public.configuration_versions v
        WHERE v.table_name = p.table_name AND v.row_id = p.row_id AND v.revision_from <= $1 AND v.revision_to > $1
        ORDER BY v.valid_from DESC LIMIT 1) earlier ON true
  LEFT JOIN LATERAL (
       SELECT v.content, v.revision_from FROM public.configuration_versions v
        WHERE v.table_name = p.table_name AND v.row_id = p.row_id AND v.revision_from <= $2 AND v.revision_to > $2
        ORDER BY v.valid_from DESC LIMIT 1) later ON true
  LEFT JOIN LATERAL (
       SELECT r.content, h.revision
         FROM tenantry.configuration_heads h
        CROSS JOIN LATERAL (
              SELECT to_jsonb(s) FROM public.system_configurations s WHERE p.table_name = 'system_configurations' AND s.id = p.row_id
              UNION ALL
              SELECT to_jsonb(t) FROM public.template_configurations t WHERE p.table_name = 'template_configurations' AND t.id = p.row_id
              UNION ALL
              SELECT to_jsonb(c) FROM public.client_customizations c WHERE p.table_name = 'client_customizations' AND c.id = p.row_id
              UNION ALL
              SELECT to_jsonb(d) FROM public.deployment_configurations d WHERE p.table_name = 'deployment_configurations' AND d.id = p.row_id) r (content)
        WHERE h.table_name = p.table_name AND h.row_id = p.row_id) present ON true
  LEFT JOIN LATERAL (SELECT present.content WHERE present.revision <= $1) present_earlier ON true
  LEFT JOIN LATERAL (SELECT present.content, present.revision WHERE present.revision <= $2) present_later ON true
 ORDER BY p.table_name, p.row_id
