"""The code flow without a browser (R15): what the owner does between "Connect SMA" and the way back."""

from __future__ import annotations

import base64
import hashlib
import re
from html import unescape
from typing import TYPE_CHECKING, Any, Protocol

from mock_sma.domain.people import Flow
from mock_sma.errors import UsageError
from mock_sma.http_library import httpx

if TYPE_CHECKING:
    from mock_sma.domain.people import Client, User
    from mock_sma.testing.world import SmaWorld

AUTHORITY = "https://sandbox-auth.smaapis.de"
"""Where ``sma_mock`` and ``sma_hosts`` answer."""

VERIFIER = "mock-sma-code-verifier-0123456789-0123456789"
"""A code verifier for PKCE (RFC 7636, section 4.1)."""

MAX_STEPS = 8
"""Pages and redirects between the first page and the way back: login, consent, and what leads to them."""

_FORM = re.compile(r'<form method="post" action="([^"]+)"')
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


class HasWorld(Protocol):
    """What ``sma_mock``, ``sma_hosts`` and ``sma_server`` have in common."""

    @property
    def sandbox(self) -> SmaWorld:
        """The world of the test."""


class DeclinedError(UsageError):
    """The owner did not permit; the application is told so (RFC 6749, section 4.1.2.1)."""


def owner_answers(
    url: str | httpx.URL, *, email: str, password: str, decision: str = "accept", http: httpx.Client | None = None
) -> httpx.URL:
    """Do in a browser of their own what an owner does, and return the address that leads back to the application.

    The login page comes each time; the consent screen only while there is something to permit.

    Args:
        url: where the application sends the owner: ``…/oauth2/auth?…``.
        email: the e-mail address of the owner.
        password: the password of the login.
        decision: ``accept`` or ``decline``.
        http: a client to use; its cookies then make it the same browser again. None: a new browser.

    Raises:
        UsageError: the pages refuse the request or the login, with their words.
    """
    if http is None:
        with httpx.Client() as browser:
            return owner_answers(url, email=email, password=password, decision=decision, http=browser)
    page = http.get(url, follow_redirects=False)
    origin = page.url.copy_with(raw_path=b"/")
    asked: set[str] = set()
    for _ in range(MAX_STEPS):
        if page.is_redirect:
            back = page.url.join(page.headers["Location"])
            if back.copy_with(raw_path=b"/", fragment=None) != origin:
                return back
            page = http.get(back, follow_redirects=False)
            continue
        form, csrf = _FORM.search(page.text), _CSRF.search(page.text)
        what = "login" if 'name="password"' in page.text else "consent"
        if page.is_error or form is None or csrf is None or what in asked:
            raise UsageError(f"the owner could not get past {page.url.path} ({page.status_code}): {_words(page.text)}")
        asked.add(what)
        fields = {"username": email, "password": password} if what == "login" else {"decision": decision}
        action = page.url.join(unescape(form[1]))
        page = http.post(action, data={"csrf": csrf[1], **fields}, follow_redirects=False)
    raise UsageError(f"{url} goes from page to page and never back to the application")


def code_flow_token(
    sma: HasWorld,
    *,
    client_id: str | None = None,
    email: str | None = None,
    redirect_uri: str | None = None,
    scope: str | None = None,
    decision: str = "accept",
) -> dict[str, Any]:
    """Return the tokens that an application of the code flow has once the owner has been through login and consent.

    Args:
        sma: what a fixture gives: ``sma_mock``, ``sma_hosts`` or ``sma_server``.
        client_id: the id of the application; None: the world's first one of the code flow.
        email: the e-mail address of the owner; None: the world's first registered one.
        redirect_uri: one that the application has registered; None: its first.
        scope: what is asked for; None: left to the server.
        decision: what the owner does on the consent screen, where it comes: ``accept`` or ``decline``.

    Returns:
        The token endpoint's answer: ``access_token``, ``refresh_token``, ``expires_in`` [s] and the others.

    Raises:
        DeclinedError: the owner declined.
        UsageError: the world has no such application or owner, or refuses the request.
    """
    client, owner = _application(sma.sandbox, client_id), _owner(sma.sandbox, email)
    back_to = redirect_uri or next(iter(client.redirect_uris), "")
    origin = str(getattr(sma, "url", AUTHORITY))
    digest = hashlib.sha256(VERIFIER.encode()).digest()
    ask = {
        "client_id": client.id,
        "response_type": "code",
        "redirect_uri": back_to,
        "state": "mock-sma-state",
        "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        "code_challenge_method": "S256",
        **({} if scope is None else {"scope": scope}),
    }
    url = httpx.URL(f"{origin}/oauth2/auth", params=ask)
    back = owner_answers(url, email=owner.email, password=owner.password, decision=decision)
    if "code" not in back.params:
        raise DeclinedError(f"{owner.email} did not give consent: {back.params.get('error', 'no code came back')}")
    form = {
        "grant_type": "authorization_code",
        "code": back.params["code"],
        "redirect_uri": back_to,
        "code_verifier": VERIFIER,
    }
    answer = httpx.post(f"{origin}/oauth2/token", data=form, auth=(client.id, client.secret))
    if answer.is_error:
        raise UsageError(f"the token endpoint refused the code ({answer.status_code}): {answer.text}")
    tokens: dict[str, Any] = answer.json()
    return tokens


def _application(world: SmaWorld, client_id: str | None) -> Client:
    if client_id is not None:
        if client_id not in world.clients:
            raise UsageError(f"no client {client_id!r}; this world has {', '.join(world.clients) or 'none'}")
        return world.clients[client_id]
    found = next((client for client in world.clients.values() if client.flow is Flow.CODE), None)
    if found is None:
        raise UsageError("this world has no client of the code flow; add one with flow: code to its scenario")
    return found


def _owner(world: SmaWorld, email: str | None) -> User:
    people = [user for user in world.scenario.users if email is None or user.key == email.casefold()]
    if not people:
        raise UsageError(f"this world has no user {email!r}" if email else "this world has no users")
    owners = {user.key for plant in world.scenario.plants for user in plant.users if user.owner}
    return next((user for user in people if user.registered and user.key in owners), people[0])


def _words(page: str) -> str:
    """Return what a page says, without its markup."""
    body = page.partition("<main")[2] or page
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", "<" + body)).split())[:300]
