"""Forms that come back from our own pages, and nobody else's."""

from __future__ import annotations

from hmac import compare_digest
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mock_sma.errors import ApiError
from mock_sma.sandbox.exchange import FORM, Parameters

if TYPE_CHECKING:
    from mock_sma.domain.people import User
    from mock_sma.sandbox.handlers.call import Call
    from mock_sma.sandbox.world.browsers import BrowserSession


def form_from(call: Call, session: BrowserSession) -> dict[str, str]:
    """Return the fields of a form that one of our pages sent for this browser.

    Raises:
        ApiError: 415 where the body is no form; 403 where it came from another origin, or without this browser's
            CSRF token.
    """
    request = call.request
    if request.media_type.encode() != FORM:
        raise ApiError(415, "Unsupported Media Type")
    origin = request.header(b"origin")
    host = request.header(b"host") or request.host
    if origin is not None and _place(origin) != host.lower():
        call.note("form", text=f"the form came from a page of {origin[:100]}, not of {host[:100]}")
        raise ApiError(403, "error_form")
    fields = Parameters(request.body.decode("utf-8", "replace")).as_dict()
    if not compare_digest(fields.get("csrf", "").encode(), session.csrf.encode()):
        call.note("form", text="the form carries another CSRF token than this browser's, or no cookie came with it")
        raise ApiError(403, "error_form")
    return fields


def _place(origin: str) -> str | None:
    """Return an Origin's host and port; None where there is none to be read."""
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return None


def user_logged_in(call: Call, session: BrowserSession) -> User | None:
    """Return who is logged in, or None."""
    return call.world.estate.users.get(session.user or "")


def user_of_login(call: Call, fields: dict[str, str]) -> User | None:
    """Return whose name and password a login form holds, or None; an unregistered person has no login (R04)."""
    name = fields.get("username", "").strip()
    user = call.world.estate.users.get(name.casefold())
    if user is None:
        call.note("login", text=f"nobody has the e-mail {name[:100]!r}")
    elif not user.registered:
        call.note("login", text=f"{user.email} never completed registration, so has no login (R04)")
    elif not compare_digest(user.password.encode(), fields.get("password", "").encode()):
        call.note("login", text=f"the password of {user.email} is wrong")
    else:
        call.note("login", text=f"{user.email} is logged in")
        return user
    return None
