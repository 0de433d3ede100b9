-- Ready-made ways to deploy: provider, environment and what has to be filled in.

CREATE TABLE deployment_templates (
    id                      uuid          CONSTRAINT deployment_templates_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
    template_name           varchar(255)  NOT NULL,
    template_type           varchar(50)   NOT NULL DEFAULT 'basic',
    description             text,
    configuration_template  jsonb         NOT NULL DEFAULT '{}',
    required_variables      text[]        DEFAULT '{}',
    optional_variables      text[]        DEFAULT '{}',
    supported_environments  text[]        DEFAULT '{development,staging,production}',
    default_environment     varchar(50)   NOT NULL DEFAULT 'production',
    supported_providers     text[]        DEFAULT '{vercel,netlify,aws,gcp}',
    default_provider        varchar(100)  DEFAULT 'vercel',
    category                varchar(100),
    tags                    text[]        DEFAULT '{}',
    use_cases               text[]        DEFAULT '{}',
    usage_count             integer       NOT NULL DEFAULT 0,
    success_rate            numeric(5,2),
    last_used_at            timestamptz,
    status                  varchar(50)   NOT NULL DEFAULT 'active',
    is_system_template      boolean       NOT NULL DEFAULT false,
    is_featured             boolean       NOT NULL DEFAULT false,
    created_at              timestamptz   NOT NULL DEFAULT now(),
    updated_at              timestamptz   NOT NULL DEFAULT now(),
    created_by              uuid,
    updated_by              uuid,
    CONSTRAINT deployment_templates_template_name_key UNIQUE (template_name),
    CONSTRAINT deployment_templates_template_type_check CHECK (template_type IN ('basic', 'standard', 'enterprise', 'custom')),
    CONSTRAINT deployment_templates_supported_environments_check CHECK (supported_environments <@ '{development,staging,production}'::text[]),
    CONSTRAINT deployment_templates_default_environment_check CHECK (default_environment IN ('development', 'staging', 'production')),
    CONSTRAINT deployment_templates_usage_count_check CHECK (usage_count >= 0),
    CONSTRAINT deployment_templates_success_rate_check CHECK (success_rate BETWEEN 0 AND 100),
    CONSTRAINT deployment_templates_status_check CHECK (status IN ('active', 'draft', 'deprecated'))
);

CREATE INDEX idx_deployment_templates_status ON deployment_templates (status, category);
CREATE INDEX idx_deployment_templates_configuration ON deployment_templates USING gin (configuration_template jsonb_path_ops);

COMMENT ON TABLE deployment_templates IS 'Ready-made ways to deploy, for all clients.';
COMMENT ON COLUMN deployment_templates.id IS 'Key of the deployment template.';
COMMENT ON COLUMN deployment_templates.template_name IS 'Its name, unique.';
COMMENT ON COLUMN deployment_templates.template_type IS 'basic, standard, enterprise or custom.';
COMMENT ON COLUMN deployment_templates.description IS 'What it is for.';
COMMENT ON COLUMN deployment_templates.configuration_template IS 'The configuration that a deployment starts from, e.g. {"provider": "vercel", "ssl": true}.';
COMMENT ON COLUMN deployment_templates.required_variables IS 'Variables that have to be given.';
COMMENT ON COLUMN deployment_templates.optional_variables IS 'Variables that may be given.';
COMMENT ON COLUMN deployment_templates.supported_environments IS 'Environments it may be used in, of development, staging, production.';
COMMENT ON COLUMN deployment_templates.default_environment IS 'Environment where none is named.';
COMMENT ON COLUMN deployment_templates.supported_providers IS 'Hosting providers it may be used with.';
COMMENT ON COLUMN deployment_templates.default_provider IS 'Hosting provider where none is named.';
COMMENT ON COLUMN deployment_templates.category IS 'Group in the list, e.g. hosting.';
COMMENT ON COLUMN deployment_templates.tags IS 'Words to find it by.';
COMMENT ON COLUMN deployment_templates.use_cases IS 'What it suits, in words.';
COMMENT ON COLUMN deployment_templates.usage_count IS 'Deployments made from it. Kept by Tenantry: doesn''t move updated_at.';
COMMENT ON COLUMN deployment_templates.success_rate IS '100 × deployments succeeded / deployments ended, of those made from it; failed and rolled_back ended without success, cancelled before it was deployed never ended. NULL until one ended. Kept by Tenantry.';
COMMENT ON COLUMN deployment_templates.last_used_at IS 'When it was last deployed from: the latest deployed_at. Kept by Tenantry.';
COMMENT ON COLUMN deployment_templates.status IS 'active, draft or deprecated.';
COMMENT ON COLUMN deployment_templates.is_system_template IS 'Seeded by Tenantry: admins edit it but can''t delete it; never changed after insert.';
COMMENT ON COLUMN deployment_templates.is_featured IS 'Whether it is shown first.';
COMMENT ON COLUMN deployment_templates.created_at IS 'When the row was made.';
COMMENT ON COLUMN deployment_templates.updated_at IS 'When the row was last changed; the base of If-Match.';
COMMENT ON COLUMN deployment_templates.created_by IS 'The person who made the row, from the session.';
COMMENT ON COLUMN deployment_templates.updated_by IS 'The person who last changed the row, from the session.';

COMMENT ON INDEX deployment_templates_pkey IS 'One deployment template by its id; target of deployment_template_id.';
COMMENT ON INDEX deployment_templates_template_name_key IS 'One deployment template by its name, which seeds use: WHERE template_name = $1. Holds it unique.';
COMMENT ON INDEX idx_deployment_templates_status IS 'The list of those that may be used, by group: WHERE status = ''active'' ORDER BY category.';
COMMENT ON INDEX idx_deployment_templates_configuration IS 'Templates with a given setting: WHERE configuration_template @> $1. Only for roles that see all: under row level security jsonb operators can''t use an index.';
