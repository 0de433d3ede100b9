-- A site with types, keys, owners, rules and publications that nobody thought of.
DO $$ BEGIN CREATE ROLE site_odd_owner NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE site_odd_reader LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
CREATE SCHEMA "App Data";
CREATE DOMAIN email_address AS varchar(200) CHECK (VALUE LIKE '%@%');
CREATE DOMAIN "Money" AS numeric(12,2) DEFAULT 0 CHECK (VALUE >= -1000000);
CREATE TYPE client_state AS ENUM ('active', 'inactive', 'suspended', 'churned');
CREATE TYPE deployment_kind AS ENUM ('production', 'development', 'staging', 'preview');
CREATE TABLE clients_enhanced (
    id uuid NOT NULL DEFAULT gen_random_uuid(),
    name text COLLATE "C" NOT NULL,
    email email_address NOT NULL,
    "Company Name" text GENERATED ALWAYS AS (upper(name)) STORED,
    company_name varchar(40),
    annual_revenue "Money",
    status client_state NOT NULL DEFAULT 'active',
    tier varchar(20) DEFAULT 'standard',
    main_deployment uuid,
    assigned_manager uuid,
    number bigint GENERATED ALWAYS AS IDENTITY,
    "select" int[] DEFAULT '{1,2}',
    during tstzrange,
    created_at timestamp DEFAULT now(),
    updated_at timestamp(3) with time zone,
    CONSTRAINT "Clients PK" PRIMARY KEY (id),
    CONSTRAINT "one mail" UNIQUE (email) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&)
);
CREATE TABLE client_deployments (
    id uuid PRIMARY KEY,
    client_id uuid NOT NULL CONSTRAINT of_client REFERENCES clients_enhanced (id) ON DELETE CASCADE DEFERRABLE,
    deployment_name varchar(300) NOT NULL,
    deployment_type deployment_kind DEFAULT 'production',
    custom_domain text,
    status text DEFAULT 'pending',
    feature_flags json DEFAULT '{}',
    performance_metrics jsonb,
    customization_id uuid NOT NULL,
    parent uuid REFERENCES client_deployments,
    created_at timestamptz DEFAULT now()
);
ALTER TABLE clients_enhanced ADD CONSTRAINT "main" FOREIGN KEY (main_deployment) REFERENCES client_deployments DEFERRABLE INITIALLY DEFERRED;
CREATE TABLE client_analytics (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), seq bigserial,
    client_id uuid REFERENCES clients_enhanced,
    deployment_id uuid,
    analytics_date date NOT NULL,
    page_views int
);
CREATE TABLE deployment_tracking_events (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    deployment_id uuid NOT NULL REFERENCES client_deployments,
    event_type varchar(50) NOT NULL,
    event_timestamp timestamptz DEFAULT now()
);
CREATE TABLE client_customizations (id uuid PRIMARY KEY DEFAULT gen_random_uuid(), client_id uuid NOT NULL REFERENCES clients_enhanced, template_id varchar(255) NOT NULL, customization_config jsonb NOT NULL DEFAULT '{}');
CREATE FUNCTION "App Data".note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO "App Data"."Log" VALUES (TG_OP, TG_TABLE_NAME); RETURN NULL; END $$;
CREATE TABLE "App Data"."Log" (op text, what text);
CREATE TRIGGER "Statement Log" AFTER UPDATE ON clients_enhanced REFERENCING OLD TABLE AS o NEW TABLE AS n FOR EACH STATEMENT EXECUTE FUNCTION "App Data".note();
CREATE CONSTRAINT TRIGGER late AFTER INSERT OR UPDATE ON client_deployments DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION "App Data".note();
CREATE TRIGGER evt AFTER INSERT ON deployment_tracking_events FOR EACH ROW EXECUTE FUNCTION "App Data".note();
CREATE RULE keep_out AS ON DELETE TO clients_enhanced DO ALSO INSERT INTO "App Data"."Log" VALUES ('rule', old.name);
CREATE RULE no_events_deleted AS ON DELETE TO deployment_tracking_events DO INSTEAD NOTHING;
CREATE PUBLICATION everything FOR ALL TABLES;
CREATE PUBLICATION in_public FOR TABLES IN SCHEMA public;
CREATE INDEX "by Name" ON clients_enhanced (lower(name) text_pattern_ops) WHERE status = 'active';
CREATE INDEX brin_created ON client_deployments USING brin (created_at);
CREATE INDEX hash_domain ON client_deployments USING hash (custom_domain);
CREATE UNIQUE INDEX ON client_customizations (client_id, template_id) INCLUDE (id);
ALTER TABLE client_deployments ADD CONSTRAINT "Name not empty" CHECK (deployment_name <> '') NO INHERIT;
ALTER TABLE client_customizations ALTER COLUMN customization_config SET STORAGE EXTERNAL;
ALTER TABLE clients_enhanced ALTER COLUMN name SET STATISTICS 500;
ALTER TABLE client_deployments ALTER COLUMN feature_flags SET COMPRESSION pglz;
ALTER TABLE clients_enhanced SET (fillfactor = 70, autovacuum_enabled = false);
ALTER TABLE client_customizations REPLICA IDENTITY FULL;
ALTER TABLE client_customizations OWNER TO site_odd_owner;
GRANT INSERT, SELECT ON client_deployments TO site_odd_reader;
GRANT SELECT (id, name) ON clients_enhanced TO site_odd_reader WITH GRANT OPTION;
CREATE VIEW "Clients and Deployments" AS SELECT c.*, d.id AS did FROM clients_enhanced c JOIN client_deployments d ON d.client_id = c.id;
GRANT SELECT ON "Clients and Deployments" TO PUBLIC;
CREATE MATERIALIZED VIEW "App Data".per_state AS SELECT status, count(*) FROM clients_enhanced GROUP BY status;
GRANT SELECT ON "App Data".per_state TO site_odd_reader;
CREATE VIEW client_summary AS SELECT id, name FROM clients_enhanced;
CREATE VIEW on_it AS SELECT name FROM client_summary;
CREATE SEQUENCE numbers OWNED BY client_deployments.status;
COMMENT ON CONSTRAINT "one mail" ON clients_enhanced IS 'only one';
COMMENT ON INDEX "by Name" IS 'lists';
INSERT INTO clients_enhanced (id, name, email, company_name, status, during)
SELECT md5('c' || i)::uuid, 'Client ' || i, 'c' || i || '@x.test', CASE WHEN i % 3 = 0 THEN 'Firm ' || i END,
       (enum_range(NULL::client_state))[1 + i % 4], tstzrange(now() + i * interval '1 day', now() + (i + 1) * interval '1 day')
  FROM generate_series(1, 50) i;
INSERT INTO client_customizations (id, client_id, template_id) SELECT md5('u' || i)::uuid, md5('c' || i)::uuid, 't' || i % 3 FROM generate_series(1, 50) i;
INSERT INTO client_deployments (id, client_id, deployment_name, customization_id, custom_domain, deployment_type, status)
SELECT md5('d' || i)::uuid, md5('c' || i)::uuid, 'd' || i, md5('u' || i)::uuid, CASE WHEN i % 5 = 0 THEN i || '.example' END,
       (enum_range(NULL::deployment_kind))[1 + i % 3]::deployment_kind, (ARRAY['deployed','pending','failed'])[1 + i % 3] FROM generate_series(1, 50) i;
UPDATE clients_enhanced SET main_deployment = (SELECT d.id FROM client_deployments d WHERE d.client_id = clients_enhanced.id LIMIT 1);
INSERT INTO deployment_tracking_events (deployment_id, event_type, event_timestamp) SELECT md5('d' || 1 + i % 50)::uuid, 'health_check', now() - i * interval '1 hour' FROM generate_series(1, 2000) i;
