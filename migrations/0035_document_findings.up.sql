-- Documents that don't validate, as the server last found them: so that a page tells of them without composing every
-- document. Kept beside the documents and not by every write: whether one validates takes more than a trigger knows.

CREATE TABLE tenantry.document_findings (
    id           uuid         NOT NULL DEFAULT gen_random_uuid() CONSTRAINT document_findings_id_key UNIQUE,
    client_id    uuid         NOT NULL,
    template_id  varchar(255) NOT NULL DEFAULT '',
    environment  varchar(50)  NOT NULL,
    weight       varchar(20)  NOT NULL,
    faults       integer      NOT NULL,
    detail       text         NOT NULL,
    found_at     timestamptz  NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT document_findings_pkey PRIMARY KEY (client_id, template_id, environment),
    CONSTRAINT document_findings_weight_check CHECK (weight IN ('invalid', 'incomplete')),
    CONSTRAINT document_findings_faults_check CHECK (faults > 0)
);
CREATE INDEX document_findings_found_idx ON tenantry.document_findings (weight, found_at, id);
COMMENT ON TABLE tenantry.document_findings IS 'Resolved documents that are invalid or incomplete, as of tenantry.document_looks.';
COMMENT ON COLUMN tenantry.document_findings.id IS 'Tells rows apart where a list goes on.';
COMMENT ON COLUMN tenantry.document_findings.client_id IS 'The client whose document it is.';
COMMENT ON COLUMN tenantry.document_findings.template_id IS 'The template of the document; empty for a client without one.';
COMMENT ON COLUMN tenantry.document_findings.environment IS 'The environment of the document.';
COMMENT ON COLUMN tenantry.document_findings.weight IS 'invalid, or incomplete where nothing but required keys are missing.';
COMMENT ON COLUMN tenantry.document_findings.faults IS 'How many faults it has.';
COMMENT ON COLUMN tenantry.document_findings.detail IS 'The worst of them, with its place; secrets are masked.';
COMMENT ON COLUMN tenantry.document_findings.found_at IS 'Since when it has been found so.';
COMMENT ON INDEX tenantry.document_findings_pkey IS 'What is wrong with a client''s documents: WHERE client_id = $1.';
COMMENT ON INDEX tenantry.document_findings_id_key IS 'Holds id to be one row''s.';
COMMENT ON INDEX tenantry.document_findings_found_idx IS 'What is wrong by weight, oldest first.';

CREATE TABLE tenantry.document_looks (
    only_row   boolean      CONSTRAINT document_looks_pkey PRIMARY KEY DEFAULT true,
    revision   bigint       NOT NULL,
    documents  bigint       NOT NULL,
    looked_at  timestamptz  NOT NULL,
    CONSTRAINT document_looks_only_row_check CHECK (only_row)
);
COMMENT ON TABLE tenantry.document_looks IS 'One row, once there was a look: when every document was last judged.';
COMMENT ON COLUMN tenantry.document_looks.only_row IS 'Holds it to one row.';
COMMENT ON COLUMN tenantry.document_looks.revision IS 'The installation''s revision that the look began at.';
COMMENT ON COLUMN tenantry.document_looks.documents IS 'How many documents there were.';
COMMENT ON COLUMN tenantry.document_looks.looked_at IS 'When it began.';
COMMENT ON INDEX tenantry.document_looks_pkey IS 'Holds the table to one row.';
