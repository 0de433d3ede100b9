-- What is never stored as sent: card numbers, which are refused here, and secrets, of which 0029 sees to it that their
-- places hold masks. Only a value that is new in a write is refused, so that rows from before adoption stay editable.

CREATE FUNCTION tenantry.is_mask(value jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE SET search_path = '' AS
$$
    SELECT CASE WHEN jsonb_typeof(value) = 'object' AND jsonb_typeof(value -> '$secret') = 'object' THEN
        value - '$secret' = '{}'
        AND (value -> '$secret') - '{id,fingerprint,set_at,set_by}'::pg_catalog.text[] = '{}'
        AND coalesce(value #>> '{$secret,id}' ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$', false)
        AND coalesce(value #>> '{$secret,fingerprint}' ~ '^[0-9a-f]{32}$', false)
        AND coalesce(value #>> '{$secret,set_at}' ~ '^[0-9]{4}(-[0-9]{2}){2}T[0-9]{2}(:[0-9]{2}){2}[.][0-9]{6}Z$', false)
        AND coalesce(value #>> '{$secret,set_by}' ~ '^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|operator:.{1,100})$', true)
        ELSE false END
$$;
COMMENT ON FUNCTION tenantry.is_mask(jsonb) IS 'Whether a value has the form of what stands in a secret''s place. Which secret''s, and whether of this place, is judged elsewhere.';

CREATE FUNCTION tenantry.json_leaves(document jsonb) RETURNS TABLE (path text[], value jsonb)
    LANGUAGE sql IMMUTABLE ROWS 50 SET search_path = '' AS
$$
    WITH RECURSIVE place (path, value) AS (
        SELECT '{}'::pg_catalog.text[], document
        UNION ALL
        SELECT p.path || c.step, c.value
          FROM place p
         CROSS JOIN LATERAL (
            SELECT o.key, o.value
              FROM jsonb_each(CASE WHEN jsonb_typeof(p.value) = 'object' AND NOT tenantry.is_mask(p.value) THEN p.value ELSE '{}' END) o
            UNION ALL
            SELECT (a.ordinality - 1)::pg_catalog.text, a.value
              FROM jsonb_array_elements(CASE jsonb_typeof(p.value) WHEN 'array' THEN p.value ELSE '[]' END) WITH ORDINALITY a
         ) c (step, value)
    )
    SELECT p.path, p.value FROM place p WHERE jsonb_typeof(p.value) NOT IN ('object', 'array', 'null') OR tenantry.is_mask(p.value)
$$;
COMMENT ON FUNCTION tenantry.json_leaves(jsonb) IS 'Every string, number, boolean and mask of a document with its path.';

-- Card numbers ----------------------------------------------------------------------------------------------

CREATE FUNCTION tenantry.is_card_number(value text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = '' AS
$$
DECLARE
    -- People write them in groups, with blanks or dashes, also of the kinds that word processors put there.
    digits pg_catalog.text := regexp_replace(value, '[\s\u00a0\u2007\u202f\u2010-\u2015-]', '', 'g');
    issued boolean;
BEGIN
    IF digits !~ '^[0-9]{13,19}$' THEN
        RETURN false;
    END IF;
    issued := CASE
        WHEN digits ~ '^4' THEN length(digits) IN (13, 16, 19)                                     -- Visa
        WHEN digits ~ '^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)' THEN length(digits) = 16     -- Mastercard
        WHEN digits ~ '^3[47]' THEN length(digits) = 15                                            -- American Express
        WHEN digits ~ '^(6011|64[4-9]|65)' THEN length(digits) BETWEEN 16 AND 19                   -- Discover, RuPay
        WHEN digits ~ '^(30[0-5]|3095|36|38|39)' THEN length(digits) BETWEEN 14 AND 19             -- Diners Club
        WHEN digits ~ '^35(2[89]|[3-8])' THEN length(digits) BETWEEN 16 AND 19                     -- JCB
        WHEN digits ~ '^(62|81)' THEN length(digits) BETWEEN 16 AND 19                             -- UnionPay
        WHEN digits ~ '^220[0-4]' THEN length(digits) BETWEEN 16 AND 19                            -- Mir
        WHEN digits ~ '^(50|5[6-8]|6)' THEN length(digits) BETWEEN 13 AND 19                       -- Maestro
        ELSE false END;
    -- Luhn: from the right, every second digit doubled, its own digits added.
    RETURN issued AND (
        SELECT sum(CASE WHEN d.place % 2 = 1 THEN d.digit ELSE d.digit * 2 - 9 * (d.digit / 5) END) % 10 = 0
          FROM (SELECT s.digit::int, s.place FROM string_to_table(reverse(digits), NULL) WITH ORDINALITY s (digit, place)) d);
END
$$;
COMMENT ON FUNCTION tenantry.is_card_number(text) IS
    'Whether a whole value is the number of a payment card: 13 to 19 digits, blanks and dashes aside, an issuer''s prefix with its length, and Luhn.';

CREATE FUNCTION tenantry.refuse_card_numbers() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    new_row pg_catalog.jsonb := to_jsonb(NEW);
    old_row pg_catalog.jsonb := '{}';
    place pg_catalog.text;
BEGIN
    -- A whole value of 13 to 19 digits, as JSON shows it, with nothing but blanks and dashes between them: nearly every
    -- row is done here.
    IF new_row::pg_catalog.text !~ '["[ ][\s\u00a0\u2007\u202f\u2010-\u2015-]*[0-9]([\s\u00a0\u2007\u202f\u2010-\u2015-]*[0-9]){12,18}[\s\u00a0\u2007\u202f\u2010-\u2015-]*["\],}]' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        old_row := to_jsonb(OLD);
    END IF;
    -- A key may be a card number too; the message doesn't repeat it.
    SELECT string_agg(CASE WHEN tenantry.is_card_number(s.step) THEN '…' ELSE s.step END, '.' ORDER BY s.place) INTO place
      FROM (SELECT l.path
              FROM tenantry.json_leaves(new_row) l
              JOIN pg_catalog.pg_attribute a ON a.attrelid = TG_RELID AND a.attname = l.path[1]
             WHERE a.atttypid IN ('pg_catalog.text'::pg_catalog.regtype, 'pg_catalog.varchar'::pg_catalog.regtype, 'pg_catalog.bpchar'::pg_catalog.regtype, 'pg_catalog.jsonb'::pg_catalog.regtype, 'pg_catalog.json'::pg_catalog.regtype, 'pg_catalog.text[]'::pg_catalog.regtype, 'pg_catalog.varchar[]'::pg_catalog.regtype)
               AND tenantry.is_card_number(l.value #>> '{}')
               AND NOT EXISTS (SELECT FROM tenantry.json_leaves(old_row -> l.path[1]) o WHERE o.value #>> '{}' = l.value #>> '{}')
             LIMIT 1) found
     CROSS JOIN unnest(found.path) WITH ORDINALITY s (step, place);
    IF place IS NOT NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'TN422',
            MESSAGE = format('%s.%s looks like the number of a payment card, which is never stored', tenantry.table_of(TG_RELID), place),
            HINT = 'Store the reference that the payment provider gives for the card.',
            SCHEMA = 'public', TABLE = tenantry.table_of(TG_RELID), CONSTRAINT = tenantry.table_of(TG_RELID) || '_card_number';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.refuse_card_numbers() IS 'Refuses a write that brings a card number into a text or jsonb column.';

CREATE TRIGGER tenantry_20_refuse_card_numbers BEFORE INSERT OR UPDATE ON public.client_billing_info
    FOR EACH ROW EXECUTE FUNCTION tenantry.refuse_card_numbers();
CREATE TRIGGER tenantry_20_refuse_card_numbers BEFORE INSERT OR UPDATE ON public.system_configurations
    FOR EACH ROW EXECUTE FUNCTION tenantry.refuse_card_numbers();
CREATE TRIGGER tenantry_20_refuse_card_numbers BEFORE INSERT OR UPDATE ON public.template_configurations
    FOR EACH ROW EXECUTE FUNCTION tenantry.refuse_card_numbers();
CREATE TRIGGER tenantry_20_refuse_card_numbers BEFORE INSERT OR UPDATE ON public.client_customizations
    FOR EACH ROW EXECUTE FUNCTION tenantry.refuse_card_numbers();
CREATE TRIGGER tenantry_20_refuse_card_numbers BEFORE INSERT OR UPDATE ON public.client_deployments
    FOR EACH ROW EXECUTE FUNCTION tenantry.refuse_card_numbers();
CREATE TRIGGER tenantry_20_refuse_card_numbers BEFORE INSERT OR UPDATE ON public.deployment_configurations
    FOR EACH ROW EXECUTE FUNCTION tenantry.refuse_card_numbers();
CREATE TRIGGER tenantry_20_refuse_card_numbers BEFORE INSERT OR UPDATE ON public.deployment_templates
    FOR EACH ROW EXECUTE FUNCTION tenantry.refuse_card_numbers();
-- Events only ever come in.
CREATE TRIGGER tenantry_20_refuse_card_numbers BEFORE INSERT ON public.deployment_tracking_events
    FOR EACH ROW EXECUTE FUNCTION tenantry.refuse_card_numbers();

-- What is a secret --------------------------------------------------------------------------------------------

CREATE FUNCTION tenantry.names_a_secret(name text) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT SET search_path = '' AS
$$
    SELECT n.snake ~ '(SECRET|PASSWORD|PASSWD|PASSPHRASE|(^|_)PWD(_|$)|TOKEN$|API_?KEY|CREDENTIAL|(PRIVATE|ACCESS|SIGNING|ENCRYPTION|MASTER|AUTH|SERVICE_?ROLE)_?KEY)'
       -- What is about a password isn't one.
       AND n.snake !~ '_(MIN|MAX|LENGTH|TTL|ENABLED|REQUIRED|POLICY|TIMEOUT|EXPIRY|DAYS|HOURS)$'
      FROM (SELECT upper(regexp_replace(regexp_replace(name, '([a-z0-9])([A-Z])', '\1_\2', 'g'), '[^A-Za-z0-9]+', '_', 'g'))) n (snake)
$$;
COMMENT ON FUNCTION tenantry.names_a_secret(text) IS 'Whether the name of a variable says that its value is a secret, e.g. STRIPE_SECRET_KEY, dbPassword, GITHUB_TOKEN.';

CREATE FUNCTION tenantry.looks_secret(value text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = '' AS
$$
DECLARE
    form constant pg_catalog.text := '(^|[^A-Za-z0-9])([sr]k_(live|test)_|whsec_|gh[opsur]_[A-Za-z0-9]{20}|github_pat_|glpat-|npm_[A-Za-z0-9]{30}|xox[abeprs]-|AKIA[0-9A-Z]{16}|SG[.][A-Za-z0-9_-]{16}|tnt_(svc|pat|rt)_)'
        || '|-----BEGIN [A-Z ]*PRIVATE KEY-----'
        || '|^eyJ[A-Za-z0-9_-]+[.]eyJ[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*$'
        || '|://[^/:@[:space:]]*:[^/@[:space:]]+@';
BEGIN
    -- Base64 is how some say "encrypted": what it hides is looked at as well.
    RETURN value ~ form
        OR CASE WHEN length(value) >= 16 AND length(value) % 4 = 0 AND value ~ '^[A-Za-z0-9+/]+={0,2}$'
                THEN encode(decode(value, 'base64'), 'escape') ~ form ELSE false END;
END
$$;
COMMENT ON FUNCTION tenantry.looks_secret(text) IS 'Whether the form of a value says that it is a secret: keys of well-known services, private keys, tokens, URLs with a password, plain or in base64.';

CREATE FUNCTION tenantry.secret_place(path text[], configuration_schema jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE SET search_path = '' AS
$$
    WITH RECURSIVE node (depth, schema, followed) AS (
        SELECT 0, configuration_schema, '{}'::pg_catalog.text[]
        UNION ALL
        SELECT n.depth + c.step, c.schema, CASE c.step WHEN 0 THEN n.followed || c.reference ELSE '{}' END
          FROM node n
         CROSS JOIN LATERAL (
            SELECT 1, b.schema, '{}'::pg_catalog.text[]
              FROM (VALUES (n.schema #> ARRAY['properties', path[n.depth + 1]]),
                           (CASE WHEN n.schema #> ARRAY['properties', path[n.depth + 1]] IS NULL AND n.schema -> 'patternProperties' IS NULL
                                 THEN n.schema -> 'additionalProperties' END),
                           (CASE WHEN path[n.depth + 1] ~ '^[0-9]+$' THEN n.schema -> 'items' END),
                           (CASE WHEN path[n.depth + 1] ~ '^[0-9]+$' THEN n.schema #> ARRAY['prefixItems', path[n.depth + 1]] END)) b (schema)
             WHERE n.depth < cardinality(path)
            UNION ALL
            -- Other patterns than plain ones may mean something else here than where schemas are judged.
            SELECT 1, p.value, '{}'::pg_catalog.text[]
              FROM jsonb_each(CASE jsonb_typeof(n.schema -> 'patternProperties') WHEN 'object' THEN n.schema -> 'patternProperties' ELSE '{}' END) p
             WHERE n.depth < cardinality(path)
               AND CASE WHEN p.key ~ '^[A-Za-z0-9_.*+?^$|()\[\]-]*$' THEN path[n.depth + 1] ~ p.key ELSE false END
            UNION ALL
            SELECT 0, a.value, '{}'::pg_catalog.text[]
              FROM (VALUES (n.schema -> 'allOf'), (n.schema -> 'anyOf'), (n.schema -> 'oneOf'),
                           (jsonb_build_array(n.schema -> 'if', n.schema -> 'then', n.schema -> 'else'))) l (schemas)
             CROSS JOIN LATERAL jsonb_array_elements(CASE jsonb_typeof(l.schemas) WHEN 'array' THEN l.schemas ELSE '[]' END) a
            UNION ALL
            -- A reference that was followed at this place already would go round in circles.
            SELECT 0, configuration_schema #> string_to_array(substr(n.schema ->> '$ref', 3), '/'), ARRAY[n.schema ->> '$ref']
             WHERE starts_with(n.schema ->> '$ref', '#/') AND n.schema ->> '$ref' <> ALL (n.followed)
         ) c (step, schema, reference)
         WHERE jsonb_typeof(c.schema) = 'object'
    )
    SELECT path[:n.depth] FROM node n WHERE n.schema -> 'x-secret' = 'true' ORDER BY n.depth LIMIT 1
$$;
COMMENT ON FUNCTION tenantry.secret_place(text[], jsonb) IS
    'The beginning of a path that a JSON Schema marks "x-secret": true, through properties, items, combinations and local references; NULL where none does.';

CREATE FUNCTION tenantry.first_secret(document jsonb, at text[], configuration_schema jsonb, former jsonb, OUT place text)
    LANGUAGE sql STABLE SET search_path = '' AS
$$
    SELECT array_to_string(s.place, '.')
      FROM tenantry.json_leaves(document) l
     CROSS JOIN LATERAL tenantry.secret_place(at || l.path, configuration_schema) s (place)
     WHERE s.place IS NOT NULL AND l.value IS DISTINCT FROM former #> l.path AND NOT tenantry.is_mask(l.value)
     LIMIT 1
$$;
COMMENT ON FUNCTION tenantry.first_secret(jsonb, text[], jsonb, jsonb) IS
    'The first place, in a document that stands at a path, where a schema says secret, no mask stands and the former document didn''t hold the same value.';

CREATE FUNCTION tenantry.masked(document jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE STRICT SET search_path = '' AS
$$
DECLARE
    hidden constant pg_catalog.jsonb := '{"$hidden": true}';
    leaf pg_catalog.record;
BEGIN
    FOR leaf IN
        SELECT l.path FROM tenantry.json_leaves(document) l
         WHERE l.value #>> '{}' <> '' AND jsonb_typeof(l.value) <> 'boolean' AND NOT tenantry.is_mask(l.value)
           AND (tenantry.names_a_secret(array_to_string(l.path, '_')) OR tenantry.looks_secret(l.value #>> '{}'))
    LOOP
        -- The document itself may be the secret; jsonb_set wants a path.
        document := CASE leaf.path WHEN '{}' THEN hidden ELSE jsonb_set(document, leaf.path, hidden) END;
    END LOOP;
    RETURN document;
END
$$;
COMMENT ON FUNCTION tenantry.masked(jsonb) IS
    'A document with {"$hidden": true} in place of each value whose key or form says that it is a secret, at any depth.';

REVOKE ALL ON FUNCTION tenantry.is_mask(jsonb), tenantry.json_leaves(jsonb), tenantry.is_card_number(text), tenantry.refuse_card_numbers(),
    tenantry.names_a_secret(text), tenantry.looks_secret(text), tenantry.secret_place(text[], jsonb), tenantry.masked(jsonb),
    tenantry.first_secret(jsonb, text[], jsonb, jsonb) FROM PUBLIC;
