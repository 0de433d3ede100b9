"""What an OpenAPI document can't say of the server, told to schemathesis: how parameters depend on one another, and who
signs in."""

import ipaddress
import itertools
import os
import re

import schemathesis
from schemathesis.specs.openapi import checks

WRITES = {"POST", "PATCH", "DELETE"}

# Refusals of requests whose parts are each as documented: a change of every row, a CHECK of several columns, the JSON null
# where a column of JSON must have a value, and offsets from UTC that RFC 3339 knows and PostgreSQL doesn't.
OF_THE_WHOLE = {"21000", "22009", "23502", "23514"}

# Credentials that are written as they should be, and nobody's; and the time that such attempts cost.
NOBODYS = {"invalid_credentials", "refresh_token_not_found", "reauthentication_needed", "over_request_rate_limit"}

# To JSON Schema 1.0 is an integer, to PostgreSQL it isn't.
WHOLE_FLOAT = re.compile(r'type (integer|bigint|smallint|boolean): \\?"-?[0-9.e+]+\\?"')

# A trigger fills these whatever is sent, so that null is no mistake.
FILLED = {"created_at", "updated_at"}


# Wrong passwords are slowed down by address, as tests of their own show. Each request comes from another one, by the word
# of the proxy that the server believes here, so that it is the sign-in itself that is tried.
ADDRESSES = map(str, map(ipaddress.IPv4Address, itertools.count(int(ipaddress.IPv4Address("10.0.0.0")))))


@schemathesis.hook
def before_load_schema(context, raw_schema):
    """Has somebody who is there sign in too."""
    grant = raw_schema["paths"]["/auth/v1/token"]["post"]["requestBody"]["content"]["application/json"]
    grant["examples"] = {"person": {"value": {"email": os.environ["FUZZ_EMAIL"], "password": os.environ["FUZZ_PASSWORD"]}}}


GRANTS = ("password", "refresh_token")


# What some parameters of a write mean depends on a preference.
NEEDED = {"select": "return=representation", "order": "return=representation", "on_conflict": "resolution=merge-duplicates"}


@schemathesis.hook
def before_call(context, case, kwargs):
    """Sends the preferences along that the parameters need, and says where a sign-in comes from, and which one it is."""
    if case.path.startswith("/auth/v1/"):
        case.headers["X-Forwarded-For"] = next(ADDRESSES)
    if case.path == "/auth/v1/token" and case.query.get("grant_type") in GRANTS and isinstance(case.body, dict):
        case.query["grant_type"] = next((grant for grant in GRANTS if grant in case.body), GRANTS[0])
    if case.method.upper() == "PATCH" and not (case.headers or {}).get("Prefer"):
        case.headers["Prefer"] = "count=exact"
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


def code(response, member="code"):
    try:
        return response.json().get(member)
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
    is_nobody = case.path.startswith("/auth/v1/") and code(response, "error_code") in NOBODYS
    return None if is_version or is_whole or is_nobody else checks.positive_data_acceptance(ctx, response, case)


def fills(body):
    rows = body if isinstance(body, list) else [body]
    return any(isinstance(row, dict) and any(row.get(name, "") is None for name in FILLED) for row in rows)


@schemathesis.check
def bad_input_is_refused(ctx, response, case):
    """As HTTP says, headers that nobody knows are passed over. And a CHECK is asked about rows, not about what is sent."""
    if response.status_code in (200, 204) and response.headers.get("content-range") == ["*/0"]:
        return None
    is_unknown = any(name.lower().startswith("x-schemathesis-unknown") for name in case.headers or {})
    return None if is_unknown or fills(case.body) else checks.negative_data_rejection(ctx, response, case)
