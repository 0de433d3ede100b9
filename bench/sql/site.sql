-- A small site of the shape that is adopted, for where no other is at hand: five tables without checks, keys by id
-- alone, row level security with policies that believe the session, and a trigger that stamps.

DO $$
DECLARE
    r text;
BEGIN
    FOREACH r IN ARRAY ARRAY['anon', 'authenticated', 'service_role'] LOOP
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = r) THEN
            EXECUTE format('CREATE ROLE %I NOLOGIN', r);
        END IF;
    END LOOP;
END
$$;

CREATE SCHEMA auth;
CREATE TABLE auth.users (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    email varchar(255) UNIQUE,
    encrypted_password varchar(255),
    raw_app_meta_data jsonb NOT NULL DEFAULT '{}',
    raw_user_meta_data jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz DEFAULT now()
);

CREATE TABLE clients_enhanced (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name varchar(255) NOT NULL, email varchar(255) UNIQUE NOT NULL,
    company_name varchar(255), industry varchar(100), address jsonb,
    status varchar(50) DEFAULT 'active', tier varchar(50) DEFAULT 'standard',
    created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now(),
    created_by uuid REFERENCES auth.users (id), assigned_manager uuid REFERENCES auth.users (id), last_contact_date timestamptz
);
CREATE TABLE client_customizations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), client_id uuid NOT NULL REFERENCES clients_enhanced (id) ON DELETE CASCADE,
    template_id varchar(100) NOT NULL, template_version varchar(50) DEFAULT 'latest', customization_config jsonb NOT NULL DEFAULT '{}',
    status varchar(50) DEFAULT 'draft', version integer DEFAULT 1, is_active boolean DEFAULT false,
    created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now(),
    created_by uuid REFERENCES auth.users (id), approved_by uuid REFERENCES auth.users (id), approved_at timestamptz
);
CREATE TABLE client_deployments (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), client_id uuid NOT NULL REFERENCES clients_enhanced (id) ON DELETE CASCADE,
    customization_id uuid NOT NULL REFERENCES client_customizations (id) ON DELETE CASCADE,
    deployment_name varchar(255) NOT NULL, deployment_type varchar(50) DEFAULT 'production', custom_domain varchar(255),
    status varchar(50) DEFAULT 'pending', health_status varchar(50) DEFAULT 'unknown', last_health_check timestamptz,
    performance_metrics jsonb DEFAULT '{}', environment_variables jsonb DEFAULT '{}', deployed_at timestamptz,
    created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now()
);
CREATE TABLE deployment_tracking_events (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), deployment_id uuid NOT NULL REFERENCES client_deployments (id) ON DELETE CASCADE,
    event_type varchar(100) NOT NULL, event_status varchar(50) NOT NULL, event_message text, event_details jsonb DEFAULT '{}',
    event_timestamp timestamptz DEFAULT now(), duration_ms integer, triggered_by varchar(100), metadata jsonb DEFAULT '{}'
);
CREATE TABLE client_analytics (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), client_id uuid NOT NULL REFERENCES clients_enhanced (id) ON DELETE CASCADE,
    deployment_id uuid REFERENCES client_deployments (id) ON DELETE SET NULL, analytics_date date NOT NULL,
    analytics_period varchar(20) DEFAULT 'daily', page_views integer DEFAULT 0, unique_visitors integer DEFAULT 0,
    sessions integer DEFAULT 0, bounce_rate numeric(5,2), revenue numeric(15,2) DEFAULT 0,
    created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT now(),
    UNIQUE (client_id, deployment_id, analytics_date, analytics_period)
);
CREATE INDEX idx_client_deployments_client_id ON client_deployments (client_id);
CREATE INDEX idx_deployment_events_deployment_id ON deployment_tracking_events (deployment_id);
CREATE INDEX idx_deployment_events_timestamp ON deployment_tracking_events (event_timestamp);
CREATE INDEX idx_client_analytics_date ON client_analytics (analytics_date);

ALTER TABLE clients_enhanced ENABLE ROW LEVEL SECURITY;
ALTER TABLE client_customizations ENABLE ROW LEVEL SECURITY;
ALTER TABLE client_deployments ENABLE ROW LEVEL SECURITY;
ALTER TABLE deployment_tracking_events ENABLE ROW LEVEL SECURITY;
ALTER TABLE client_analytics ENABLE ROW LEVEL SECURITY;
CREATE POLICY everybody ON clients_enhanced FOR SELECT USING (current_setting('request.jwt.claims', true) <> '');

CREATE FUNCTION stamp() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.updated_at = now(); RETURN NEW; END $$;
CREATE TRIGGER stamp BEFORE UPDATE ON clients_enhanced FOR EACH ROW EXECUTE FUNCTION stamp();
CREATE TRIGGER stamp BEFORE UPDATE ON client_deployments FOR EACH ROW EXECUTE FUNCTION stamp();
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO authenticated, service_role;

INSERT INTO auth.users (email) SELECT format('manager%s@agency.example', n) FROM generate_series(1, 4) n;
INSERT INTO clients_enhanced (name, email, assigned_manager)
SELECT format('Client %s', n), format('owner%s@client%s.example', n, n), (SELECT id FROM auth.users ORDER BY email OFFSET n % 4 LIMIT 1)
  FROM generate_series(1, 200) n;
INSERT INTO client_customizations (client_id, template_id, status, is_active) SELECT id, 'booking', 'deployed', true FROM clients_enhanced;
INSERT INTO client_deployments (client_id, customization_id, deployment_name, deployment_type, status, health_status, deployed_at)
SELECT c.client_id, c.id, format('%s-%s', left(c.client_id::text, 8), e.name), e.name, 'deployed', 'healthy', now() - interval '200 days'
  FROM client_customizations c, unnest(ARRAY['production', 'staging']) e (name);
INSERT INTO deployment_tracking_events (deployment_id, event_type, event_status, event_timestamp)
SELECT d.id, 'health_check', 'success', now() - n * interval '6 hours' FROM client_deployments d, generate_series(1, 60) n;
INSERT INTO client_analytics (client_id, deployment_id, analytics_date, page_views)
SELECT d.client_id, d.id, current_date - n, n * 7 FROM client_deployments d, generate_series(1, 90) n;
