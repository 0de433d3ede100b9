-- How servers hear that what they hold in memory has changed, and which secrets apps have read from there.
--
-- A notification can be lost, so servers also look at the revision once a second. Runtime tokens take revisions as
-- configuration does: one look then tells of both, and a token that was revoked is found by the order of commits.

CREATE FUNCTION tenantry.snapshots_notify() RETURNS trigger LANGUAGE plpgsql SET search_path = '' AS
$$
BEGIN
    PERFORM pg_notify('tenantry_revision', NEW.revision::pg_catalog.text);
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION tenantry.snapshots_notify() IS 'Tells servers of a revision, when it is committed.';

CREATE TRIGGER tenantry_snapshots_notify AFTER UPDATE ON tenantry.installation_revision
    FOR EACH ROW EXECUTE FUNCTION tenantry.snapshots_notify();

-- No foreign key to tokens: a token that was deleted has to be heard of as well.
CREATE TABLE tenantry.token_revisions (
    token_id  uuid    CONSTRAINT token_revisions_pkey PRIMARY KEY,
    revision  bigint  NOT NULL
);
CREATE INDEX token_revisions_revision_idx ON tenantry.token_revisions (revision);
COMMENT ON TABLE tenantry.token_revisions IS 'The revision at which each runtime token was last made, changed, revoked or deleted.';
COMMENT ON COLUMN tenantry.token_revisions.token_id IS 'tenantry.tokens.id of the token.';
COMMENT ON COLUMN tenantry.token_revisions.revision IS 'The revision of that transaction.';
COMMENT ON INDEX tenantry.token_revisions_revision_idx IS 'What is newer than a revision: WHERE revision > $1.';

CREATE FUNCTION tenantry.token_revisions_keep() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    subject constant tenantry.tokens := coalesce(NEW, OLD);
BEGIN
    IF subject.kind = 'runtime' THEN
        INSERT INTO tenantry.token_revisions (token_id, revision) VALUES (subject.id, tenantry.take_revision())
        ON CONFLICT (token_id) DO UPDATE SET revision = excluded.revision;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION tenantry.token_revisions_keep() IS 'Notes the revision that made, changed or ended a runtime token, which is known at commit only.';

-- Not the time of last use, which is written all day.
CREATE CONSTRAINT TRIGGER tenantry_token_revisions_keep
    AFTER INSERT OR DELETE OR UPDATE OF secret_hash, kind, scopes, client_id, template_id, environment, expires_at, revoked_at
    ON tenantry.tokens DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION tenantry.token_revisions_keep();

CREATE TABLE tenantry.secret_reads (
    token_id   uuid         NOT NULL,
    address    text         NOT NULL,
    hour       timestamptz  NOT NULL,
    client_id  uuid         NOT NULL,
    reads      bigint       NOT NULL,
    audited    bigint       NOT NULL DEFAULT 0,
    CONSTRAINT secret_reads_pkey PRIMARY KEY (token_id, address, hour),
    CONSTRAINT secret_reads_audited_check CHECK (audited BETWEEN 0 AND reads)
);
COMMENT ON TABLE tenantry.secret_reads IS 'Reads of secrets by runtime tokens, counted here until the hour is over, so that the audit log gets an entry an hour and not one per read. Hours that it has stay a day, so that a late count doesn''t make another entry.';
COMMENT ON COLUMN tenantry.secret_reads.token_id IS 'The token.';
COMMENT ON COLUMN tenantry.secret_reads.address IS 'Where the app called from; empty where that isn''t known.';
COMMENT ON COLUMN tenantry.secret_reads.hour IS 'The hour.';
COMMENT ON COLUMN tenantry.secret_reads.client_id IS 'The client whose secrets were read.';
COMMENT ON COLUMN tenantry.secret_reads.reads IS 'How often, by all servers.';
COMMENT ON COLUMN tenantry.secret_reads.audited IS 'How many of them the audit log has: none until the hour is over.';
COMMENT ON CONSTRAINT secret_reads_audited_check ON tenantry.secret_reads IS 'What is audited was read.';

REVOKE ALL ON FUNCTION tenantry.snapshots_notify(), tenantry.token_revisions_keep() FROM PUBLIC;
