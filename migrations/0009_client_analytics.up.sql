-- Figures of clients' apps per day, hour, week or month, partitioned by month of the day.
-- Partitions stand in tenantry_partitions and are made by tenantry.maintain_partitions().

CREATE TABLE client_analytics (
    id                    uuid           NOT NULL DEFAULT gen_random_uuid(),
    client_id             uuid           NOT NULL,
    deployment_id         uuid,
    analytics_date        date           NOT NULL,
    analytics_period      varchar(20)    NOT NULL DEFAULT 'daily',
    analytics_hour        smallint,
    page_views            integer        DEFAULT 0,
    unique_visitors       integer        DEFAULT 0,
    sessions              integer        DEFAULT 0,
    bounce_rate           numeric(5,2),
    avg_session_duration  numeric(8,2),
    avg_load_time         numeric(8,2),
    core_web_vitals       jsonb          DEFAULT '{}',
    error_rate            numeric(5,2),
    conversions           integer        DEFAULT 0,
    conversion_rate       numeric(5,2),
    -- No default: an amount that nobody reported is not zero.
    revenue               numeric(15,2),
    currency              char(3),
    engagement_metrics    jsonb          DEFAULT '{}',
    user_behavior         jsonb          DEFAULT '{}',
    created_at            timestamptz    NOT NULL DEFAULT now(),
    updated_at            timestamptz    NOT NULL DEFAULT now(),
    CONSTRAINT client_analytics_pkey PRIMARY KEY (client_id, id, analytics_date),
    -- NULLS NOT DISTINCT, so that a client's own figure, without a deployment, exists once as well.
    CONSTRAINT client_analytics_client_deployment_date_period_hour_key
        UNIQUE NULLS NOT DISTINCT (client_id, deployment_id, analytics_date, analytics_period, analytics_hour),
    CONSTRAINT client_analytics_client_id_fkey FOREIGN KEY (client_id)
        REFERENCES clients_enhanced (id) ON DELETE RESTRICT,
    -- NO ACTION: a deployment that has figures isn't deleted.
    CONSTRAINT client_analytics_client_id_deployment_id_fkey FOREIGN KEY (client_id, deployment_id)
        REFERENCES client_deployments (client_id, id),
    CONSTRAINT client_analytics_analytics_period_check CHECK (analytics_period IN ('daily', 'hourly', 'weekly', 'monthly')),
    CONSTRAINT client_analytics_analytics_hour_check CHECK (analytics_hour BETWEEN 0 AND 23),
    CONSTRAINT client_analytics_hourly_check CHECK ((analytics_period = 'hourly') = (analytics_hour IS NOT NULL)),
    CONSTRAINT client_analytics_currency_check CHECK (currency ~ '^[A-Z]{3}$')
) PARTITION BY RANGE (analytics_date);

CREATE INDEX idx_client_analytics_date ON client_analytics (analytics_date);
CREATE INDEX idx_client_analytics_id ON client_analytics (id);
CREATE INDEX idx_client_analytics_client_date ON client_analytics (client_id, analytics_date DESC);
CREATE INDEX idx_client_analytics_deployment_date ON client_analytics (deployment_id, analytics_date DESC);

COMMENT ON TABLE client_analytics IS 'Figures of clients'' apps, one row per client, deployment, day, period and hour. Partitioned by month of analytics_date.';
COMMENT ON COLUMN client_analytics.id IS 'Key of the figure.';
COMMENT ON COLUMN client_analytics.client_id IS 'The client it belongs to; never changes.';
COMMENT ON COLUMN client_analytics.deployment_id IS 'The deployment it was measured on; NULL where it is of the client as a whole.';
COMMENT ON COLUMN client_analytics.analytics_date IS 'The day, or the first day of the week or month.';
COMMENT ON COLUMN client_analytics.analytics_period IS 'What it sums up: daily, hourly, weekly or monthly.';
COMMENT ON COLUMN client_analytics.analytics_hour IS 'The hour, 0 to 23; present exactly when the period is hourly.';
COMMENT ON COLUMN client_analytics.page_views IS 'Pages seen.';
COMMENT ON COLUMN client_analytics.unique_visitors IS 'Visitors, each counted once.';
COMMENT ON COLUMN client_analytics.sessions IS 'Visits.';
COMMENT ON COLUMN client_analytics.bounce_rate IS 'Visits of one page, in percent.';
COMMENT ON COLUMN client_analytics.avg_session_duration IS 'Mean length of a visit, in seconds.';
COMMENT ON COLUMN client_analytics.avg_load_time IS 'Mean time to load a page, in seconds.';
COMMENT ON COLUMN client_analytics.core_web_vitals IS 'Core Web Vitals, as reported.';
COMMENT ON COLUMN client_analytics.error_rate IS 'Requests that failed, in percent.';
COMMENT ON COLUMN client_analytics.conversions IS 'Visits that reached their aim.';
COMMENT ON COLUMN client_analytics.conversion_rate IS 'The same in percent of the visits.';
COMMENT ON COLUMN client_analytics.revenue IS 'The client''s turnover through the app, in currency; NULL until known.';
COMMENT ON COLUMN client_analytics.currency IS 'ISO 4217 code of revenue, e.g. USD; NULL until known.';
COMMENT ON COLUMN client_analytics.engagement_metrics IS 'Further figures of engagement.';
COMMENT ON COLUMN client_analytics.user_behavior IS 'Further figures of what visitors do.';
COMMENT ON COLUMN client_analytics.created_at IS 'When the row was made.';
COMMENT ON COLUMN client_analytics.updated_at IS 'When the row was last changed; the base of If-Match.';

COMMENT ON INDEX client_analytics_pkey IS 'One figure of a member''s clients: WHERE client_id = $1 AND id = $2. The partition key has to be part of it.';
COMMENT ON INDEX client_analytics_client_deployment_date_period_hour_key IS 'The figure that an upsert meets: ON CONFLICT (client_id, deployment_id, analytics_date, analytics_period, analytics_hour). Holds it unique and covers the foreign keys.';
COMMENT ON INDEX idx_client_analytics_date IS 'All figures of a span of days: WHERE analytics_date BETWEEN $1 AND $2.';
COMMENT ON INDEX idx_client_analytics_id IS 'One figure by its id alone, as existing components ask: WHERE id = $1.';
COMMENT ON INDEX idx_client_analytics_client_date IS 'A client''s figures, newest first: WHERE client_id = $1 ORDER BY analytics_date DESC.';
COMMENT ON INDEX idx_client_analytics_deployment_date IS 'A deployment''s figures, for roles that see every client: WHERE deployment_id = $1 ORDER BY analytics_date DESC.';
