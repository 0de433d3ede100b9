-- Every former content of the four configuration tables, for history, diff, revert and reads as of a time.

CREATE TABLE configuration_versions (
    id             uuid         CONSTRAINT configuration_versions_pkey PRIMARY KEY DEFAULT gen_random_uuid(),
    table_name     varchar(63)  NOT NULL,
    row_id         uuid         NOT NULL,
    client_id      uuid,
    -- Never NULL, so that one policy and one index serve the rows of clients and those of none.
    scope_id       uuid         NOT NULL GENERATED ALWAYS AS (coalesce(client_id, '00000000-0000-0000-0000-000000000000')) STORED,
    content        jsonb        NOT NULL,
    operation      varchar(10)  NOT NULL,
    valid_from     timestamptz  NOT NULL,
    valid_to       timestamptz  NOT NULL,
    revision_from  bigint       NOT NULL,
    revision_to    bigint       NOT NULL,
    changed_by     uuid,
    reason         text,
    -- Target of composite keys, and the versions of a member's clients.
    CONSTRAINT configuration_versions_client_id_id_key UNIQUE (client_id, id),
    CONSTRAINT configuration_versions_table_name_row_id_valid_from_key UNIQUE (table_name, row_id, valid_from),
    CONSTRAINT configuration_versions_client_id_fkey FOREIGN KEY (client_id)
        REFERENCES clients_enhanced (id) ON DELETE RESTRICT,
    CONSTRAINT configuration_versions_table_name_check CHECK (table_name IN ('system_configurations', 'template_configurations', 'client_customizations', 'deployment_configurations')),
    CONSTRAINT configuration_versions_operation_check CHECK (operation IN ('update', 'delete')),
    CONSTRAINT configuration_versions_valid_to_check CHECK (valid_to > valid_from),
    -- Equal where the content came and went in one transaction: no revision ever showed it.
    CONSTRAINT configuration_versions_revision_to_check CHECK (revision_to >= revision_from)
);

CREATE INDEX idx_configuration_versions_client_valid ON configuration_versions (client_id, valid_to DESC);
CREATE INDEX idx_configuration_versions_scope_valid ON configuration_versions (scope_id, valid_to DESC);
CREATE INDEX idx_configuration_versions_revision ON configuration_versions (revision_to);

COMMENT ON TABLE configuration_versions IS 'Former contents of configuration rows, each with the span and the revisions between which it was current. Written by triggers alone; nobody updates or deletes one. The present content is the row itself.';
COMMENT ON COLUMN configuration_versions.id IS 'Key of the version.';
COMMENT ON COLUMN configuration_versions.table_name IS 'system_configurations, template_configurations, client_customizations or deployment_configurations.';
COMMENT ON COLUMN configuration_versions.row_id IS 'The row''s id in that table.';
COMMENT ON COLUMN configuration_versions.client_id IS 'The row''s client, for the policies; NULL for global and template rows.';
COMMENT ON COLUMN configuration_versions.scope_id IS 'client_id, or the nil UUID for global and template rows; what policies ask.';
COMMENT ON COLUMN configuration_versions.content IS 'The whole row as it was. A secret''s place holds its mask.';
COMMENT ON COLUMN configuration_versions.operation IS 'What ended it: update, or delete for the closing row.';
COMMENT ON COLUMN configuration_versions.valid_from IS 'Since when it was the current content.';
COMMENT ON COLUMN configuration_versions.valid_to IS 'Until when, not included.';
COMMENT ON COLUMN configuration_versions.revision_from IS 'The first of the installation''s revisions that had it.';
COMMENT ON COLUMN configuration_versions.revision_to IS 'The first revision that no longer had it.';
COMMENT ON COLUMN configuration_versions.changed_by IS 'The person who ended it, from the session.';
COMMENT ON COLUMN configuration_versions.reason IS 'Why, where the writer said so.';

COMMENT ON INDEX configuration_versions_pkey IS 'One version by its id.';
COMMENT ON INDEX configuration_versions_client_id_id_key IS 'One version of a member''s clients: WHERE client_id = $1 AND id = $2. Target of composite keys.';
COMMENT ON INDEX configuration_versions_table_name_row_id_valid_from_key IS 'The history of a row, and its content as of a time: WHERE table_name = $1 AND row_id = $2 AND valid_from <= $3 ORDER BY valid_from DESC LIMIT 1. Holds spans from starting twice.';
COMMENT ON INDEX idx_configuration_versions_client_valid IS 'What changed for a client of late: WHERE client_id = $1 ORDER BY valid_to DESC.';
COMMENT ON INDEX idx_configuration_versions_scope_valid IS 'What changed of late for whoever is a member of some clients: the policies'' scope_id = ANY (…) ORDER BY valid_to DESC.';
COMMENT ON INDEX idx_configuration_versions_revision IS 'What a span of revisions changed: WHERE revision_to > $1 AND revision_to <= $2.';
