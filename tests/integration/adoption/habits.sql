-- More habits that sites have, on top of `../shared/existing-database/`: everything here has to be there after adoption,
-- and exactly as it is here after going back.
ALTER TABLE clients_enhanced ADD COLUMN "Preferred Name" text, ADD COLUMN "order" integer DEFAULT 7;
ALTER TABLE deployment_tracking_events ADD COLUMN "Trace" jsonb DEFAULT '{"a": [1]}', ADD COLUMN source_line bigserial;
UPDATE clients_enhanced SET "Preferred Name" = 'Ms. ' || name WHERE name LIKE '%7';
COMMENT ON TABLE clients_enhanced IS 'Our clients (the site''s words)';
COMMENT ON COLUMN clients_enhanced.email IS 'invoice address';
COMMENT ON COLUMN clients_enhanced.satisfaction_rating IS '1 to 10';

-- A log that the site keeps by trigger, a stamp under another name, a trigger that is switched off.
CREATE TABLE client_changes (at timestamptz DEFAULT clock_timestamp(), client uuid, what text);
CREATE FUNCTION note_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO client_changes (client, what) VALUES (NEW.id, TG_ARGV[0]); RETURN NULL; END $$;
CREATE TRIGGER "Note change" AFTER INSERT OR UPDATE ON clients_enhanced FOR EACH ROW EXECUTE FUNCTION note_change('changed');
CREATE TRIGGER note_tier AFTER UPDATE OF tier ON clients_enhanced FOR EACH ROW WHEN (OLD.tier IS DISTINCT FROM NEW.tier)
    EXECUTE FUNCTION note_change(' EXECUTE FUNCTION tier');
COMMENT ON TRIGGER note_tier ON clients_enhanced IS 'who changes tiers';
CREATE FUNCTION touch_row() RETURNS trigger LANGUAGE plpgsql AS
    $$
BEGIN
    new.updated_at := current_timestamp;
    RETURN new;
END;
$$;
CREATE TRIGGER touch BEFORE UPDATE ON client_analytics FOR EACH ROW EXECUTE FUNCTION touch_row();
CREATE TRIGGER note_analytics AFTER UPDATE ON client_analytics FOR EACH ROW EXECUTE FUNCTION note_change('figures');
ALTER TABLE client_analytics DISABLE TRIGGER note_analytics;

-- Views on views, one materialised, one with another owner and grants.
DO $$ BEGIN
    CREATE ROLE site_reporter NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO site_reporter;
GRANT CREATE ON SCHEMA public TO site_reporter;
CREATE VIEW latest_events AS
    SELECT DISTINCT ON (deployment_id) deployment_id, event_type, event_timestamp, "Trace" FROM deployment_tracking_events
     ORDER BY deployment_id, event_timestamp DESC;
CREATE VIEW failing WITH (security_barrier = true) AS SELECT e.* FROM latest_events e WHERE event_type = 'error';
COMMENT ON VIEW failing IS 'on the wall';
ALTER VIEW failing OWNER TO site_reporter;
GRANT SELECT ON failing TO authenticated;
GRANT SELECT (deployment_id) ON latest_events TO anon;
CREATE MATERIALIZED VIEW daily_figures AS
    SELECT analytics_date, sum(page_views) AS page_views FROM client_analytics GROUP BY analytics_date;
CREATE UNIQUE INDEX daily_figures_date ON daily_figures (analytics_date);
GRANT SELECT ON daily_figures TO PUBLIC, site_reporter;
GRANT SELECT (page_views) ON daily_figures TO anon;
CREATE VIEW figures_shown AS SELECT * FROM daily_figures;
GRANT SELECT ON figures_shown TO authenticated;
CREATE VIEW templates_used AS SELECT template_id, count(*) FROM client_customizations GROUP BY template_id;
CREATE VIEW summary_of_summaries AS SELECT status, count(*) AS clients FROM client_summary GROUP BY status;

-- Publications, statistics, an index and a key of the site's own, a rule on its own column.
CREATE PUBLICATION site_feed FOR TABLE deployment_tracking_events, clients_enhanced (id, name, email);
CREATE STATISTICS tier_and_status (dependencies) ON tier, status FROM clients_enhanced;
CREATE STATISTICS public.figures (ndistinct) ON client_id, deployment_id FROM client_analytics;
CREATE INDEX "Events by type" ON deployment_tracking_events (event_type, event_timestamp) WHERE event_type <> 'health_check';
CREATE INDEX clients_by_rating ON clients_enhanced (satisfaction_rating) INCLUDE (name);
ALTER TABLE clients_enhanced ADD CONSTRAINT rating CHECK (satisfaction_rating BETWEEN 0 AND 10);
ALTER TABLE client_deployments ADD CONSTRAINT one_name UNIQUE (client_id, deployment_name);
CREATE TABLE contacts (id int PRIMARY KEY, client uuid REFERENCES clients_enhanced, deployment uuid REFERENCES client_deployments ON DELETE SET NULL);
INSERT INTO contacts SELECT row_number() OVER (), id FROM clients_enhanced LIMIT 20;

-- Grants with the right to hand on, by a third role, and on columns.
GRANT SELECT ON clients_enhanced TO site_reporter WITH GRANT OPTION;
SET ROLE site_reporter;
GRANT SELECT ON clients_enhanced TO anon;
RESET ROLE;
GRANT UPDATE (name, phone) ON clients_enhanced TO site_reporter;
CREATE POLICY reporter ON client_deployments AS RESTRICTIVE FOR SELECT TO site_reporter, anon USING (deployment_type <> 'staging');
COMMENT ON POLICY reporter ON client_deployments IS 'no staging';
