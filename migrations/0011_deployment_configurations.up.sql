-- How a client's deployments in an environment are set up, and the content that was last applied.

CREATE TABLE deployment_configurations (
    id                      uuid          CONSTRAINT deployment_configurations_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
    client_id               uuid          NOT NULL,
    deployment_id           uuid,
    deployment_template_id  uuid,
    template_id             varchar(255),
    environment             varchar(50)   NOT NULL,
    deployment_name         varchar(255)  NOT NULL,
    hosting_provider        varchar(100)  DEFAULT 'vercel',
    region                  varchar(100)  DEFAULT 'us-east-1',
    instance_type           varchar(100),
    scaling_config          jsonb         DEFAULT '{}',
    environment_variables   jsonb         DEFAULT '{}',
    secret_variables        text[]        DEFAULT '{}',
    feature_flags           jsonb         DEFAULT '{}',
    application_config      jsonb         DEFAULT '{}',
    ssl_config              jsonb         DEFAULT '{}',
    cors_config             jsonb         DEFAULT '{}',
    security_headers        jsonb         DEFAULT '{}',
    caching_config          jsonb         DEFAULT '{}',
    cdn_config              jsonb         DEFAULT '{}',
    monitoring_config       jsonb         DEFAULT '{}',
    domain_verification     jsonb         DEFAULT '{}',
    backup_config           jsonb         DEFAULT '{}',
    recovery_config         jsonb         DEFAULT '{}',
    custom_domain           varchar(255),
    subdomain               varchar(255),
    status                  varchar(50)   NOT NULL DEFAULT 'draft',
    validation_results      jsonb         DEFAULT '{}',
    version                 integer       NOT NULL DEFAULT 1,
    applied_configuration   jsonb,
    applied_revision        bigint,
    applied_at              timestamptz,
    applied_by              uuid,
    created_at              timestamptz   NOT NULL DEFAULT now(),
    updated_at              timestamptz   NOT NULL DEFAULT now(),
    created_by              uuid,
    updated_by              uuid,
    CONSTRAINT deployment_configurations_client_id_id_key UNIQUE (client_id, id),
    CONSTRAINT deployment_configurations_client_environment_name_key UNIQUE (client_id, environment, deployment_name),
    CONSTRAINT deployment_configurations_client_id_fkey FOREIGN KEY (client_id)
        REFERENCES clients_enhanced (id) ON DELETE RESTRICT,
    -- Only deployment_id goes: the bare SET NULL would take client_id with it.
    CONSTRAINT deployment_configurations_client_id_deployment_id_fkey FOREIGN KEY (client_id, deployment_id)
        REFERENCES client_deployments (client_id, id) ON DELETE SET NULL (deployment_id),
    CONSTRAINT deployment_configurations_deployment_template_id_fkey FOREIGN KEY (deployment_template_id)
        REFERENCES deployment_templates (id) ON DELETE SET NULL (deployment_template_id),
    CONSTRAINT deployment_configurations_environment_check CHECK (environment IN ('development', 'staging', 'production')),
    CONSTRAINT deployment_configurations_status_check CHECK (status IN ('draft', 'validated', 'applied', 'failed')),
    CONSTRAINT deployment_configurations_version_check CHECK (version > 0),
    -- The revision follows at commit, so it may be missing for the length of a transaction, never the other way.
    CONSTRAINT deployment_configurations_applied_revision_check CHECK (applied_revision IS NULL OR applied_configuration IS NOT NULL),
    CONSTRAINT deployment_configurations_applied_status_check CHECK (status <> 'applied' OR applied_configuration IS NOT NULL)
);

-- In force is the row with an applied configuration: one per client, environment and template.
CREATE UNIQUE INDEX deployment_configurations_in_force_key
    ON deployment_configurations (client_id, environment, template_id) NULLS NOT DISTINCT
    WHERE applied_configuration IS NOT NULL;
CREATE INDEX idx_deployment_configurations_client_id ON deployment_configurations (client_id, created_at DESC);
CREATE INDEX idx_deployment_configurations_environment ON deployment_configurations (environment, status);
CREATE INDEX idx_deployment_configurations_deployment ON deployment_configurations (client_id, deployment_id);
CREATE INDEX idx_deployment_configurations_deployment_template ON deployment_configurations (deployment_template_id);

COMMENT ON TABLE deployment_configurations IS 'How a client''s deployments in an environment are set up. Applying freezes the content, so that an edit changes nothing that runs until it is applied again.';
COMMENT ON COLUMN deployment_configurations.id IS 'Key of the row.';
COMMENT ON COLUMN deployment_configurations.client_id IS 'The client it belongs to; never changes.';
COMMENT ON COLUMN deployment_configurations.deployment_id IS 'The deployment it is for, if one; of the same client.';
COMMENT ON COLUMN deployment_configurations.deployment_template_id IS 'The deployment template it was made from, if any.';
COMMENT ON COLUMN deployment_configurations.template_id IS 'The template it serves; NULL serves clients that have none.';
COMMENT ON COLUMN deployment_configurations.environment IS 'development, staging or production.';
COMMENT ON COLUMN deployment_configurations.deployment_name IS 'Its name, unique per client and environment.';
COMMENT ON COLUMN deployment_configurations.hosting_provider IS 'Who hosts.';
COMMENT ON COLUMN deployment_configurations.region IS 'Region of the provider.';
COMMENT ON COLUMN deployment_configurations.instance_type IS 'Size of the machine, in the provider''s word.';
COMMENT ON COLUMN deployment_configurations.scaling_config IS 'How it scales, e.g. {"min": 2, "max": 10}.';
COMMENT ON COLUMN deployment_configurations.environment_variables IS 'Variables of the process. Secret are those that secret_variables lists and those whose name or form says so. Not shown to the client''s own login.';
COMMENT ON COLUMN deployment_configurations.secret_variables IS 'Names of the variables that are secret. Not shown to the client''s own login.';
COMMENT ON COLUMN deployment_configurations.feature_flags IS 'Features; under features in the configuration once applied.';
COMMENT ON COLUMN deployment_configurations.application_config IS 'Configuration of the app; its highest layer once applied. Not shown to the client''s own login.';
COMMENT ON COLUMN deployment_configurations.ssl_config IS 'TLS. Not shown to the client''s own login.';
COMMENT ON COLUMN deployment_configurations.cors_config IS 'Cross-origin rules.';
COMMENT ON COLUMN deployment_configurations.security_headers IS 'Security headers.';
COMMENT ON COLUMN deployment_configurations.caching_config IS 'Caching.';
COMMENT ON COLUMN deployment_configurations.cdn_config IS 'Content network.';
COMMENT ON COLUMN deployment_configurations.monitoring_config IS 'Monitoring.';
COMMENT ON COLUMN deployment_configurations.domain_verification IS 'How the domain is proved.';
COMMENT ON COLUMN deployment_configurations.backup_config IS 'Backups of the app. Not shown to the client''s own login.';
COMMENT ON COLUMN deployment_configurations.recovery_config IS 'Recovery of the app. Not shown to the client''s own login.';
COMMENT ON COLUMN deployment_configurations.custom_domain IS 'The client''s own domain.';
COMMENT ON COLUMN deployment_configurations.subdomain IS 'Name below the agency''s domain.';
COMMENT ON COLUMN deployment_configurations.status IS 'draft, validated, then applied or failed; an edit makes it a draft again.';
COMMENT ON COLUMN deployment_configurations.validation_results IS 'What the last validation found. Not shown to the client''s own login.';
COMMENT ON COLUMN deployment_configurations.version IS 'Counts the writes of the row, kept by a trigger; the base of If-Match.';
COMMENT ON COLUMN deployment_configurations.applied_configuration IS 'The content as applied. The row is in force while this isn''t NULL; applying another empties it.';
COMMENT ON COLUMN deployment_configurations.applied_revision IS 'The installation''s revision that applied it.';
COMMENT ON COLUMN deployment_configurations.applied_at IS 'When it was last applied.';
COMMENT ON COLUMN deployment_configurations.applied_by IS 'Who last applied it.';
COMMENT ON COLUMN deployment_configurations.created_at IS 'When the row was made.';
COMMENT ON COLUMN deployment_configurations.updated_at IS 'When the row was last changed.';
COMMENT ON COLUMN deployment_configurations.created_by IS 'The person who made the row, from the session.';
COMMENT ON COLUMN deployment_configurations.updated_by IS 'The person who last changed the row, from the session.';

COMMENT ON INDEX deployment_configurations_pkey IS 'One row by its id.';
COMMENT ON INDEX deployment_configurations_client_id_id_key IS 'One row of a member''s clients: WHERE client_id = $1 AND id = $2. Target of composite keys.';
COMMENT ON INDEX deployment_configurations_client_environment_name_key IS 'A client''s configurations in an environment by name: WHERE client_id = $1 AND environment = $2 ORDER BY deployment_name. Holds the name unique.';
COMMENT ON INDEX deployment_configurations_in_force_key IS 'What is in force: WHERE client_id = $1 AND environment = $2 AND template_id = $3 AND applied_configuration IS NOT NULL. Holds it to one.';
COMMENT ON INDEX idx_deployment_configurations_client_id IS 'A client''s configurations, newest first: WHERE client_id = $1 ORDER BY created_at DESC.';
COMMENT ON INDEX idx_deployment_configurations_environment IS 'Configurations of an environment over all clients, by status: WHERE environment = $1 AND status = $2.';
COMMENT ON INDEX idx_deployment_configurations_deployment IS 'The configurations of a deployment: WHERE client_id = $1 AND deployment_id = $2. Covers the foreign key.';
COMMENT ON INDEX idx_deployment_configurations_deployment_template IS 'The configurations made from a deployment template: WHERE deployment_template_id = $1. Covers the foreign key.';
