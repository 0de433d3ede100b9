-- The audit log: who did what to which row, for which client, when, with the changed columns before and after.
--
-- Only the shape stands here, like in every table file. Hashing, refusals, the DEFAULT partition and the seals are
-- in 0016_audit_seals, the triggers that write rows in 0023_audit_triggers.
--
-- There is no foreign key: a trail outlives what it tells of, and a write must not lock its client's row.
-- Enumerable things are text and not enums or inet, because under row level security only the operators of text, uuid,
-- bigint and timestamptz are leakproof and can use an index.

CREATE TABLE audit_log (
    id             bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    at             timestamptz NOT NULL DEFAULT clock_timestamp(),
    transaction_id xid8        NOT NULL,
    user_id        uuid,
    token_id       uuid,
    session_id     uuid,
    actor          text,
    database_role  text        NOT NULL,
    login_role     text        NOT NULL,
    address        text,
    action         text        NOT NULL,
    table_schema   text,
    table_name     text,
    row_id         text,
    client_id      uuid,
    before         jsonb,
    after          jsonb,
    details        jsonb,
    request_id     text,
    reason         text,
    erased_at      timestamptz,
    salt           uuid,
    row_hash       bytea       NOT NULL
) PARTITION BY RANGE (at);

-- The partition key has to be in the primary key; `id` alone is unique because one sequence hands it out and nobody
-- may choose it. `tenantry audit verify` reports an id that occurs twice.
-- There is no CHECK: PostgreSQL reads each one anew in every statement, and this table is in every write (measured: three
-- of them cost a tenth of it). The trigger functions of 0016, which nothing goes around, hold the same.
ALTER TABLE audit_log ADD CONSTRAINT audit_log_pkey PRIMARY KEY (id, at);
CREATE INDEX idx_audit_log_transaction_id ON audit_log (transaction_id);
-- Requests are looked for by their whole number alone, which is random: a hash takes a third of what a tree does, and costs
-- a write less. A BRIN would take next to nothing, and PostgreSQL would read the table all the same.
CREATE INDEX idx_audit_log_request_id ON audit_log USING hash (request_id);
CREATE INDEX idx_audit_log_row ON audit_log (table_schema, table_name, row_id, id);
CREATE INDEX idx_audit_log_client_id ON audit_log (client_id, id);
CREATE INDEX idx_audit_log_user_id ON audit_log (user_id, id) WHERE user_id IS NOT NULL;

COMMENT ON TABLE audit_log IS
    'What was done, by whom, to which row: written in the transaction of the act itself, never changed afterwards, sealed by tenantry.audit_seals. Partitioned by month (UTC) of at.';
COMMENT ON COLUMN audit_log.id IS 'Number of the entry. Not in the order of commits: a long transaction''s entries become visible after later ones.';
COMMENT ON COLUMN audit_log.at IS 'When it happened (the clock, not the start of the transaction).';
COMMENT ON COLUMN audit_log.transaction_id IS 'The transaction that did it. The sealer tells by it which entries became visible since the last seal.';
COMMENT ON COLUMN audit_log.user_id IS 'The person who did it, from the claims of the request; NULL for machines and operators.';
COMMENT ON COLUMN audit_log.token_id IS 'The service or runtime token that was used, if one was.';
COMMENT ON COLUMN audit_log.session_id IS 'The session of the person, if the request had one.';
COMMENT ON COLUMN audit_log.actor IS 'Who acted where it was neither person nor token: operator:<name> for the command line, migration:<name>, job:<name>.';
COMMENT ON COLUMN audit_log.database_role IS 'The database role in force, as set by SET ROLE, else the login.';
COMMENT ON COLUMN audit_log.login_role IS 'The role that logged in to PostgreSQL: claims can be set by whoever has free SQL, this cannot.';
COMMENT ON COLUMN audit_log.address IS 'Network address of the request, else of the database connection.';
COMMENT ON COLUMN audit_log.action IS 'insert, update, delete or truncate for rows; else what was done: sign_in, reveal, export, backup, restore, migration …';
COMMENT ON COLUMN audit_log.table_schema IS 'Schema of the table: public for Tenantry''s tables, tenantry for people, sessions, tokens, settings; NULL for what is no row.';
COMMENT ON COLUMN audit_log.table_name IS 'The table; NULL for what is no row.';
COMMENT ON COLUMN audit_log.row_id IS 'Primary key of the row as text; several columns are joined by a slash.';
COMMENT ON COLUMN audit_log.client_id IS 'The client it concerns, if it is one''s; no foreign key, because the trail outlives its subject.';
COMMENT ON COLUMN audit_log.before IS 'The changed columns as they were; the whole row for a delete. Secrets are masks.';
COMMENT ON COLUMN audit_log.after IS 'The changed columns as they became; the whole row for an insert. Secrets are masks.';
COMMENT ON COLUMN audit_log.details IS 'What there is to say about an action that is no row. Secrets are masks.';
COMMENT ON COLUMN audit_log.request_id IS 'Identifier of the request, as in the server''s log and in the answer.';
COMMENT ON COLUMN audit_log.reason IS 'Why, where the person was asked.';
COMMENT ON COLUMN audit_log.erased_at IS 'When the contents of this entry were erased (before, after, details, reason, address, salt); the hash stays, so that the seals still hold.';
COMMENT ON COLUMN audit_log.salt IS 'Random part of the hash, so that the contents of an erased entry cannot be guessed from its hash.';
COMMENT ON COLUMN audit_log.row_hash IS 'SHA-256 over the canonical form of the entry (see the trigger function tenantry.audit_hash_row).';

COMMENT ON CONSTRAINT audit_log_pkey ON audit_log IS 'The entry by its number; at is there because it is the partition key.';
COMMENT ON INDEX audit_log_pkey IS 'One entry: WHERE id = $1 AND at = $2. The partition key has to be part of it.';
COMMENT ON INDEX idx_audit_log_transaction_id IS 'The sealer''s: entries of transactions since the last seal.';
COMMENT ON INDEX idx_audit_log_request_id IS 'What one request wrote: WHERE request_id = $1. Nothing but equality.';
COMMENT ON INDEX idx_audit_log_row IS 'The trail of one row, oldest first.';
COMMENT ON INDEX idx_audit_log_client_id IS 'The trail of one client, newest first: WHERE client_id = $1 ORDER BY id DESC.';
COMMENT ON INDEX idx_audit_log_user_id IS 'What one person did, newest first: WHERE user_id = $1 ORDER BY id DESC.';
