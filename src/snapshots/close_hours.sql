-- Reads of secrets in hours before $1 that the audit log hasn't got yet go into it, and are no longer counted here.
-- Several servers may do it at once.
WITH over AS MATERIALIZED (
    SELECT r.token_id, r.address, r.hour FROM tenantry.secret_reads r WHERE r.hour < $1 FOR UPDATE SKIP LOCKED
), closed AS (
    DELETE FROM tenantry.secret_reads r USING over o
     WHERE (r.token_id, r.address, r.hour) = (o.token_id, o.address, o.hour)
    RETURNING r.token_id, r.client_id, r.address, r.hour, r.reads - r.audited AS reads
)
SELECT pg_catalog.set_config('request.jwt.claims', pg_catalog.jsonb_build_object('token_id', c.token_id)::text, true),
       pg_catalog.set_config('tenantry.address', c.address, true),
       tenantry.audit_event('secret_read', pg_catalog.jsonb_build_object('hour', c.hour, 'reads', c.reads, 'more', true),
                            c.client_id, 'tokens', c.token_id::text, 'tenantry')
  FROM closed c
 WHERE c.reads > 0
