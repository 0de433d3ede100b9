-- Puts reads of secrets into the audit log: one entry for each token, address and hour that is over, as an act of the
-- token's from that address. Several servers may do it at once. A count that came while that was written down, which
-- nobody has seen yet, isn't lost: it gets an entry of its own when the hour is let go of.
WITH over AS MATERIALIZED (
    SELECT r.token_id, r.address, r.hour
      FROM tenantry.secret_reads r
     WHERE r.audited = 0 AND r.hour < pg_catalog.date_trunc('hour', pg_catalog.now() - interval '2 minutes', 'UTC')
       FOR UPDATE SKIP LOCKED
), written AS (
    UPDATE tenantry.secret_reads r SET audited = r.reads FROM over o
     WHERE (r.token_id, r.address, r.hour) = (o.token_id, o.address, o.hour)
    RETURNING r.token_id, r.client_id, r.address, r.hour, r.reads
), old AS MATERIALIZED (
    SELECT r.token_id, r.address, r.hour
      FROM tenantry.secret_reads r
     WHERE r.audited > 0 AND r.hour < pg_catalog.now() - interval '1 day'
       FOR UPDATE SKIP LOCKED
), gone AS (
    DELETE FROM tenantry.secret_reads r USING old o
     WHERE (r.token_id, r.address, r.hour) = (o.token_id, o.address, o.hour)
    RETURNING r.token_id, r.client_id, r.address, r.hour, r.reads - r.audited AS reads
)
SELECT pg_catalog.set_config('request.jwt.claims', pg_catalog.jsonb_build_object('token_id', c.token_id)::text, true),
       pg_catalog.set_config('tenantry.address', c.address, true),
       tenantry.audit_event('secret_read', pg_catalog.jsonb_build_object('hour', c.hour, 'reads', c.reads),
                            c.client_id, 'tokens', c.token_id::text, 'tenantry')
  FROM (SELECT * FROM written UNION ALL SELECT * FROM gone WHERE reads > 0) c
