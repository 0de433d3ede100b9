-- Templates of apps, one row per version: the JSON Schema of their configuration and its defaults.

CREATE TABLE template_configurations (
    id                     uuid          CONSTRAINT template_configurations_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
    template_id            varchar(255)  NOT NULL,
    template_version       varchar(50)   NOT NULL,
    template_name          varchar(255)  NOT NULL,
    configuration_schema   jsonb         NOT NULL DEFAULT '{}',
    default_configuration  jsonb         NOT NULL DEFAULT '{}',
    required_fields        text[]        DEFAULT '{}',
    optional_fields        text[]        DEFAULT '{}',
    validation_rules       jsonb         DEFAULT '{}',
    validation_enabled     boolean       NOT NULL DEFAULT true,
    category               varchar(100),
    tags                   text[]        DEFAULT '{}',
    industry_specific      boolean       NOT NULL DEFAULT false,
    supported_industries   text[]        DEFAULT '{}',
    usage_count            integer       NOT NULL DEFAULT 0,
    last_used_at           timestamptz,
    performance_score      numeric(5,2),
    status                 varchar(50)   NOT NULL DEFAULT 'active',
    is_featured            boolean       NOT NULL DEFAULT false,
    created_at             timestamptz   NOT NULL DEFAULT now(),
    updated_at             timestamptz   NOT NULL DEFAULT now(),
    created_by             uuid,
    updated_by             uuid,
    -- The version is part of the key, since customizations pin one.
    CONSTRAINT template_configurations_template_id_template_version_key UNIQUE (template_id, template_version),
    CONSTRAINT template_configurations_usage_count_check CHECK (usage_count >= 0),
    CONSTRAINT template_configurations_performance_score_check CHECK (performance_score BETWEEN 0 AND 100),
    CONSTRAINT template_configurations_status_check CHECK (status IN ('active', 'draft', 'deprecated', 'archived'))
);

CREATE INDEX idx_template_configurations_template_id ON template_configurations (template_id, created_at DESC);
CREATE INDEX idx_template_configurations_status ON template_configurations (status);
CREATE INDEX idx_template_configurations_category ON template_configurations (category, template_name);
CREATE INDEX idx_template_configurations_default ON template_configurations USING gin (default_configuration jsonb_path_ops);

COMMENT ON TABLE template_configurations IS 'Templates of apps, one row per version. Schema and defaults of a version that has left draft never change.';
COMMENT ON COLUMN template_configurations.id IS 'Key of this version.';
COMMENT ON COLUMN template_configurations.template_id IS 'The template, the same in all its versions, e.g. consultation-booking.';
COMMENT ON COLUMN template_configurations.template_version IS 'A semantic version where published in Tenantry; adopted ones keep their word (latest, 1.2), older than all others and never an alias that moves.';
COMMENT ON COLUMN template_configurations.template_name IS 'What people call the template.';
COMMENT ON COLUMN template_configurations.configuration_schema IS 'JSON Schema 2020-12 of the resolved configuration. Its default values are the lowest layer; x-secret, x-locked, x-merge and x-env-name are Tenantry''s keywords.';
COMMENT ON COLUMN template_configurations.default_configuration IS 'Values of the template itself, the layer above the defaults of the schema.';
COMMENT ON COLUMN template_configurations.required_fields IS 'Keys shown as required in forms; what validates is the schema.';
COMMENT ON COLUMN template_configurations.optional_fields IS 'Keys shown as optional in forms.';
COMMENT ON COLUMN template_configurations.validation_rules IS 'Rules beyond the schema, for the agency''s own tools.';
COMMENT ON COLUMN template_configurations.validation_enabled IS 'Whether documents of this template are judged by its schema.';
COMMENT ON COLUMN template_configurations.category IS 'Group in the list of templates.';
COMMENT ON COLUMN template_configurations.tags IS 'Words to find it by.';
COMMENT ON COLUMN template_configurations.industry_specific IS 'Whether it is meant for the supported industries only.';
COMMENT ON COLUMN template_configurations.supported_industries IS 'Industries it is meant for.';
COMMENT ON COLUMN template_configurations.usage_count IS 'Customizations that use this version, those without a version counting for the newest active one. Kept by Tenantry: moves neither history nor updated_at.';
COMMENT ON COLUMN template_configurations.last_used_at IS 'Last activation of a customization of this version, or deployed_at of the last deployment of one. Kept by Tenantry.';
COMMENT ON COLUMN template_configurations.performance_score IS '0 to 100, over 90 days: mean of those that exist of 100 × deployments succeeded / deployments ended, 100 × health checks succeeded / health checks, mean uptime_percentage. Deployments count by their events deploy_completed, or by their status where they have none; events of status info tell no outcome and don''t count. NULL without any. Kept by Tenantry.';
COMMENT ON COLUMN template_configurations.status IS 'draft, then active, deprecated, archived, never back; born active where nothing is said. Archived versions go on serving those who pin them.';
COMMENT ON COLUMN template_configurations.is_featured IS 'Whether it is shown first.';
COMMENT ON COLUMN template_configurations.created_at IS 'When the row was made.';
COMMENT ON COLUMN template_configurations.updated_at IS 'When the row was last changed; the base of If-Match.';
COMMENT ON COLUMN template_configurations.created_by IS 'The person who made the row, from the session.';
COMMENT ON COLUMN template_configurations.updated_by IS 'The person who last changed the row, from the session.';

COMMENT ON INDEX template_configurations_pkey IS 'One version by its id.';
COMMENT ON INDEX template_configurations_template_id_template_version_key IS 'The version that a customization pins: WHERE template_id = $1 AND template_version = $2. Holds it unique.';
COMMENT ON INDEX idx_template_configurations_template_id IS 'The versions of a template, newest first: WHERE template_id = $1 ORDER BY created_at DESC.';
COMMENT ON INDEX idx_template_configurations_status IS 'Versions in a status; clients, staff and managers see the active ones only: WHERE status = ''active''.';
COMMENT ON INDEX idx_template_configurations_category IS 'The list of templates by group: WHERE category = $1 ORDER BY template_name.';
COMMENT ON INDEX idx_template_configurations_default IS 'Templates with a given default: WHERE default_configuration @> $1. Only for roles that see all: under row level security jsonb operators can''t use an index.';
