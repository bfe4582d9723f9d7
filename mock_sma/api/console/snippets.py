"""Requests to copy: curl, Python and JavaScript that work as they stand."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, NamedTuple, Self
from urllib.parse import quote

from mock_sma.domain.people import Flow
from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from mock_sma.sandbox.sandbox import Sandbox


class Snippet(NamedTuple):
    """One text to copy, with its language's name and its key in the page."""

    key: str
    language: str
    text: str


@frozen(kw_only=True)
class Caller:
    """Who asks, and where.

    Attributes:
        owner: e-mail of an owner who can be asked for consent; None where the world has none.
    """

    origin: str
    client_id: str
    client_secret: str
    owner: str | None

    @classmethod
    def of(cls, world: Sandbox, origin: str, *, plant: str | None = None) -> Self | None:
        """Return the first client of the custom flow with the first owner, of ``plant`` where one is named."""
        client = next((item for item in world.clients.values() if item.flow is Flow.CUSTOM), None)
        if client is None:
            return None
        owner = next(
            (
                user.email
                for user in world.estate.users.values()
                if user.registered and (owned := world.estate.owned_by(user.email)) and plant in (None, *owned)
            ),
            None,
        )
        return cls(origin=origin, client_id=client.id, client_secret=client.secret, owner=owner)


def snippets(caller: Caller, path: str = "/monitoring/v1/plants") -> list[Snippet]:
    """Return what to copy to ask for ``path``, from the token on, in three languages, in Python for two libraries."""
    return [
        Snippet("curl", "curl", _curl(caller, path)),
        Snippet("python", "Python", _python(caller, path)),
        Snippet("requests", "requests", _requests(caller, path)),
        Snippet("fetch", "JavaScript", _fetch(caller, path)),
    ]


def _curl(caller: Caller, path: str) -> str:
    lines = [
        f"BASE={shlex.quote(caller.origin)}",
        'TOKEN=$(curl -sf "$BASE/oauth2/token" -d grant_type=client_credentials \\',
        f"  --data-urlencode client_id={shlex.quote(caller.client_id)} \\",
        f"  --data-urlencode client_secret={shlex.quote(caller.client_secret)} |",
        """  sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')""",
    ]
    if caller.owner is not None:
        ask, answer = shlex.quote(_json(loginHint=caller.owner)), shlex.quote(_json(state="Accepted"))
        lines += [
            "# Ask the owner for consent, then permit in the owner's place",
            'curl -sf -o /dev/null "$BASE/oauth2/v2/bc-authorize" -H "Authorization: Bearer $TOKEN" \\',
            f"  -H 'Content-Type: application/json' -d {ask}",
            f'curl -sf -o /dev/null -X PUT "$BASE"{shlex.quote(_status(caller.owner))} \\',
            '  -H "Authorization: Bearer $TOKEN" \\',
            f"  -H 'Content-Type: application/json' -d {answer} || true  # permitted before",
        ]
    lines.append(f'curl -sf "$BASE"{shlex.quote(path)} -H "Authorization: Bearer $TOKEN"')
    return "\n".join(lines) + "\n"


def _python(caller: Caller, path: str) -> str:
    lines = [
        "import httpx",
        "",
        f"sma = httpx.Client(base_url={_json_text(caller.origin)})",
        "form = {",
        '    "grant_type": "client_credentials",',
        f'    "client_id": {_json_text(caller.client_id)},',
        f'    "client_secret": {_json_text(caller.client_secret)},',
        "}",
        'token = sma.post("/oauth2/token", data=form).raise_for_status().json()["access_token"]',
        'sma.headers["Authorization"] = f"Bearer {token}"',
    ]
    if caller.owner is not None:
        lines += [
            "# Ask the owner for consent, then permit in the owner's place",
            f'sma.post("/oauth2/v2/bc-authorize", json={_json(loginHint=caller.owner)}).raise_for_status()',
            f'sma.put({_json_text(_status(caller.owner))}, json={{"state": "Accepted"}})',
        ]
    lines.append(f"print(sma.get({_json_text(path)}).raise_for_status().text)")
    return "\n".join(lines) + "\n"


def _requests(caller: Caller, path: str) -> str:
    lines = [
        "import requests",
        "",
        f"base = {_json_text(caller.origin)}",
        "form = {",
        '    "grant_type": "client_credentials",',
        f'    "client_id": {_json_text(caller.client_id)},',
        f'    "client_secret": {_json_text(caller.client_secret)},',
        "}",
        'answer = requests.post(base + "/oauth2/token", data=form)',
        "answer.raise_for_status()",
        "sma = requests.Session()",
        'sma.headers["Authorization"] = "Bearer " + answer.json()["access_token"]',
    ]
    if caller.owner is not None:
        lines += [
            "# Ask the owner for consent, then permit in the owner's place",
            f'sma.post(base + "/oauth2/v2/bc-authorize", json={_json(loginHint=caller.owner)}).raise_for_status()',
            f'sma.put(base + {_json_text(_status(caller.owner))}, json={{"state": "Accepted"}})',
        ]
    lines += [f"answer = sma.get(base + {_json_text(path)})", "answer.raise_for_status()", "print(answer.text)"]
    return "\n".join(lines) + "\n"


def _fetch(caller: Caller, path: str) -> str:
    lines = [
        f"const base = {_json_text(caller.origin)};",
        "const form = new URLSearchParams({",
        '  grant_type: "client_credentials",',
        f"  client_id: {_json_text(caller.client_id)},",
        f"  client_secret: {_json_text(caller.client_secret)},",
        "});",
        'const answer = await fetch(base + "/oauth2/token", { method: "POST", body: form });',
        "const { access_token: token } = await answer.json();",
        'const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };',
    ]
    if caller.owner is not None:
        lines += [
            "// Ask the owner for consent, then permit in the owner's place",
            f"const ask = JSON.stringify({_json(loginHint=caller.owner)});",
            'await fetch(base + "/oauth2/v2/bc-authorize", { method: "POST", headers, body: ask });',
            'const permit = JSON.stringify({ state: "Accepted" });',
            f'await fetch(base + {_json_text(_status(caller.owner))}, {{ method: "PUT", headers, body: permit }});',
        ]
    lines += [
        f"const data = await fetch(base + {_json_text(path)}, {{ headers }});",
        "console.log(await data.text());",
    ]
    return "\n".join(lines) + "\n"


def _status(owner: str) -> str:
    return f"/oauth2/v2/bc-authorize/{quote(owner, safe='@')}/status"


def _json(**members: str) -> str:
    return json.dumps(members, ensure_ascii=False)


def _json_text(text: str) -> str:
    """Return a text as a literal that Python and JavaScript read alike."""
    return json.dumps(text, ensure_ascii=False)
