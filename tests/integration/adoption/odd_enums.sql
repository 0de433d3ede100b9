-- Every column with a list of values has a type of the site's own, with all the words and one of the site's.
DROP VIEW client_summary, deployment_status_summary;
CREATE FUNCTION list(of_table text, of_column text, words text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE was text; kind text := of_table || '_' || of_column;
BEGIN
    EXECUTE format('CREATE TYPE %I AS ENUM (%s)', kind, (SELECT string_agg(quote_literal(w), ', ') FROM unnest(string_to_array(words || ' site_word', ' ')) w));
    was := (SELECT pg_get_expr(d.adbin, d.adrelid) FROM pg_attrdef d JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
             WHERE d.adrelid = of_table::regclass AND a.attname = of_column);
    EXECUTE format('ALTER TABLE %I ALTER %I DROP DEFAULT, ALTER %2$I TYPE %3$I USING %2$I::text::%3$I', of_table, of_column, kind);
    IF was IS NOT NULL THEN
        EXECUTE format('ALTER TABLE %I ALTER %I SET DEFAULT %L', of_table, of_column, split_part(was, '''', 2));
    END IF;
END $$;
SELECT list('clients_enhanced', 'status', 'active inactive suspended churned paused'),
       list('clients_enhanced', 'tier', 'basic standard premium enterprise professional'),
       list('clients_enhanced', 'business_size', 'startup small medium enterprise'),
       list('client_customizations', 'status', 'draft in_review approved deployed'),
       list('client_deployments', 'deployment_type', 'production development staging'),
       list('client_deployments', 'status', 'pending building deploying deployed failed maintenance cancelled superseded rolled_back'),
       list('client_deployments', 'health_status', 'unknown healthy warning critical degraded'),
       list('deployment_tracking_events', 'event_type', 'build_started build_completed deploy_started deploy_completed health_check error rollback maintenance'),
       list('deployment_tracking_events', 'event_status', 'info success failure warning'),
       list('deployment_tracking_events', 'triggered_by', 'system user webhook schedule'),
       list('client_analytics', 'analytics_period', 'daily hourly weekly monthly');
DROP FUNCTION list(text, text, text);
