-- A site whose tables belong to roles of its own, behind policies that ask functions, in a database whose settings are
-- its own too, with tables of the same names in another schema and a function named as one of PostgreSQL's.
DO $$ BEGIN CREATE ROLE site_walls_app NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE "site walls: editors" NOLOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
DO $$
DECLARE setting text;
BEGIN
    FOREACH setting IN ARRAY ARRAY['search_path = legacy, public', 'quote_all_identifiers = on', 'datestyle = ''SQL, DMY''',
        'timezone = ''America/St_Johns''', 'intervalstyle = sql_standard', 'bytea_output = escape', 'extra_float_digits = 0',
        'default_transaction_isolation = ''serializable''', 'statement_timeout = ''20s''', 'transform_null_equals = on',
        'standard_conforming_strings = off', 'array_nulls = off', 'xmloption = document', 'plpgsql.extra_errors = ''all''',
        'default_statistics_target = 10', 'row_security = off', 'lc_monetary = ''C''']
    LOOP
        EXECUTE format('ALTER DATABASE %I SET %s', current_database(), setting);
    END LOOP;
END $$;
CREATE SCHEMA legacy;
CREATE SCHEMA auth;
CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public;
CREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA legacy;
CREATE EXTENSION IF NOT EXISTS moddatetime WITH SCHEMA legacy;
CREATE TABLE legacy.clients_enhanced (id integer PRIMARY KEY, name text);
INSERT INTO legacy.clients_enhanced VALUES (1, 'another one of the same name');
CREATE TABLE legacy.tenants AS SELECT 1 AS id;
CREATE FUNCTION public.round(value double precision, digits integer) RETURNS double precision LANGUAGE sql IMMUTABLE AS
    $$ SELECT pg_catalog.round($1::numeric, $2)::double precision $$;

CREATE TABLE auth.users (
    id uuid PRIMARY KEY, instance_id uuid, aud varchar(255), role varchar(255), email public.citext UNIQUE, encrypted_password varchar(255),
    raw_app_meta_data jsonb, raw_user_meta_data jsonb, is_super_admin boolean, banned_until timestamptz, created_at timestamptz
);
ALTER TABLE auth.users ENABLE ROW LEVEL SECURITY;
INSERT INTO auth.users (id, email, raw_user_meta_data)
VALUES (md5('u1')::uuid, 'Ada@X.example', '{"role": "admin"}'), (md5('u2')::uuid, 'ben@x.example', NULL), (md5('u3')::uuid, NULL, '"odd"');
CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE AS $$ SELECT current_setting('request.jwt.claim.sub', true)::uuid $$;

CREATE TABLE public.clients_enhanced (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), name public.citext NOT NULL, email public.citext NOT NULL UNIQUE,
    status public.citext NOT NULL DEFAULT 'active', tier varchar(10), tags legacy.hstore, "createdBy" uuid REFERENCES auth.users,
    created_by uuid REFERENCES auth.users ON DELETE SET NULL, assigned_manager uuid REFERENCES auth.users (id) ON UPDATE CASCADE,
    created_at timestamptz DEFAULT now(), updated_at timestamptz DEFAULT '2020-02-01 00:00:00+05:30', renewal_date date DEFAULT '2031-03-04'
);
CREATE TRIGGER stamp BEFORE UPDATE ON public.clients_enhanced FOR EACH ROW EXECUTE FUNCTION legacy.moddatetime(updated_at);
CREATE TABLE public.client_customizations (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), client_id uuid NOT NULL REFERENCES public.clients_enhanced,
    template_id varchar(100) NOT NULL, template_version varchar(50) DEFAULT 'latest', customization_config jsonb NOT NULL, status public.citext DEFAULT 'draft'
);
CREATE TABLE public.client_deployments (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), client_id uuid NOT NULL REFERENCES public.clients_enhanced,
    customization_id uuid NOT NULL REFERENCES public.client_customizations, deployment_name varchar(100) NOT NULL, custom_domain public.citext,
    status varchar(50) DEFAULT 'pending', deployed_by uuid REFERENCES auth.users, build_artifacts jsonb
);
CREATE TABLE public.deployment_tracking_events (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), deployment_id uuid NOT NULL REFERENCES public.client_deployments,
    event_type varchar(100) NOT NULL, event_status varchar(50) NOT NULL DEFAULT 'info', event_timestamp timestamptz DEFAULT now()
);
CREATE TABLE public.client_analytics (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(), client_id uuid NOT NULL REFERENCES public.clients_enhanced, deployment_id uuid,
    analytics_date date NOT NULL, analytics_period varchar(20) DEFAULT 'daily', page_views integer
);

-- Owners, grants on columns, policies that ask functions and other tables.
CREATE FUNCTION legacy.may_see(client uuid) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER AS
    $$ SELECT EXISTS (SELECT FROM public.clients_enhanced c WHERE c.id = client AND c.created_by = auth.uid()) $$;
ALTER TABLE public.clients_enhanced OWNER TO site_walls_app;
ALTER TABLE public.client_deployments OWNER TO "site walls: editors";
ALTER TABLE public.clients_enhanced ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.client_deployments ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY "own; or --all" ON public.clients_enhanced USING (created_by = auth.uid()) WITH CHECK (status IN ('active', 'inactive'));
CREATE POLICY seen ON public.client_deployments FOR SELECT TO "site walls: editors" USING (legacy.may_see(client_id));
CREATE POLICY narrow ON public.client_deployments AS RESTRICTIVE TO site_walls_app
    USING (status IN ('pending', 'deployed') AND client_id IN (SELECT id FROM public.clients_enhanced));
GRANT SELECT (id, name), UPDATE (name), INSERT (name, email) ON public.clients_enhanced TO "site walls: editors" WITH GRANT OPTION;
SET ROLE "site walls: editors";
GRANT SELECT (name) ON public.clients_enhanced TO PUBLIC;
GRANT ALL ON public.client_deployments TO site_walls_app WITH GRANT OPTION;
RESET ROLE;
GRANT TRIGGER, REFERENCES, TRUNCATE ON public.client_analytics TO PUBLIC;
REVOKE ALL ON public.deployment_tracking_events FROM postgres;

INSERT INTO public.clients_enhanced (id, name, email, status, tier, created_by, tags)
SELECT md5('c' || n)::uuid, 'Client ' || n, 'C' || n || '@X.example', (ARRAY['Active', 'active', 'CHURNED'])[1 + n % 3], (ARRAY['Basic', 'gold', NULL])[1 + n % 3],
       CASE WHEN n % 2 = 0 THEN md5('u1')::uuid END, legacy.hstore('n', n::text)
  FROM generate_series(1, 12) n;
INSERT INTO public.client_customizations (id, client_id, template_id, customization_config, status)
SELECT md5('d' || n)::uuid, md5('c' || n)::uuid, 'shop', 'null', (ARRAY['Draft', NULL])[1 + n % 2] FROM generate_series(1, 12) n;
INSERT INTO public.client_deployments (id, client_id, customization_id, deployment_name, custom_domain, status)
SELECT md5('p' || n)::uuid, md5('c' || n)::uuid, md5('d' || n)::uuid, 'site', CASE WHEN n < 3 THEN 'Shop.example' ELSE '' END, (ARRAY['deployed', NULL])[1 + n % 2]
  FROM generate_series(1, 12) n;
INSERT INTO public.deployment_tracking_events (deployment_id, event_type, event_timestamp)
SELECT md5('p' || 1 + n % 12)::uuid, 'error', timestamptz '2024-03-31 18:29:59+00' + n * interval '1 hour' FROM generate_series(1, 60) n;
INSERT INTO public.client_analytics (client_id, analytics_date, page_views) SELECT md5('c' || n)::uuid, date '2024-05-31' + n, n FROM generate_series(1, 12) n;
