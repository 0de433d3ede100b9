-- A site with other types, other names, fewer columns and rules of its own, in place of the existing database.
CREATE SCHEMA auth;
CREATE TABLE auth.users (id uuid PRIMARY KEY, email text);
INSERT INTO auth.users VALUES ('00000000-0000-0000-0000-000000000001', 'a@b');
CREATE TYPE client_status AS ENUM ('active', 'inactive', 'suspended', 'churned');
CREATE DOMAIN address AS text CHECK (VALUE LIKE '%@%');

CREATE TABLE clients_enhanced (
    id uuid NOT NULL, name text NOT NULL, email address NOT NULL, status client_status NOT NULL DEFAULT 'active', tier text,
    business_size varchar(20), annual_revenue numeric, website_url varchar(100), address json, created_at timestamp DEFAULT now(),
    assigned_manager uuid REFERENCES auth.users ON DELETE SET NULL, "Tax Class" char(1) DEFAULT 'A',
    CONSTRAINT "PK clients" PRIMARY KEY (id), CONSTRAINT clients_enhanced_tier_check CHECK (tier <> '')
);
CREATE UNIQUE INDEX one_mailbox ON clients_enhanced (lower(email::text));
INSERT INTO clients_enhanced (id, name, email, status, tier, business_size)
SELECT md5('c' || n)::uuid, 'C' || n, 'c' || n || '@x.example', (ARRAY['active', 'churned']::client_status[])[1 + n % 2], 'basic', 'small'
  FROM generate_series(1, 20) n;

CREATE TABLE client_customizations (
    id uuid CONSTRAINT customization_key PRIMARY KEY DEFAULT gen_random_uuid(), client_id uuid NOT NULL, template_id varchar(40) NOT NULL,
    template_version text NOT NULL DEFAULT 'latest', status text DEFAULT 'draft', version bigint NOT NULL DEFAULT 1, is_active boolean NOT NULL DEFAULT false,
    updated_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT of_client FOREIGN KEY (client_id) REFERENCES clients_enhanced ON DELETE RESTRICT,
    CONSTRAINT one_design UNIQUE (client_id, template_id),
    CONSTRAINT known_template CHECK (template_id IN ('shop', 'blog'))
);
INSERT INTO client_customizations (client_id, template_id, status) SELECT id, 'shop', 'deployed' FROM clients_enhanced;
CREATE VIEW designs AS SELECT template_id, count(*) FROM client_customizations GROUP BY 1;
CREATE INDEX shops ON client_customizations (client_id) WHERE template_id IN ('shop', 'blog');

CREATE TABLE client_deployments (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), client_id uuid NOT NULL, customization_id uuid NOT NULL, deployment_name varchar(60) NOT NULL,
    status varchar(20) NOT NULL DEFAULT 'pending', health_status varchar(20), custom_domain text, created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT client_deployments_client_id_fkey FOREIGN KEY (client_id) REFERENCES clients_enhanced ON DELETE CASCADE DEFERRABLE,
    CONSTRAINT of_design FOREIGN KEY (customization_id) REFERENCES client_customizations NOT VALID
);
CREATE INDEX idx_client_deployments_status ON client_deployments (status, created_at);
INSERT INTO client_deployments (client_id, customization_id, deployment_name) SELECT client_id, id, 'd' FROM client_customizations;

CREATE TABLE deployment_tracking_events (
    id uuid DEFAULT gen_random_uuid(), deployment_id uuid NOT NULL, event_type text NOT NULL, event_status varchar(50),
    event_timestamp timestamp NOT NULL DEFAULT now(), triggered_by text, PRIMARY KEY (id)
) WITH (fillfactor = 90);
ALTER TABLE deployment_tracking_events ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY everybody ON deployment_tracking_events USING (true);
INSERT INTO deployment_tracking_events (deployment_id, event_type, event_timestamp, event_status, triggered_by)
SELECT id, 'health_check', timestamp '2024-01-31 23:59' + n * interval '40 days', 'success', 'system' FROM client_deployments, generate_series(1, 5) n;

CREATE TABLE client_analytics (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), client_id uuid NOT NULL REFERENCES clients_enhanced, deployment_id uuid,
    analytics_date date NOT NULL, analytics_period text NOT NULL DEFAULT 'daily', page_views bigint DEFAULT 0, revenue numeric(10,2) DEFAULT 0,
    total bigint GENERATED ALWAYS AS (page_views * 2) STORED
);
INSERT INTO client_analytics (client_id, analytics_date, page_views) SELECT id, date '2025-01-01' + n, n FROM clients_enhanced, generate_series(1, 40) n;
