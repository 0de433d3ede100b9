"""What an OpenAPI document can't say of the table API, told to schemathesis: how parameters depend on one another."""

import re

import schemathesis
from schemathesis.specs.openapi import checks

WRITES = {"POST", "PATCH", "DELETE"}

# Refusals of requests whose parts are each as documented: a change of every row, a CHECK of several columns, the JSON null
# where a column of JSON must have a value, and offsets from UTC that RFC 3339 knows and PostgreSQL doesn't.
# Numbers that a column's precision has no room for are 22003.
OF_THE_WHOLE = {"21000", "22003", "22009", "23502", "23514"}

# To JSON Schema 1.0 is an integer, to PostgreSQL it isn't.
WHOLE_FLOAT = re.compile(r'type (integer|bigint|smallint): \\?"-?[0-9.e+]+\\?"')

# A trigger fills these whatever is sent, so that null is no mistake.
FILLED = {"created_at", "updated_at"}


# What some parameters of a write mean depends on a preference.
NEEDED = {"select": "return=representation", "order": "return=representation", "on_conflict": "resolution=merge-duplicates"}


@schemathesis.hook
def before_call(context, case, kwargs):
    """Sends the preferences along that the parameters need."""
    needed = sorted({NEEDED[name] for name in case.query or {} if name in NEEDED})
    prefer = (case.headers or {}).get("Prefer")
    if case.method.upper() in WRITES and needed and (prefer is None or is_documented(case, prefer)):
        case.headers["Prefer"] = ", ".join(filter(None, [*needed, prefer]))


def is_documented(case, prefer):
    kinds = [kind for header in case.operation.headers if header.name == "Prefer" for kind in header.definition["schema"]["anyOf"]]
    return any(prefer in kind.get("enum", ()) or re.fullmatch(kind.get("pattern", "(?!)"), prefer) for kind in kinds)


def is_minimal(response):
    """Whether the answer says that a row was added, and nothing else, because nobody asked for more."""
    return response.status_code == 201 and not response.content


def code(response):
    try:
        return response.json().get("code")
    except (ValueError, AttributeError):
        return None


@schemathesis.check
def content_type_of_bodies(ctx, response, case):
    return None if is_minimal(response) else checks.content_type_conformance(ctx, response, case)


@schemathesis.check
def schema_of_bodies(ctx, response, case):
    return None if is_minimal(response) else checks.response_schema_conformance(ctx, response, case)


@schemathesis.check
def good_input_is_taken(ctx, response, case):
    # Which versions `If-Match` can name depends on the table, and schemathesis drops the quotes.
    is_version = "If-Match" in (case.headers or {}) and response.status_code == 400
    is_whole = code(response) in OF_THE_WHOLE or WHOLE_FLOAT.search(response.text)
    return None if is_version or is_whole else checks.positive_data_acceptance(ctx, response, case)


def fills(body):
    rows = body if isinstance(body, list) else [body]
    return any(isinstance(row, dict) and any(row.get(name, "") is None for name in FILLED) for row in rows)


@schemathesis.check
def bad_input_is_refused(ctx, response, case):
    """As HTTP says, headers that nobody knows are passed over, and so is nothing between two commas of a list."""
    headers = {name.lower(): value for name, value in (case.headers or {}).items()}
    prefer = str(headers.get("prefer", ""))
    has_gap = "prefer" in headers and "" in [entry.strip() for entry in prefer.split(",")]
    is_unknown = any(name.startswith("x-schemathesis-unknown") for name in headers)
    return None if is_unknown or has_gap or fills(case.body) else checks.negative_data_rejection(ctx, response, case)
