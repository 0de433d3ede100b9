"""What an OpenAPI document can't say of the table API, told to schemathesis: how parameters depend on one another."""

import schemathesis
from schemathesis.specs.openapi import checks

WRITES = {"POST", "PATCH", "DELETE"}

# Refusals of requests whose parts are each as documented: a change of every row, a CHECK of several columns, and the JSON
# null where a column of JSON must have a value.
OF_THE_WHOLE = {"21000", "23502", "23514"}


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
    schemas = [header.definition["schema"] for header in case.operation.headers if header.name == "Prefer"]
    return any(prefer in str(schema) for schema in schemas)


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
    is_whole = code(response) in OF_THE_WHOLE
    return None if is_version or is_whole else checks.positive_data_acceptance(ctx, response, case)


@schemathesis.check
def bad_input_is_refused(ctx, response, case):
    """Everybody passes over headers that they don't know, as HTTP says."""
    is_header = any(name.lower().startswith("x-schemathesis-unknown") for name in case.headers or {})
    return None if is_header else checks.negative_data_rejection(ctx, response, case)
