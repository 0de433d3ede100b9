-- A login of the site's own that writes without being a superuser, by policies of the site's.

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = ':writer') THEN
        CREATE ROLE :writer LOGIN;
    END IF;
END
$$;
GRANT SELECT, INSERT, UPDATE ON clients_enhanced, client_customizations, client_deployments, deployment_tracking_events, client_analytics
    TO :writer;
CREATE POLICY writer ON clients_enhanced TO :writer USING (true) WITH CHECK (true);
CREATE POLICY writer ON client_customizations TO :writer USING (true) WITH CHECK (true);
CREATE POLICY writer ON client_deployments TO :writer USING (true) WITH CHECK (true);
CREATE POLICY writer ON deployment_tracking_events TO :writer USING (true) WITH CHECK (true);
CREATE POLICY writer ON client_analytics TO :writer USING (true) WITH CHECK (true);
