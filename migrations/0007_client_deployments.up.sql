-- Where a client's app runs: one row per deployment, with what is known of its health.

CREATE TABLE client_deployments (
    id                      uuid          CONSTRAINT client_deployments_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
    client_id               uuid          NOT NULL,
    customization_id        uuid          NOT NULL,
    deployment_template_id  uuid,
    deployment_name         varchar(255)  NOT NULL,
    deployment_type         varchar(50)   NOT NULL DEFAULT 'production',
    deployment_url          varchar(500),
    custom_domain           varchar(255),
    hosting_provider        varchar(100)  DEFAULT 'vercel',
    region                  varchar(100),
    environment_config      jsonb         DEFAULT '{}',
    build_id                varchar(255),
    commit_hash             varchar(255),
    build_artifacts         jsonb         DEFAULT '{}',
    build_logs              text,
    status                  varchar(50)   NOT NULL DEFAULT 'pending',
    health_status           varchar(50)   NOT NULL DEFAULT 'unknown',
    last_health_check       timestamptz,
    performance_metrics     jsonb         DEFAULT '{}',
    uptime_percentage       numeric(5,2),
    response_time_avg       numeric(8,2),
    feature_flags           jsonb         DEFAULT '{}',
    environment_variables   jsonb         DEFAULT '{}',
    ssl_enabled             boolean       DEFAULT true,
    cdn_enabled             boolean       DEFAULT true,
    deployed_at             timestamptz,
    deployed_by             uuid,
    created_at              timestamptz   NOT NULL DEFAULT now(),
    updated_at              timestamptz   NOT NULL DEFAULT now(),
    created_by              uuid,
    updated_by              uuid,
    CONSTRAINT client_deployments_client_id_id_key UNIQUE (client_id, id),
    CONSTRAINT client_deployments_client_id_fkey FOREIGN KEY (client_id)
        REFERENCES clients_enhanced (id) ON DELETE RESTRICT,
    -- Composite, so that a deployment can't be of another client's customization.
    CONSTRAINT client_deployments_client_id_customization_id_fkey FOREIGN KEY (client_id, customization_id)
        REFERENCES client_customizations (client_id, id) ON DELETE RESTRICT,
    CONSTRAINT client_deployments_deployment_template_id_fkey FOREIGN KEY (deployment_template_id)
        REFERENCES deployment_templates (id) ON DELETE SET NULL (deployment_template_id),
    CONSTRAINT client_deployments_deployment_type_check CHECK (deployment_type IN ('production', 'development', 'staging')),
    CONSTRAINT client_deployments_status_check CHECK (status IN ('pending', 'building', 'deploying', 'deployed', 'failed', 'maintenance', 'cancelled', 'superseded', 'rolled_back')),
    CONSTRAINT client_deployments_health_status_check CHECK (health_status IN ('unknown', 'healthy', 'warning', 'critical'))
);

-- One live claim per domain. An empty text is how forms say "none".
CREATE UNIQUE INDEX client_deployments_lower_custom_domain_key ON client_deployments (lower(custom_domain))
    WHERE custom_domain <> '' AND status NOT IN ('failed', 'cancelled', 'superseded', 'rolled_back');
CREATE INDEX idx_client_deployments_status ON client_deployments (status);
CREATE INDEX idx_client_deployments_customization ON client_deployments (client_id, customization_id);
CREATE INDEX idx_client_deployments_deployment_template ON client_deployments (deployment_template_id);
CREATE INDEX idx_client_deployments_client_created ON client_deployments (client_id, created_at DESC);
CREATE INDEX idx_client_deployments_unhealthy ON client_deployments (last_health_check DESC) WHERE health_status IN ('warning', 'critical');

COMMENT ON TABLE client_deployments IS 'Where a client''s app runs. One that has events or analytics isn''t deleted but cancelled or superseded.';
COMMENT ON COLUMN client_deployments.id IS 'Key of the deployment.';
COMMENT ON COLUMN client_deployments.client_id IS 'The client it belongs to; never changes.';
COMMENT ON COLUMN client_deployments.customization_id IS 'What is deployed; a customization of the same client.';
COMMENT ON COLUMN client_deployments.deployment_template_id IS 'The deployment template it was made from, if any.';
COMMENT ON COLUMN client_deployments.deployment_name IS 'Its name.';
COMMENT ON COLUMN client_deployments.deployment_type IS 'The environment: production, development or staging.';
COMMENT ON COLUMN client_deployments.deployment_url IS 'Where it answers.';
COMMENT ON COLUMN client_deployments.custom_domain IS 'The client''s own domain; claimed by one live deployment at a time, without regard to letter case.';
COMMENT ON COLUMN client_deployments.hosting_provider IS 'Who hosts it.';
COMMENT ON COLUMN client_deployments.region IS 'Region of the provider.';
COMMENT ON COLUMN client_deployments.environment_config IS 'Configuration of the environment. Not shown to the client''s own login.';
COMMENT ON COLUMN client_deployments.build_id IS 'The provider''s id of the build.';
COMMENT ON COLUMN client_deployments.commit_hash IS 'The commit that was built.';
COMMENT ON COLUMN client_deployments.build_artifacts IS 'What the build made. Not shown to the client''s own login.';
COMMENT ON COLUMN client_deployments.build_logs IS 'What the build printed. Not shown to the client''s own login.';
COMMENT ON COLUMN client_deployments.status IS 'pending, building, deploying, deployed, failed, maintenance, cancelled, superseded or rolled_back; failed, cancelled, superseded and rolled_back hold no domain.';
COMMENT ON COLUMN client_deployments.health_status IS 'unknown until it was checked, then healthy, warning or critical.';
COMMENT ON COLUMN client_deployments.last_health_check IS 'When it was last checked.';
COMMENT ON COLUMN client_deployments.performance_metrics IS 'Figures of the last check, e.g. {"performance": {"avg_response_time": 120}}.';
COMMENT ON COLUMN client_deployments.uptime_percentage IS 'Percent of the time that it answered.';
COMMENT ON COLUMN client_deployments.response_time_avg IS 'Mean response time in milliseconds.';
COMMENT ON COLUMN client_deployments.feature_flags IS 'Features switched on or off in this deployment.';
COMMENT ON COLUMN client_deployments.environment_variables IS 'Variables of the process. Secret are those whose name or form says so. Not shown to the client''s own login.';
COMMENT ON COLUMN client_deployments.ssl_enabled IS 'Whether it is served by TLS.';
COMMENT ON COLUMN client_deployments.cdn_enabled IS 'Whether it is served through a content network.';
COMMENT ON COLUMN client_deployments.deployed_at IS 'When it was deployed.';
COMMENT ON COLUMN client_deployments.deployed_by IS 'Who deployed it.';
COMMENT ON COLUMN client_deployments.created_at IS 'When the row was made.';
COMMENT ON COLUMN client_deployments.updated_at IS 'When the row was last changed; the base of If-Match.';
COMMENT ON COLUMN client_deployments.created_by IS 'The person who made the row, from the session.';
COMMENT ON COLUMN client_deployments.updated_by IS 'The person who last changed the row, from the session.';

COMMENT ON INDEX client_deployments_pkey IS 'One deployment by its id.';
COMMENT ON INDEX client_deployments_client_id_id_key IS 'Target of (client_id, deployment_id), so that events and analytics can''t name another client''s; also the rows of a member''s clients.';
COMMENT ON INDEX client_deployments_lower_custom_domain_key IS 'Who serves a domain: WHERE lower(custom_domain) = $1 among those alive. Holds it to one.';
COMMENT ON INDEX idx_client_deployments_status IS 'Deployments in a status: WHERE status = $1.';
COMMENT ON INDEX idx_client_deployments_customization IS 'The deployments of a customization: WHERE client_id = $1 AND customization_id = $2; and whether it may be deleted.';
COMMENT ON INDEX idx_client_deployments_deployment_template IS 'The deployments made from a deployment template: WHERE deployment_template_id = $1.';
COMMENT ON INDEX idx_client_deployments_client_created IS 'A client''s deployments, newest first: WHERE client_id = $1 ORDER BY created_at DESC.';
COMMENT ON INDEX idx_client_deployments_unhealthy IS 'What is ill now, last checked first: WHERE health_status IN (''warning'', ''critical'') ORDER BY last_health_check DESC.';
