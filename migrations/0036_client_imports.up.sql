-- Files of clients that somebody is about to import: what is in them, and what importing them would do.
--
-- Importing begins with a dry run, so a file waits here between that and the import itself. It is its author's alone, and
-- swept after a day. Lines stay as they were read; what would come of each is computed from them as often as somebody asks,
-- because clients go on changing meanwhile.

CREATE TABLE tenantry.client_imports (
    id          uuid          CONSTRAINT client_imports_pkey PRIMARY KEY DEFAULT pg_catalog.gen_random_uuid(),
    created_at  timestamptz   NOT NULL DEFAULT pg_catalog.now(),
    created_by  uuid          NOT NULL DEFAULT tenantry.user_id(),
    file_name   varchar(255)  NOT NULL,
    headings    text[]        NOT NULL,
    columns     text[]        NOT NULL,
    lines       integer       NOT NULL DEFAULT 0,
    state       varchar(50)   NOT NULL DEFAULT 'reading'
                CONSTRAINT client_imports_state_check CHECK (state IN ('reading', 'read', 'checked', 'applied')),
    checks      integer       NOT NULL DEFAULT 0,
    added       integer       NOT NULL DEFAULT 0,
    changed     integer       NOT NULL DEFAULT 0,
    unchanged   integer       NOT NULL DEFAULT 0,
    refused     integer       NOT NULL DEFAULT 0,
    moved       integer       NOT NULL DEFAULT 0,
    done        integer       NOT NULL DEFAULT 0,
    failure     text,
    applied_at  timestamptz,
    CONSTRAINT client_imports_columns_check CHECK (pg_catalog.cardinality(columns) = pg_catalog.cardinality(headings)),
    CONSTRAINT client_imports_applied_at_check CHECK ((applied_at IS NOT NULL) = (state = 'applied'))
);
CREATE INDEX client_imports_created_by_idx ON tenantry.client_imports (created_by, created_at);
COMMENT ON TABLE tenantry.client_imports IS 'Files of clients between upload and import: what was decided about each, and how far it is.';
COMMENT ON COLUMN tenantry.client_imports.id IS 'By which its page names it.';
COMMENT ON COLUMN tenantry.client_imports.created_at IS 'When it was uploaded; a day later it is swept.';
COMMENT ON COLUMN tenantry.client_imports.created_by IS 'Whose it is: nobody else sees it.';
COMMENT ON COLUMN tenantry.client_imports.file_name IS 'What the file is called where it came from.';
COMMENT ON COLUMN tenantry.client_imports.headings IS 'The headings of its columns, in order, as they stand in the file.';
COMMENT ON COLUMN tenantry.client_imports.columns IS 'What each column is: a column of clients, - where it is left out, empty where somebody still has to say.';
COMMENT ON COLUMN tenantry.client_imports.lines IS 'How many rows it has.';
COMMENT ON COLUMN tenantry.client_imports.state IS 'reading, read, checked (there is a dry run) or applied. Whether somebody is at it tells an advisory lock.';
COMMENT ON COLUMN tenantry.client_imports.checks IS 'How many dry runs there were: an import names the one that it was decided by.';
COMMENT ON COLUMN tenantry.client_imports.added IS 'How many rows add a client.';
COMMENT ON COLUMN tenantry.client_imports.changed IS 'How many rows change one.';
COMMENT ON COLUMN tenantry.client_imports.unchanged IS 'How many rows say what is so already.';
COMMENT ON COLUMN tenantry.client_imports.refused IS 'How many rows can''t be imported.';
COMMENT ON COLUMN tenantry.client_imports.moved IS 'Of how many rows the client was changed by somebody else after the dry run before this one.';
COMMENT ON COLUMN tenantry.client_imports.done IS 'How many rows were looked at, or written, by whoever is at it.';
COMMENT ON COLUMN tenantry.client_imports.failure IS 'Why the last try to import it broke off; NULL where none did.';
COMMENT ON COLUMN tenantry.client_imports.applied_at IS 'When it was imported.';
COMMENT ON INDEX tenantry.client_imports_created_by_idx IS 'The imports of one person, newest first.';

CREATE TABLE tenantry.client_import_lines (
    import_id  uuid     NOT NULL
               CONSTRAINT client_import_lines_import_id_fkey REFERENCES tenantry.client_imports (id) ON DELETE CASCADE,
    line       integer  NOT NULL,
    cells      jsonb    NOT NULL,
    CONSTRAINT client_import_lines_pkey PRIMARY KEY (import_id, line)
);
COMMENT ON TABLE tenantry.client_import_lines IS 'The rows of a file as they were read.';
COMMENT ON COLUMN tenantry.client_import_lines.import_id IS 'Of which file.';
COMMENT ON COLUMN tenantry.client_import_lines.line IS 'On which line of it the row begins.';
COMMENT ON COLUMN tenantry.client_import_lines.cells IS 'Its cells in order, each as text.';

CREATE TABLE tenantry.client_import_rows (
    import_id  uuid         NOT NULL
               CONSTRAINT client_import_rows_import_id_fkey REFERENCES tenantry.client_imports (id) ON DELETE CASCADE,
    line       integer      NOT NULL,
    outcome    varchar(50)  NOT NULL
               CONSTRAINT client_import_rows_outcome_check CHECK (outcome IN ('add', 'change', 'same', 'refused')),
    client_id  uuid,
    seen_at    timestamptz,
    address    text,
    before     jsonb        NOT NULL,
    after      jsonb        NOT NULL,
    faults     jsonb        NOT NULL,
    is_moved   boolean      NOT NULL DEFAULT false,
    CONSTRAINT client_import_rows_pkey PRIMARY KEY (import_id, line)
);
CREATE INDEX client_import_rows_outcome_idx ON tenantry.client_import_rows (import_id, outcome, line);
COMMENT ON TABLE tenantry.client_import_rows IS 'What importing each row would do, by the last dry run.';
COMMENT ON COLUMN tenantry.client_import_rows.import_id IS 'Of which file.';
COMMENT ON COLUMN tenantry.client_import_rows.line IS 'On which line of it the row begins.';
COMMENT ON COLUMN tenantry.client_import_rows.outcome IS 'add, change, same (nothing to do) or refused.';
COMMENT ON COLUMN tenantry.client_import_rows.client_id IS 'The client that it is about; NULL for one that would be added.';
COMMENT ON COLUMN tenantry.client_import_rows.seen_at IS 'The client''s updated_at at the dry run.';
COMMENT ON COLUMN tenantry.client_import_rows.address IS 'The address that the client would have, in lower case: two rows can''t have the same.';
COMMENT ON COLUMN tenantry.client_import_rows.before IS 'Of each column that would change, what it holds.';
COMMENT ON COLUMN tenantry.client_import_rows.after IS 'The columns that would be written.';
COMMENT ON COLUMN tenantry.client_import_rows.faults IS 'Everything that is wrong with the row: pointer, rule, detail and mend each.';
COMMENT ON COLUMN tenantry.client_import_rows.is_moved IS 'Somebody else changed the client after the dry run before this one.';
COMMENT ON INDEX tenantry.client_import_rows_outcome_idx IS 'The rows of one outcome, page by page.';
