-- What happened to deployments: an append-only trail, partitioned by month (UTC) of the event's time.
-- Partitions stand in tenantry_partitions and are made by tenantry.maintain_partitions().

CREATE TABLE deployment_tracking_events (
    id                 uuid          NOT NULL DEFAULT gen_random_uuid(),
    -- Writers that don't know the column are served: a trigger puts the deployment's client in place of this
    -- default, which the CHECK refuses.
    client_id          uuid          NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    deployment_id      uuid          NOT NULL,
    event_type         varchar(100)  NOT NULL,
    event_status       varchar(50)   NOT NULL DEFAULT 'info',
    event_message      text,
    event_details      jsonb         DEFAULT '{}',
    event_timestamp    timestamptz   NOT NULL DEFAULT now(),
    duration_ms        integer,
    triggered_by       varchar(100)  NOT NULL DEFAULT 'system',
    triggered_by_user  uuid,
    metadata           jsonb         DEFAULT '{}',
    CONSTRAINT deployment_tracking_events_pkey PRIMARY KEY (client_id, id, event_timestamp),
    -- NO ACTION: a deployment that has events isn't deleted.
    CONSTRAINT deployment_tracking_events_client_id_deployment_id_fkey FOREIGN KEY (client_id, deployment_id)
        REFERENCES client_deployments (client_id, id),
    CONSTRAINT deployment_tracking_events_client_id_check CHECK (client_id <> '00000000-0000-0000-0000-000000000000'),
    CONSTRAINT deployment_tracking_events_event_type_check CHECK (event_type IN ('build_started', 'build_completed', 'deploy_started', 'deploy_completed', 'health_check', 'error', 'rollback', 'maintenance')),
    CONSTRAINT deployment_tracking_events_event_status_check CHECK (event_status IN ('info', 'success', 'failure', 'warning')),
    CONSTRAINT deployment_tracking_events_triggered_by_check CHECK (triggered_by IN ('system', 'user', 'webhook', 'schedule')),
    -- now() is sound in a CHECK here, because a row that once satisfied it always will; hours, because the
    -- length of a day depends on the session's time zone.
    CONSTRAINT deployment_tracking_events_event_timestamp_check CHECK (event_timestamp <= now() + interval '24 hours')
) PARTITION BY RANGE (event_timestamp);

CREATE INDEX idx_deployment_events_deployment_id ON deployment_tracking_events (deployment_id);
CREATE INDEX idx_deployment_events_timestamp ON deployment_tracking_events (event_timestamp);
CREATE INDEX idx_deployment_events_id ON deployment_tracking_events (id);
CREATE INDEX idx_deployment_events_client_deployment ON deployment_tracking_events (client_id, deployment_id, event_timestamp DESC);
CREATE INDEX idx_deployment_events_client_timestamp ON deployment_tracking_events (client_id, event_timestamp DESC);

COMMENT ON TABLE deployment_tracking_events IS 'What happened to deployments. Append-only: nobody updates or deletes an event. Partitioned by month (UTC) of event_timestamp.';
COMMENT ON COLUMN deployment_tracking_events.id IS 'Key of the event.';
COMMENT ON COLUMN deployment_tracking_events.client_id IS 'The client of the deployment; filled in from it where left out.';
COMMENT ON COLUMN deployment_tracking_events.deployment_id IS 'The deployment that it happened to.';
COMMENT ON COLUMN deployment_tracking_events.event_type IS 'build_started, build_completed, deploy_started, deploy_completed, health_check, error, rollback or maintenance.';
COMMENT ON COLUMN deployment_tracking_events.event_status IS 'info, success, failure or warning.';
COMMENT ON COLUMN deployment_tracking_events.event_message IS 'What happened, for people.';
COMMENT ON COLUMN deployment_tracking_events.event_details IS 'What happened, for machines.';
COMMENT ON COLUMN deployment_tracking_events.event_timestamp IS 'When it happened; not more than a day ahead.';
COMMENT ON COLUMN deployment_tracking_events.duration_ms IS 'How long it took, in milliseconds.';
COMMENT ON COLUMN deployment_tracking_events.triggered_by IS 'What caused it: system, user, webhook or schedule.';
COMMENT ON COLUMN deployment_tracking_events.triggered_by_user IS 'The person who caused it, where one did.';
COMMENT ON COLUMN deployment_tracking_events.metadata IS 'Whatever the reporter adds.';

COMMENT ON INDEX deployment_tracking_events_pkey IS 'One event of a member''s clients: WHERE client_id = $1 AND id = $2. The partition key has to be part of it.';
COMMENT ON INDEX idx_deployment_events_deployment_id IS 'A deployment''s events, for roles that see every client: WHERE deployment_id = $1.';
COMMENT ON INDEX idx_deployment_events_timestamp IS 'What happened of late, over all clients: ORDER BY event_timestamp DESC LIMIT n.';
COMMENT ON INDEX idx_deployment_events_id IS 'One event by its id alone, as existing components ask: WHERE id = $1.';
COMMENT ON INDEX idx_deployment_events_client_deployment IS 'A deployment''s events under a member''s policies, newest first: WHERE client_id = $1 AND deployment_id = $2 ORDER BY event_timestamp DESC. Covers the foreign key.';
COMMENT ON INDEX idx_deployment_events_client_timestamp IS 'A client''s events, newest first: WHERE client_id = $1 ORDER BY event_timestamp DESC.';
