-- Secrets and card numbers that stand in the clear: row, column and path of each, and what gives it away. The value
-- itself never leaves the database. Names and forms are those that 0018_plain_values refuses from then on; here they
-- are tried on a database that hasn't got its functions, so they stand here again, and a test holds them the same.
--
-- Filled in: {rows} the table, {identity} what names a row, {columns} its columns as VALUES (column, document, kind),
-- {limit} how many places are shown.
WITH suspects AS (
    -- Most documents are done with here, without being taken apart.
    SELECT {identity} AS id, v.col, v.document, v.kind
      FROM {rows}
     CROSS JOIN LATERAL (VALUES {columns}) v (col, document, kind)
     WHERE v.document IS NOT NULL AND v.document NOT IN ('{}', '[]', '""')
       AND (v.kind = 'document' AND (v.document::text ~* '(secret|passw|passphrase|pwd|token|api.?key|credential|(private|access|signing|encryption|master|auth|role).?key|encrypt|cipher|://[^/:@"]*:[^/@"]+@|-----BEGIN|[sr]k_(live|test)_)'
                                       OR v.document::text ~ '("[A-Za-z0-9+/_-]{8,}={0,2}"|whsec_|gh[opsur]_|github_pat_|glpat-|npm_|xox[abeprs]-|AKIA|SG[.]|tnt_|eyJ)')
            OR {cards} AND v.document::text ~ '[0-9]([^0-9A-Za-z]{0,3}[0-9]){12}')
),
leaves AS (
    SELECT s.id, s.col, s.kind, l.path, l.parent, l.value #>> '{}' AS value, jsonb_typeof(l.value) AS type
      FROM suspects s
     CROSS JOIN LATERAL (
        WITH RECURSIVE place (path, parent, value) AS (
            SELECT '{}'::text[], NULL::jsonb, s.document
            UNION ALL
            SELECT p.path || c.step, p.value, c.value
              FROM place p
             CROSS JOIN LATERAL (
                SELECT o.key, o.value
                  FROM jsonb_each(CASE jsonb_typeof(p.value) WHEN 'object' THEN p.value ELSE '{}' END) o
                UNION ALL
                SELECT (a.ordinality - 1)::text, a.value
                  FROM jsonb_array_elements(CASE jsonb_typeof(p.value) WHEN 'array' THEN p.value ELSE '[]' END)
                       WITH ORDINALITY a
             ) c (step, value)
        )
        SELECT p.path, p.parent, p.value FROM place p
         WHERE jsonb_typeof(p.value) IN ('string', 'number')
           -- A mask stands in a secret's place and is none.
           AND p.path[cardinality(p.path) - 1] IS DISTINCT FROM '$secret'
     ) l
),
judged AS (
    SELECT l.*, d.hidden,
           -- {"name": "API_KEY", "value": "…"} names its value beside it.
           (SELECT bool_or(n.snake ~ '(SECRET|PASSWORD|PASSWD|PASSPHRASE|(^|_)PWD(_|$)|TOKEN$|API_?KEY|CREDENTIAL|(PRIVATE|ACCESS|SIGNING|ENCRYPTION|MASTER|AUTH|SERVICE_?ROLE)_?KEY)'
                       AND n.snake !~ '_(MIN|MAX|LENGTH|TTL|ENABLED|REQUIRED|POLICY|TIMEOUT|EXPIRY|DAYS|HOURS)$')
              FROM (SELECT upper(regexp_replace(regexp_replace(name, '([a-z0-9])([A-Z])', '\1_\2', 'g'), '[^A-Za-z0-9]+', '_', 'g'))
                      FROM (VALUES (array_to_string(l.path, '_')),
                                   (CASE WHEN lower(l.path[cardinality(l.path)]) IN ('value', 'val')
                                         THEN coalesce(l.parent ->> 'name', l.parent ->> 'key', l.parent ->> 'variable') END)) names (name)
                   ) n (snake)) AS named,
           l.path[cardinality(l.path)] ~* '(encrypt|cipher)'
               OR l.parent ->> 'encrypted' = 'true' OR l.parent ->> 'is_encrypted' = 'true' OR l.parent ->> 'isEncrypted' = 'true' AS said_encrypted
      FROM leaves l
     CROSS JOIN LATERAL (
        SELECT max(rpad(translate(b.bare, '-_', '+/'), (length(b.bare) + 3) / 4 * 4, '='))
          FROM (SELECT rtrim(regexp_replace(l.value, '^(base64|b64|enc|encrypted)[:,]\s*', '', 'i'), '=')) b (bare)
         WHERE length(b.bare) >= 8 AND length(b.bare) % 4 <> 1 AND b.bare ~ '^[A-Za-z0-9+/_-]+$'
           AND l.type = 'string' AND l.kind = 'document'
     ) e (encoded)
     CROSS JOIN LATERAL (SELECT encode(decode(e.encoded, 'base64'), 'escape')) d (hidden)
),
found AS (
    SELECT j.id, j.col, j.path,
           CASE
               WHEN card.is_one THEN 'card number'
               WHEN j.kind <> 'document' OR j.value = '' OR j.value ~ '^[*•.]+$' THEN NULL
               WHEN j.value ~ form.secret THEN 'by form'
               WHEN length(j.value) >= 16 AND j.hidden ~ form.secret THEN 'by form, in base64, which hides nothing'
               -- Printable text under the base64: nobody's cipher gives that.
               WHEN j.said_encrypted AND j.hidden ~ '^[[:print:][:space:]]{4,}$' AND j.hidden !~ '\\' THEN 'called encrypted, but only base64'
               WHEN j.hidden ~* '"?[a-z0-9_.-]*(secret|passw|token|api_?key|private_?key|credential)[a-z0-9_.-]*"?\s*[:=]'
                    THEN 'by form, in base64, which hides nothing'
               WHEN j.named AND (j.type = 'string' OR length(j.value) >= 4 AND array_to_string(j.path, '_') ~* '(secret|passw)')
                    THEN 'by name'
           END AS why
      FROM judged j
     CROSS JOIN (SELECT '(^|[^A-Za-z0-9])([sr]k_(live|test)_|whsec_|gh[opsur]_[A-Za-z0-9]{20}|github_pat_|glpat-|npm_[A-Za-z0-9]{30}|xox[abeprs]-|AKIA[0-9A-Z]{16}|SG[.][A-Za-z0-9_-]{16}|tnt_(svc|pat|rt)_)'
        || '|-----BEGIN [A-Z ]*PRIVATE KEY-----'
        || '|^eyJ[A-Za-z0-9_-]+[.]eyJ[A-Za-z0-9_-]+[.][A-Za-z0-9_-]*$'
        || '|://[^/:@[:space:]]*:[^/@[:space:]]+@') form (secret)
     CROSS JOIN LATERAL (SELECT regexp_replace(j.value, '[\s\u00a0\u2007\u202f\u2010-\u2015-]', '', 'g')) number (digits)
     CROSS JOIN LATERAL (
        SELECT {cards} AND CASE
            WHEN number.digits !~ '^[0-9]{13,19}$' THEN false
            WHEN number.digits ~ '^4' THEN length(number.digits) IN (13, 16, 19)
            WHEN number.digits ~ '^(5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)' THEN length(number.digits) = 16
            WHEN number.digits ~ '^3[47]' THEN length(number.digits) = 15
            WHEN number.digits ~ '^(6011|64[4-9]|65)' THEN length(number.digits) BETWEEN 16 AND 19
            WHEN number.digits ~ '^(30[0-5]|3095|36|38|39)' THEN length(number.digits) BETWEEN 14 AND 19
            WHEN number.digits ~ '^35(2[89]|[3-8])' THEN length(number.digits) BETWEEN 16 AND 19
            WHEN number.digits ~ '^(62|81)' THEN length(number.digits) BETWEEN 16 AND 19
            WHEN number.digits ~ '^220[0-4]' THEN length(number.digits) BETWEEN 16 AND 19
            WHEN number.digits ~ '^(50|5[6-8]|6)' THEN length(number.digits) BETWEEN 13 AND 19
            ELSE false END
           AND (SELECT sum(CASE WHEN d.place % 2 = 1 THEN d.digit ELSE d.digit * 2 - 9 * (d.digit / 5) END) % 10 = 0
                  FROM (SELECT s.digit::int, s.place
                          FROM string_to_table(reverse(CASE WHEN number.digits ~ '^[0-9]{13,19}$' THEN number.digits END), NULL)
                               WITH ORDINALITY s (digit, place)) d)
     ) card (is_one)
)
-- A key may be a card number or a secret too: then it isn't shown either.
SELECT f.id, f.col::text, f.why, f.why = 'card number' AS card, f.places,
       (SELECT coalesce(string_agg(CASE WHEN s.step ~ '[0-9]{12}' OR length(s.step) > 100 THEN '…' ELSE s.step END, '.' ORDER BY s.place), '')
          FROM unnest(f.path) WITH ORDINALITY s (step, place)) AS path
  FROM (SELECT f.*, count(*) OVER kind AS places, row_number() OVER (kind ORDER BY f.col, f.id, f.path) AS place
          FROM found f WHERE f.why IS NOT NULL WINDOW kind AS (PARTITION BY f.why = 'card number')) f
 WHERE f.place <= {limit}
 ORDER BY card, f.place
