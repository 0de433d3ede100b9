-- What may stand in a secret's place: a mask whose secret belongs there, and no plain value that is new.
--
-- Masks are judged for everybody, the operator among them: one that was copied from elsewhere, or made up, would have
-- somebody read another place's secret. Plain values are refused to all but tenantry_owner, since a migration that touches
-- a row isn't somebody setting a secret. What was there before adoption stays as it is until somebody edits it.

-- Masks ---------------------------------------------------------------------------------------------------------

CREATE FUNCTION tenantry.json_pointer(path text[]) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = '' AS
$$
    SELECT coalesce(string_agg('/' || replace(replace(s.step, '~', '~0'), '/', '~1'), '' ORDER BY s.place), '')
      FROM unnest(path) WITH ORDINALITY s (step, place)
$$;
COMMENT ON FUNCTION tenantry.json_pointer(text[]) IS 'A path as a JSON pointer (RFC 6901).';

CREATE FUNCTION tenantry.text_mask_id(value text) RETURNS text LANGUAGE sql IMMUTABLE SET search_path = '' AS
$$
    SELECT substring(value FROM '^secret:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}):[0-9a-f]{32}$')
$$;
COMMENT ON FUNCTION tenantry.text_mask_id(text) IS 'The secret that a mask in a column of text names; NULL where it is no mask.';

CREATE FUNCTION tenantry.is_kept_for(named uuid, mask text, client uuid, table_name text, path text[], configuration_key text)
    RETURNS boolean LANGUAGE sql STABLE SET search_path = '' AS
$$
    SELECT EXISTS (
        SELECT FROM tenantry.secrets s
         WHERE s.id = named
           AND mask IN (tenantry.secret_mask(s)::pg_catalog.text, tenantry.secret_text_mask(s))
           AND s.client_id IS NOT DISTINCT FROM client
           AND s.table_name = is_kept_for.table_name
           -- What was put into force holds what its columns held, each mask in another place.
           AND (is_kept_for.path[1] = 'applied_configuration'
                OR s.column_name = is_kept_for.path[1]
                   AND s.path = tenantry.json_pointer(
                        CASE is_kept_for.path[1] WHEN 'configuration_value' THEN string_to_array(configuration_key, '.') END || is_kept_for.path[2:])))
$$;
COMMENT ON FUNCTION tenantry.is_kept_for(uuid, text, uuid, text, text[], text) IS
    'Whether a mask, as text, is that of a secret which is kept for this client, table, column and path.';

CREATE FUNCTION tenantry.judge_masks() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    new_row pg_catalog.jsonb := to_jsonb(NEW);
    old_row pg_catalog.jsonb := '{}';
    place pg_catalog.text;
BEGIN
    -- Nearly every row is done here.
    IF new_row::pg_catalog.text !~ '\$secret|"secret:' THEN
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        old_row := to_jsonb(OLD);
        IF (new_row -> 'client_id', new_row -> 'configuration_key') IS DISTINCT FROM (old_row -> 'client_id', old_row -> 'configuration_key') THEN
            -- Another place, though the row is the same.
            old_row := '{}';
        END IF;
    END IF;
    -- What comes in is held until the row is there, lest a sweep takes it meanwhile.
    PERFORM FROM tenantry.secrets s
      WHERE s.id IN (SELECT m.found[1]::pg_catalog.uuid
                       FROM regexp_matches(new_row::pg_catalog.text, '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'g') m (found)
                      WHERE strpos(old_row::pg_catalog.text, m.found[1]) = 0)
        FOR KEY SHARE;
    SELECT array_to_string(l.path, '.') INTO place
      FROM tenantry.json_leaves(new_row - '{configuration_schema,validation_rules,validation_results}'::pg_catalog.text[]) l
     CROSS JOIN LATERAL (
        SELECT CASE WHEN tenantry.is_mask(l.value) THEN l.value #>> '{$secret,id}'
                    WHEN cardinality(l.path) = 1 THEN tenantry.text_mask_id(l.value #>> '{}') END) m (secret)
     WHERE (m.secret IS NOT NULL OR '$secret' = ANY (l.path))
       AND old_row #> l.path IS DISTINCT FROM l.value
       AND NOT tenantry.is_kept_for(m.secret::pg_catalog.uuid, l.value #>> '{}', (new_row ->> 'client_id')::pg_catalog.uuid,
                                    TG_TABLE_NAME, l.path, new_row ->> 'configuration_key')
     LIMIT 1;
    IF place IS NOT NULL THEN
        RAISE EXCEPTION USING
            ERRCODE = 'TN422',
            MESSAGE = format('%s.%s holds a mask that isn''t the mask of a secret kept for this place', TG_TABLE_NAME, place),
            HINT = 'Write back the mask that stands there, unchanged, or send the secret itself through the API, which seals it.',
            SCHEMA = 'public', TABLE = TG_TABLE_NAME, CONSTRAINT = TG_TABLE_NAME || '_mask';
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.judge_masks() IS 'Refuses a mask that is made up, altered, or of a secret that belongs to another client, table, column or path.';

CREATE TRIGGER tenantry_25_judge_masks BEFORE INSERT OR UPDATE ON public.system_configurations
    FOR EACH ROW EXECUTE FUNCTION tenantry.judge_masks();
CREATE TRIGGER tenantry_25_judge_masks BEFORE INSERT OR UPDATE ON public.template_configurations
    FOR EACH ROW EXECUTE FUNCTION tenantry.judge_masks();
CREATE TRIGGER tenantry_25_judge_masks BEFORE INSERT OR UPDATE ON public.client_customizations
    FOR EACH ROW EXECUTE FUNCTION tenantry.judge_masks();
CREATE TRIGGER tenantry_25_judge_masks BEFORE INSERT OR UPDATE ON public.deployment_configurations
    FOR EACH ROW EXECUTE FUNCTION tenantry.judge_masks();
CREATE TRIGGER tenantry_25_judge_masks BEFORE INSERT OR UPDATE ON public.client_deployments
    FOR EACH ROW EXECUTE FUNCTION tenantry.judge_masks();
CREATE TRIGGER tenantry_25_judge_masks BEFORE INSERT OR UPDATE ON public.client_billing_info
    FOR EACH ROW EXECUTE FUNCTION tenantry.judge_masks();

-- Plain values --------------------------------------------------------------------------------------------------

CREATE FUNCTION tenantry.refuse_secret(table_name name, place text) RETURNS void LANGUAGE plpgsql SET search_path = '' AS
$$
BEGIN
    RAISE EXCEPTION USING
        ERRCODE = 'TN422',
        MESSAGE = format('%s.%s is a secret, and secrets are never stored in the clear', table_name, place),
        HINT = 'Send it through the API (/rest/v1 or POST /api/v1/changes) or `tenantry config set`, which seal it before the database sees it.',
        SCHEMA = 'public', TABLE = table_name, CONSTRAINT = table_name || '_plain_secret';
END
$$;
COMMENT ON FUNCTION tenantry.refuse_secret(name, text) IS 'Says that a place holds a secret, never which.';

CREATE FUNCTION tenantry.schemas_of(table_name text, content jsonb) RETURNS TABLE (configuration_schema jsonb, at text[])
    LANGUAGE sql STABLE SET search_path = '' AS
$$
    SELECT c.configuration_schema, c.at
      FROM (SELECT content -> 'configuration_schema', '{}'::pg_catalog.text[]
             WHERE table_name IN ('system_configurations', 'template_configurations')
            UNION ALL
            SELECT t.configuration_schema,
                   CASE table_name WHEN 'system_configurations' THEN string_to_array(content ->> 'configuration_key', '.') ELSE '{}' END
              FROM public.template_configurations t
             WHERE table_name IN ('client_customizations', 'deployment_configurations') AND t.template_id = content ->> 'template_id'
                OR table_name = 'system_configurations' AND t.template_id = coalesce(content ->> 'template_id', t.template_id)) c (configuration_schema, at)
     WHERE jsonb_path_exists(c.configuration_schema, '$.**."x-secret"')
$$;
COMMENT ON FUNCTION tenantry.schemas_of(text, jsonb) IS
    'The schemas, with "x-secret" in them, that a configuration row''s document answers to, and where in them it stands: its own, and those of its template, or of every template where it names none.';

CREATE FUNCTION tenantry.refuse_configuration_secrets() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    former pg_catalog.jsonb;
    place pg_catalog.text;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF (NEW.configuration_key, NEW.template_id, NEW.configuration_schema, NEW.is_encrypted)
           IS NOT DISTINCT FROM (OLD.configuration_key, OLD.template_id, OLD.configuration_schema, OLD.is_encrypted) THEN
            -- The same place: what stood there stays.
            former := OLD.configuration_value;
        END IF;
    END IF;
    IF NEW.is_encrypted AND NEW.configuration_value IS DISTINCT FROM former AND NOT tenantry.is_mask(NEW.configuration_value) THEN
        PERFORM tenantry.refuse_secret(TG_TABLE_NAME, 'configuration_value');
    END IF;
    place := (SELECT s.place
                FROM tenantry.schemas_of(TG_TABLE_NAME, to_jsonb(NEW)) c
               CROSS JOIN LATERAL tenantry.first_secret(NEW.configuration_value, c.at, c.configuration_schema, former) s
               WHERE s.place IS NOT NULL
               LIMIT 1);
    IF place IS NOT NULL THEN
        PERFORM tenantry.refuse_secret(TG_TABLE_NAME, concat_ws(' at ', 'configuration_value', nullif(place, '')));
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.refuse_configuration_secrets() IS 'Refuses a value that is encrypted by name, or secret by its own schema or a template''s.';

CREATE TRIGGER tenantry_30_refuse_secrets BEFORE INSERT OR UPDATE ON public.system_configurations
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_configuration_secrets();

CREATE FUNCTION tenantry.refuse_document_secrets() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    document_column constant pg_catalog.text := TG_ARGV[0];
    new_document pg_catalog.jsonb := to_jsonb(NEW) -> document_column;
    old_document pg_catalog.jsonb := CASE TG_OP WHEN 'UPDATE' THEN to_jsonb(OLD) -> document_column END;
    place pg_catalog.text;
BEGIN
    IF TG_TABLE_NAME = 'template_configurations' AND TG_OP = 'UPDATE' THEN
        IF to_jsonb(NEW) -> 'configuration_schema' IS DISTINCT FROM to_jsonb(OLD) -> 'configuration_schema' THEN
            -- What was no secret's place may be one now.
            old_document := NULL;
        END IF;
    END IF;
    IF new_document IS NOT DISTINCT FROM old_document THEN
        RETURN NEW;
    END IF;
    place := (SELECT s.place
                FROM tenantry.schemas_of(TG_TABLE_NAME, to_jsonb(NEW)) c
               CROSS JOIN LATERAL tenantry.first_secret(new_document, c.at, c.configuration_schema, old_document) s
               WHERE s.place IS NOT NULL
               LIMIT 1);
    IF place IS NOT NULL THEN
        PERFORM tenantry.refuse_secret(TG_TABLE_NAME, concat_ws(' at ', document_column, nullif(place, '')));
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.refuse_document_secrets() IS 'Refuses a document (the column named as argument) with a value where the template''s schema, or the row''s own, says secret.';

CREATE TRIGGER tenantry_30_refuse_secrets BEFORE INSERT OR UPDATE ON public.template_configurations
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_document_secrets('default_configuration');
CREATE TRIGGER tenantry_30_refuse_secrets BEFORE INSERT OR UPDATE ON public.client_customizations
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_document_secrets('customization_config');
CREATE TRIGGER tenantry_30_refuse_secrets BEFORE INSERT OR UPDATE ON public.deployment_configurations
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_document_secrets('application_config');

CREATE FUNCTION tenantry.refuse_secret_variables() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    new_row pg_catalog.jsonb := to_jsonb(NEW);
    old_row pg_catalog.jsonb := CASE TG_OP WHEN 'UPDATE' THEN to_jsonb(OLD) ELSE '{}' END;
    place pg_catalog.text;
BEGIN
    IF new_row -> 'environment_variables' IS NOT DISTINCT FROM old_row -> 'environment_variables'
       AND new_row -> 'secret_variables' IS NOT DISTINCT FROM old_row -> 'secret_variables' THEN
        RETURN NEW;
    END IF;
    SELECT array_to_string(l.path, '.') INTO place
      FROM tenantry.json_leaves(new_row -> 'environment_variables') l
     CROSS JOIN LATERAL (
        SELECT new_row -> 'secret_variables' ?| ARRAY[l.path[1], array_to_string(l.path, '.')] AS listed_now,
               old_row -> 'secret_variables' ?| ARRAY[l.path[1], array_to_string(l.path, '.')] AS listed_before,
               old_row -> 'environment_variables' #> l.path = l.value AS held_before) k
     WHERE l.value #>> '{}' <> ''
       AND jsonb_typeof(l.value) <> 'boolean'
       AND NOT tenantry.is_mask(l.value)
       AND (k.listed_now OR tenantry.names_a_secret(array_to_string(l.path, '_')) OR tenantry.looks_secret(l.value #>> '{}'))
       AND (k.held_before IS NOT TRUE OR (k.listed_now AND k.listed_before IS NOT TRUE))
     LIMIT 1;
    IF FOUND THEN
        PERFORM tenantry.refuse_secret(TG_TABLE_NAME, 'environment_variables.' || place);
    END IF;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.refuse_secret_variables() IS 'Refuses a variable that secret_variables lists, or whose name or form says that it is a secret.';

CREATE TRIGGER tenantry_30_refuse_secret_variables BEFORE INSERT OR UPDATE ON public.client_deployments
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_secret_variables();
CREATE TRIGGER tenantry_30_refuse_secret_variables BEFORE INSERT OR UPDATE ON public.deployment_configurations
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_secret_variables();

CREATE FUNCTION tenantry.refuse_billing_secrets() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS
$$
DECLARE
    new_row pg_catalog.jsonb := to_jsonb(NEW);
    old_row pg_catalog.jsonb := CASE TG_OP WHEN 'UPDATE' THEN to_jsonb(OLD) ELSE '{}' END;
    secret pg_catalog.text;
BEGIN
    FOREACH secret IN ARRAY '{payment_method_id,tax_id,vat_number}'::pg_catalog.text[] LOOP
        IF new_row ->> secret <> '' AND tenantry.text_mask_id(new_row ->> secret) IS NULL AND new_row -> secret IS DISTINCT FROM old_row -> secret THEN
            PERFORM tenantry.refuse_secret(TG_TABLE_NAME, secret);
        END IF;
    END LOOP;
    RETURN NEW;
END
$$;
COMMENT ON FUNCTION tenantry.refuse_billing_secrets() IS 'Refuses means of payment and tax numbers, which are secrets.';

CREATE TRIGGER tenantry_30_refuse_secrets BEFORE INSERT OR UPDATE ON public.client_billing_info
    FOR EACH ROW WHEN (current_user <> 'tenantry_owner') EXECUTE FUNCTION tenantry.refuse_billing_secrets();

REVOKE ALL ON FUNCTION tenantry.json_pointer(text[]), tenantry.text_mask_id(text), tenantry.is_kept_for(uuid, text, uuid, text, text[], text), tenantry.judge_masks(),
    tenantry.refuse_secret(name, text), tenantry.schemas_of(text, jsonb),
    tenantry.refuse_configuration_secrets(), tenantry.refuse_document_secrets(), tenantry.refuse_secret_variables(),
    tenantry.refuse_billing_secrets() FROM PUBLIC;
