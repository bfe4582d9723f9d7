"""Pages: Jinja2 templates, always escaped, under a policy that lets no foreign script or style in."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse

from mock_sma.api.console.fault_words import scope_of, title_of, turn_of
from mock_sma.api.console.rule_links import ruled
from mock_sma.api.console.undo import KEPT_STEPS, STEPS, happened, times_of
from mock_sma.api.console.zones import BERLIN
from mock_sma.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.responses import Response

    from mock_sma.api.console.moments import Moment
    from mock_sma.api.console.visit import Visit

STATIC = Path(str(resources.files("mock_sma.api.console"))) / "static"
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "cache-control": "no-store",
    # Not no-referrer: a browser would send the forms with "Origin: null" then, and the guard refuse them.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
NAVIGATION = (
    ("Start", ""),
    ("Timeline", "timeline"),
    ("Plants", "plants"),
    ("Consents", "consents"),
    ("Mailbox", "mailbox"),
    ("Requests", "requests"),
    ("Your client", "client"),
    ("Scenarios", "scenarios"),
    ("Faults", "faults"),
    ("API", "api"),
    ("Worlds", "worlds"),
)
THEMES = ("light", "dark")
NEXT = "next"
UNDONE = frozenset(("clock", NEXT, "scenario", "reset"))
"""Of what was done, the steps that can be taken back."""

DONE = {
    "clock": "The clock is set.",
    NEXT: "The next thing has happened.",
    "undo": "The last step is undone.",
    "saved": "The world is saved.",
    "restored": "The world is as it was at the save point.",
    "forgotten": "The save point is forgotten.",
    "forked": "This is the fork; it goes its own way from here.",
    "accept": "The consent is accepted.",
    "reject": "The consent is rejected.",
    "revoke": "The consent is revoked.",
    "expire": "The request has expired.",
    "event": "It has happened; numbers, status and logs follow.",
    "owner": "The owner flag is changed.",
    "rows": "Rows are changed; what the file covers is served from it, all else is simulated.",
    "mailbox": "The mailbox is empty.",
    "requests": "All requests are forgotten.",
    "scenario": "The scenario runs from its beginning.",
    "fault-on": "The fault is on.",
    "fault-off": "The fault is off.",
    "faults-off": "All faults are off.",
    "world": "The world is removed.",
    "reset": "The world is back at its beginning.",
}
"""What was done, by the word that the address of the next page carries."""


@cache
def stamp() -> str:
    """Return a fingerprint of all static files, so that a new release is never mixed with cached old files.

    It stands in their path: what one script imports from beside it is then the very file that the page loads.
    """
    files = sorted(file for file in STATIC.rglob("*") if file.is_file())
    return hashlib.sha256(b"".join(hashlib.sha256(file.read_bytes()).digest() for file in files)).hexdigest()[:10]


def static(name: str) -> str:
    """Return the address of a static file."""
    return f"/_mock/console/static/{stamp()}/{name}"


def moment(at: float, form: str = "%d %b %Y %H:%M:%S") -> str:
    """Return a time [s since the epoch] as a reader in SMA's home time zone writes it."""
    return f"{datetime.fromtimestamp(at, UTC).astimezone(BERLIN):{form}}"


def iso(at: float) -> str:
    """Return a time [s since the epoch] for a ``time`` element's ``datetime``."""
    return datetime.fromtimestamp(at, UTC).astimezone(BERLIN).isoformat(timespec="milliseconds")


def lasting(seconds: float) -> str:
    """Return a length of time [s] in its two largest units."""
    rest = max(0, round(seconds))
    parts: list[str] = []
    for size, unit in ((31_557_600, "y"), (86_400, "d"), (3_600, "h"), (60, "min"), (1, "s")):
        number, rest = divmod(rest, size)
        if number or (unit == "s" and not parts):
            parts.append(f"{number} {unit}")
        elif parts:
            break
    return " ".join(parts[:2])


BREAKABLE_FROM = 32
"""Characters from which on an address may be broken."""


def breakable(text: object) -> Markup:
    """Return a text that a line may end in behind each slash of, and before a query, rather than anywhere."""
    if len(str(text)) < BREAKABLE_FROM:
        return escape(str(text))
    return Markup(re.sub(r"(?<=/)(?!/)|(?=[?&])", "<wbr>", escape(str(text))))  # noqa: S704 - escaped before


def moments_json(moments: Iterable[Moment]) -> Markup:
    """Return moments for a script, as JSON that ends no element."""
    found = [{"at": item.at, "what": item.what, "effect": item.effect} for item in moments]
    return htmlsafe_json_dumps(found)


def pretty(value: bytes | str | object) -> str:
    """Return JSON with line breaks; a text that is no JSON as it is."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return str(value)
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def without_done(here: str) -> str:
    """Return an address without the word of what was done, so that it is said once."""
    parts = urlsplit(here)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "done"]
    return parts.path + (f"?{urlencode(kept)}" if kept else "")


@cache
def environment() -> Environment:
    """Return the templates."""
    made = Environment(
        loader=PackageLoader("mock_sma.api.console"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {
        "fault_title": title_of,
        "fault_scope": scope_of,
        "in_force": lambda faults, world: [item for item in faults if turn_of(item, world.clock.now()).in_force],
        "dictionary": dict,
        "latin": lambda value: value.decode("latin-1"),
        "moment": moment,
        "lasting": lasting,
        "moments_json": moments_json,
        "ruled": ruled,
        "iso": iso,
        "breakable": breakable,
        "pretty": pretty,
        "without_done": without_done,
    }
    made.globals |= {
        "static": static,
        "version": __version__,
        "navigation": NAVIGATION,
        "strides": STEPS,
        "kept_steps": KEPT_STEPS,
    }
    return made


def page(visit: Visit, template: str, /, *, code: int = 200, **context: Any) -> Response:
    """Return a page.

    Args:
        template: name of a template without its ending; the first part of it is the entry of the navigation.
        code: status of the answer.
        context: what the template shows.
    """
    done = visit.query("done")
    theme = visit.request.cookies.get("mock_sma_theme", "")
    text = (
        environment()
        .get_template(f"{template}.html")
        .render(
            visit=visit,
            world=visit.world,
            csrf=visit.login.csrf,
            theme=theme if theme in THEMES else "",
            here=visit.here,
            time=None if visit.locked else times_of(visit.world),
            done=DONE.get(done, ""),
            happened=happened(visit.world) if done == NEXT and not visit.locked else None,
            is_step=done in UNDONE,
            **context,
        )
    )
    return HTMLResponse(text, code, HEADERS)
