"""Where the API is and how a client comes in: servers, security schemes, and the forms that are posted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mock_sma.fidelity import load_ledger
from mock_sma.openapi.facts import parameter_fact, row_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from mock_sma.sandbox.table.operation import Operation

SERVERS = [
    {"url": "/", "description": "this server: all paths on one address"},
    {
        "url": "https://sandbox.smaapis.de",
        "description": "SMA's sandbox: consent, /monitoring and /basicreporting. Not this server; mock-sma stands in "
        "for it under this name too",
    },
    {"url": "https://sandbox-auth.smaapis.de", "description": "SMA's sandbox: /oauth2/token and the login"},
    {"url": "https://async-auth.smaapis.de", "description": "SMA's production: consent, and /monitoring"},
    {
        "url": "https://auth.smaapis.de",
        "description": "SMA's production: /oauth2/token and the login. Data are at https://monitoring.smaapis.de as "
        "well, there without the prefix /monitoring",
    },
]
"""At the root only: generated clients take an operation's own servers before the address that their user sets."""

SCOPES = {"monitoringApi:read": "read plants whose owners have consented"}

SECURITY_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "an access token"},
    "customFlow": {
        "type": "oauth2",
        "description": "client token of the custom flow: demo_api / demo_secret in the shipped scenarios. It opens "
        "nothing until the owner has consented (tag consent).",
        "flows": {"clientCredentials": {"tokenUrl": "/oauth2/token", "refreshUrl": "/oauth2/token", "scopes": SCOPES}},
    },
    "codeFlow": {
        "type": "oauth2",
        "description": "the owner's token of the code flow: login and consent happen in the owner's browser.",
        "flows": {
            "authorizationCode": {
                "authorizationUrl": "/oauth2/auth",
                "tokenUrl": "/oauth2/token",
                "refreshUrl": "/oauth2/token",
                "scopes": SCOPES | {"offline_access": "a refresh token that outlasts the session"},
            }
        },
    },
}

TAGS = [
    {"name": "auth", "description": "Tokens (RFC 6749). Errors here have the members error and error_description."},
    {
        "name": "consent",
        "description": "The custom flow: with a client token POST /oauth2/v2/bc-authorize asks the owner by mail; GET "
        "tells the state, Pending at first; the owner permits (Accepted) or declines (Rejected), nobody answers in "
        "time (Expired), or the owner takes it back later (Revoked). PUT plays the owner, in the sandbox only. "
        "Without consent the list of plants is empty, which is no error.",
    },
    {"name": "monitoring", "description": "Plants, devices and what they measured."},
    {"name": "basicreporting", "description": "The older and smaller API of plants' generation."},
]


def form_name(operation: Operation) -> str:
    """Return the name of the schema of an operation's form, which is no name of an answer."""
    return f"{operation.id[0].upper()}{operation.id[1:]}Form"


def forms_of(operations: Iterable[Operation]) -> dict[str, Any]:
    """Return the schemas of all forms, by name.

    They have names, as generators make up some for those without, and ``TokenBody`` is what one of them made up.
    """
    return {form_name(operation): _form(operation) for operation in operations if operation.form}


def _form(operation: Operation) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name in operation.form:
        row = row_of(load_ledger(), parameter_fact(operation, name))
        fields[name] = {"type": "string"} | ({} if row is None else {"x-fidelity": row.brief()})
    needed = [name for name in NEEDED if name in operation.form]
    return {"type": "object", "properties": fields} | ({"required": needed} if needed else {})


NEEDED = ("grant_type",)
"""Fields without which a form is refused whatever else it has."""
