-- One row per template and version that a customization uses, with an empty schema and no defaults, so that every
-- document stays as it is. Adopted versions keep their word. Safe to repeat.
SET LOCAL TimeZone = 'UTC';

WITH used AS (
    SELECT u.template_id, u.template_version, count(*)::integer AS customizations, min(u.created_at) AS since
      FROM (SELECT to_jsonb(c) ->> 'template_id', to_jsonb(c) ->> 'template_version', (to_jsonb(c) ->> 'created_at')::timestamptz
              FROM public.client_customizations c) u (template_id, template_version, created_at)
     WHERE length(u.template_id) <= 255 AND (u.template_version IS NULL OR length(u.template_version) <= 50)
     GROUP BY u.template_id, u.template_version
),
wanted AS (
    SELECT u.template_id, u.template_version, u.customizations, u.since FROM used u WHERE u.template_version IS NOT NULL
    UNION ALL
    SELECT u.template_id, 'latest', 0, u.since
      FROM used u
     WHERE u.template_version IS NULL
       AND NOT EXISTS (SELECT FROM used o WHERE o.template_id = u.template_id AND o.template_version IS NOT NULL)
       AND NOT EXISTS (SELECT FROM public.template_configurations t WHERE t.template_id = u.template_id)
),
made AS (
    INSERT INTO public.template_configurations AS t
        (template_id, template_version, template_name, configuration_schema, default_configuration, status, usage_count, created_at, updated_at)
    SELECT w.template_id, w.template_version, w.template_id, '{}', '{}', 'active', w.customizations,
           coalesce(w.since, now()), coalesce(w.since, now())
      FROM wanted w
     WHERE NOT EXISTS (SELECT FROM public.template_configurations k
                        WHERE k.template_id = w.template_id AND k.template_version = w.template_version)
    ON CONFLICT DO NOTHING
    RETURNING t.id, to_jsonb(t) AS content
)
INSERT INTO tenantry.made_rows (table_name, row_id, content)
SELECT 'template_configurations', m.id, m.content FROM made m;
