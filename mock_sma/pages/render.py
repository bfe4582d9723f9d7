"""From a template to an answer, with the headers that every page carries."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, datetime
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from mock_sma.domain.redirect import in_ascii
from mock_sma.pages.browser import browser_of, cookie_header
from mock_sma.pages.words import WORDS, page_language
from mock_sma.sandbox.exchange import HTML, Answer, parameter_pairs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jinja2 import Environment

    from mock_sma.errors import ApiError
    from mock_sma.sandbox.handlers.call import Call
    from mock_sma.sandbox.world.browsers import BrowserSession

ACTION_SELF = "'self'"


@cache
def stylesheet() -> str:
    """Return the style sheet; its first rule holds the design's tokens."""
    return resources.files("mock_sma.pages").joinpath("style.css").read_text(encoding="utf-8")


@cache
def _style_hash() -> str:
    digest = hashlib.sha256(stylesheet().encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@cache
def _environment() -> Environment:
    # Four megabytes and a tenth of a second that a server without visitors never spends.
    from jinja2 import Environment, PackageLoader, StrictUndefined  # noqa: PLC0415 - see above

    environment = Environment(
        loader=PackageLoader("mock_sma.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["instant"] = instant
    return environment


def instant(at: float) -> str:
    """Return a time [s since the epoch] for people."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"


class Words:
    """The words of one language, with their places filled in."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._words: Mapping[str, str] = WORDS[language]

    def __call__(self, name: str, **facts: object) -> str:
        """Return the sentence called ``name``."""
        return self._words[name].format_map(facts)

    def scope(self, scope: str) -> str:
        """Return what a scope means; one that nobody knows speaks for itself."""
        return self._words.get(f"scope:{scope}", scope)


def page(
    call: Call,
    session: BrowserSession,
    template: str,
    *,
    status: int = 200,
    here: str | None,
    leads_to: str = "",
    **facts: Any,
) -> Answer:
    """Return a page.

    Args:
        call: the call that asks for the page.
        session: the session of the browser; it gets the cookie again.
        template: name without ``.html``.
        status: the status of the answer.
        here: path and query that show this page, for the change of language; None: the answer to a form.
        leads_to: what a form's answer may lead to besides this origin (CSP ``form-action``).
        facts: the facts for the template.
    """
    words = Words(page_language(call, session))
    body = (
        _environment()
        .get_template(f"{template}.html")
        .render(
            t=words,
            style=stylesheet(),
            csrf=session.csrf,
            user=call.world.estate.users.get(session.user or ""),
            languages=[] if here is None else [(name, _in_language(here, name)) for name in WORDS],
            **facts,
        )
    )
    return Answer(body.encode(), status, HTML, headers=(cookie_header(call, session), *_protection(leads_to)))


def _in_language(here: str, language: str) -> str:
    path, _, query = here.partition("?")
    pairs = [(name, value) for name, value in parameter_pairs(query) if name.lower() != "ui_locales"]
    return f"{path}?{urlencode([*pairs, ('ui_locales', language)])}"


def _protection(leads_to: str) -> tuple[tuple[bytes, bytes], ...]:
    policy = (
        f"default-src 'none'; style-src {_style_hash()}; img-src data:; form-action 'self' {leads_to}".rstrip()
        + "; base-uri 'none'; frame-ancestors 'none'"
    )
    return (
        (b"content-security-policy", policy.encode()),
        (b"x-frame-options", b"DENY"),
        (b"x-content-type-options", b"nosniff"),
        # With no-referrer a browser would send "Origin: null" with our own forms.
        (b"referrer-policy", b"same-origin"),
        *NO_STORE,
    )


NO_STORE = ((b"cache-control", b"no-store"), (b"pragma", b"no-cache"))


def redirect(location: str, *more: tuple[bytes, bytes], status: int = 303) -> Answer:
    """Return an answer that leads elsewhere."""
    return Answer(status=status, headers=((b"location", in_ascii(location).encode()), *more, *NO_STORE))


def refuse(call: Call, error: ApiError) -> Answer:
    """Return an error as a page, or the redirect that it stands for."""
    if error.status < 400:
        headers = tuple((name.encode(), in_ascii(value).encode()) for name, value in error.headers)
        return Answer(status=error.status, headers=(*headers, *NO_STORE))
    session = browser_of(call)
    known = error.message if error.message in WORDS["en"] else None
    return page(
        call,
        session,
        "error",
        status=error.status,
        here=f"{call.request.path}?{call.request.query}" if call.request.method == "GET" else None,
        key=known,
        message=error.message,
        why=[data["text"] for _, data in call.trace if isinstance(data, dict) and "text" in data],
    )
