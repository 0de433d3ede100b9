-- Configuration by key: one value at one layer (global, template, client; all environments or one).

CREATE TABLE system_configurations (
    id                      uuid          CONSTRAINT system_configurations_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
    configuration_key       varchar(255)  NOT NULL,
    -- Follows from the scope: a trigger puts it in place of this default, which the CHECK refuses.
    configuration_category  varchar(100)  NOT NULL DEFAULT '',
    configuration_value     jsonb         NOT NULL,
    configuration_schema    jsonb         DEFAULT '{}',
    description             text,
    is_encrypted            boolean       NOT NULL DEFAULT false,
    is_system               boolean       NOT NULL DEFAULT false,
    is_active               boolean       NOT NULL DEFAULT true,
    is_delegated            boolean       NOT NULL DEFAULT false,
    client_id               uuid,
    template_id             varchar(255),
    environment             varchar(50)   NOT NULL DEFAULT 'all',
    version                 integer       NOT NULL DEFAULT 1,
    created_at              timestamptz   NOT NULL DEFAULT now(),
    updated_at              timestamptz   NOT NULL DEFAULT now(),
    created_by              uuid,
    updated_by              uuid,
    CONSTRAINT system_configurations_client_id_id_key UNIQUE (client_id, id),
    -- A key isn't unique by itself: the same key lives at many layers, which is the point.
    CONSTRAINT system_configurations_configuration_key_scope_key
        UNIQUE NULLS NOT DISTINCT (configuration_key, client_id, template_id, environment),
    CONSTRAINT system_configurations_client_id_fkey FOREIGN KEY (client_id)
        REFERENCES clients_enhanced (id) ON DELETE RESTRICT,
    CONSTRAINT system_configurations_configuration_key_check CHECK (configuration_key ~ '^[A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*$'),
    CONSTRAINT system_configurations_configuration_category_check CHECK (configuration_category IN ('global', 'template', 'client', 'deployment')),
    CONSTRAINT system_configurations_category_scope_check CHECK (configuration_category = CASE
        WHEN client_id IS NOT NULL AND environment = 'all' THEN 'client'
        WHEN client_id IS NOT NULL THEN 'deployment'
        WHEN template_id IS NOT NULL THEN 'template'
        ELSE 'global' END),
    -- A secret's place holds its mask, {"$secret": …}; the ciphertext stands in schema tenantry.
    CONSTRAINT system_configurations_is_encrypted_check CHECK (NOT is_encrypted OR jsonb_typeof(configuration_value -> '$secret') IS NOT DISTINCT FROM 'object'),
    CONSTRAINT system_configurations_environment_check CHECK (environment IN ('all', 'development', 'staging', 'production')),
    CONSTRAINT system_configurations_version_check CHECK (version > 0)
);

CREATE INDEX idx_system_configurations_key ON system_configurations (configuration_key varchar_pattern_ops);
CREATE INDEX idx_system_configurations_client_id ON system_configurations (client_id, environment);
CREATE INDEX idx_system_configurations_client_created ON system_configurations (client_id, created_at DESC);
CREATE INDEX idx_system_configurations_client_key ON system_configurations (client_id, configuration_key);
CREATE INDEX idx_system_configurations_template ON system_configurations (template_id, environment) WHERE template_id IS NOT NULL;
CREATE INDEX idx_system_configurations_value ON system_configurations USING gin (configuration_value jsonb_path_ops);

COMMENT ON TABLE system_configurations IS 'Configuration by key: one row is one value at one layer. The layers are composed into what an app reads.';
COMMENT ON COLUMN system_configurations.id IS 'Key of the row.';
COMMENT ON COLUMN system_configurations.configuration_key IS 'Dotted path of the value in the document, e.g. features.booking.enabled; segments of letters, digits, _ and -.';
COMMENT ON COLUMN system_configurations.configuration_category IS 'The scope in a word: global (no client, no template), template (a template, no client), client (a client, all environments), deployment (a client, one environment). Filled in from the scope where left out.';
COMMENT ON COLUMN system_configurations.configuration_value IS 'The value; JSON null is a value, {"$removed": true} hides the layers below.';
COMMENT ON COLUMN system_configurations.configuration_schema IS 'JSON Schema 2020-12 that the value has to satisfy.';
COMMENT ON COLUMN system_configurations.description IS 'What the value is for.';
COMMENT ON COLUMN system_configurations.is_encrypted IS 'Whether the value is a secret.';
COMMENT ON COLUMN system_configurations.is_system IS 'Steers Tenantry itself and is never part of a document. Set at insert only; admins edit the value, nothing else.';
COMMENT ON COLUMN system_configurations.is_active IS 'A row that isn''t counts as absent: the layers below show.';
COMMENT ON COLUMN system_configurations.is_delegated IS 'Whether the client''s own login may edit the value. Set at insert only.';
COMMENT ON COLUMN system_configurations.client_id IS 'The client it belongs to; NULL for global and template rows. Never changes.';
COMMENT ON COLUMN system_configurations.template_id IS 'The template it applies to; NULL where it applies whatever the template.';
COMMENT ON COLUMN system_configurations.environment IS 'all, development, staging or production.';
COMMENT ON COLUMN system_configurations.version IS 'Counts the writes of the row, kept by a trigger; the base of If-Match.';
COMMENT ON COLUMN system_configurations.created_at IS 'When the row was made.';
COMMENT ON COLUMN system_configurations.updated_at IS 'When the row was last changed.';
COMMENT ON COLUMN system_configurations.created_by IS 'The person who made the row, from the session.';
COMMENT ON COLUMN system_configurations.updated_by IS 'The person who last changed the row, from the session.';

COMMENT ON INDEX system_configurations_pkey IS 'One row by its id.';
COMMENT ON INDEX system_configurations_client_id_id_key IS 'One row of a member''s clients: WHERE client_id = $1 AND id = $2. Target of composite keys.';
COMMENT ON INDEX system_configurations_configuration_key_scope_key IS 'A key over all its layers: WHERE configuration_key = $1. Holds it to one row per client, template and environment.';
COMMENT ON INDEX idx_system_configurations_key IS 'The rows below a key: WHERE configuration_key ~>=~ ''billing.'' AND configuration_key ~<~ ''billing/''. These operators are leakproof, which LIKE isn''t, so it serves under row level security.';
COMMENT ON INDEX idx_system_configurations_client_id IS 'A layer of a client: WHERE client_id = $1 AND environment = $2; global and template layers with client_id IS NULL.';
COMMENT ON INDEX idx_system_configurations_client_created IS 'A client''s rows, newest first: WHERE client_id = $1 ORDER BY created_at DESC.';
COMMENT ON INDEX idx_system_configurations_client_key IS 'A client''s rows by key, page by page: WHERE client_id = $1 ORDER BY configuration_key.';
COMMENT ON INDEX idx_system_configurations_template IS 'The rows that name a template: WHERE template_id = $1 AND environment = $2.';
COMMENT ON INDEX idx_system_configurations_value IS 'Rows that hold a value: WHERE configuration_value @> $1. Only for roles that see all: under row level security jsonb operators can''t use an index.';
