"""What a browser brings to ``/oauth2/auth``, checked in Keycloak's order (R15; RFC 6749 section 4.1.1)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from mock_sma.domain.people import Flow
from mock_sma.domain.redirect import is_registered
from mock_sma.errors import ApiError
from mock_sma.frozen import frozen
from mock_sma.sandbox.exchange import Parameters
from mock_sma.sandbox.handlers.auth.scopes import wanted_scopes
from mock_sma.sandbox.world.codes import Challenge

if TYPE_CHECKING:
    from mock_sma.domain.people import Client
    from mock_sma.sandbox.handlers.call import Call

CHALLENGE = re.compile(r"[A-Za-z0-9._~-]{43,128}")
"""RFC 7636, section 4.2."""

CONSOLE_CALLBACK = re.compile(r"/_mock(?:/worlds/[A-Za-z0-9_.-]{1,64})?/console/callback")
"""Where the console shows a code that comes back, in each world."""

STANDARD_FLOW_OFF = (
    "Client is not allowed to initiate browser login with given response_type. "
    "Standard flow is disabled for the client."
)


@frozen(kw_only=True)
class Authorization:
    """A checked authorisation request.

    Attributes:
        scopes: the scopes of the tokens to come.
        prompt: words of OpenID Connect's ``prompt``.
        query: parameters as they came, for the next page.
    """

    client: Client
    redirect_uri: str
    state: str | None
    scopes: tuple[str, ...]
    challenge: Challenge | None
    prompt: frozenset[str]
    login_hint: str
    query: str

    @property
    def app(self) -> str:
        """The application's name for people."""
        return self.client.name or self.client.id

    def back(self, **parameters: str) -> str:
        """Return where the browser goes with an answer: ``state`` first, as Keycloak sends it."""
        state = {} if self.state is None else {"state": self.state}
        return with_parameters(self.redirect_uri, state | parameters)

    def error(self, error: str, description: str = "") -> ApiError:
        """Return the redirect that tells the application of an error (RFC 6749, section 4.1.2.1)."""
        return redirect_error(self.redirect_uri, self.state, error, description)


def with_parameters(uri: str, parameters: dict[str, str]) -> str:
    """Return a URI with parameters added to its query; a space as ``%20``, which every client decodes."""
    joint = "&" if "?" in uri else "?"
    return f"{uri}{joint}{urlencode(parameters, quote_via=quote)}"


def redirect_error(uri: str, state: str | None, error: str, description: str) -> ApiError:
    """Return an error that travels back to the application in a redirect."""
    parameters = {"error": error}
    if description:
        parameters["error_description"] = description
    if state is not None:
        parameters["state"] = state
    return ApiError(302, error, headers=(("location", with_parameters(uri, parameters)),))


def _is_consoles(call: Call, uri: str) -> bool:
    """Tell whether a URI is the callback page of this server's own console: SMA has none, so no client means it."""
    own = call.request.origin
    return uri.startswith(own) and CONSOLE_CALLBACK.fullmatch(uri[len(own) :]) is not None


def read_authorization(call: Call) -> Authorization:
    """Return the authorisation request of a call's query.

    Raises:
        ApiError: 400 for an unknown client or redirect URI, which never becomes a redirect (RFC 6749, section
            4.1.2.1); 302 back to the application for all else that is wrong.
    """
    parameters = Parameters(call.request.query)
    given = parameters.as_dict()
    client = _client(call, given.get("client_id", ""))
    uri = given.get("redirect_uri", "")
    if parameters.count("redirect_uri") > 1:
        call.note("redirect", text="the request names redirect_uri more than once: where it leads to is not known")
        raise ApiError(400, "error_redirect")
    if not is_registered(uri, client.redirect_uris) and not _is_consoles(call, uri):
        known = ", ".join(client.redirect_uris) or "none"
        call.note("redirect", text=f"the redirect_uri {uri[:200]!r} is not registered; {client.id!r} has {known}")
        raise ApiError(400, "error_redirect")
    state = given.get("state")
    try:
        return Authorization(
            client=client,
            redirect_uri=uri,
            state=state,
            scopes=_checked(client, parameters, given),
            challenge=_challenge(given),
            prompt=frozenset(given.get("prompt", "").split()),
            login_hint=given.get("login_hint", ""),
            query=call.request.query,
        )
    except ApiError as error:
        call.note("authorization", text=f"sent back to the application: {error.error}: {error.message}")
        raise redirect_error(uri, state, error.error or "invalid_request", error.message) from None


def _client(call: Call, client_id: str) -> Client:
    if not client_id:
        raise ApiError(400, "error_no_client")
    call.client_id = client_id
    client = call.world.clients.get(client_id)
    if client is None:
        call.note(
            "client", text=f"the client {client_id[:100]!r} is unknown; this world has {', '.join(call.world.clients)}"
        )
        raise ApiError(400, "error_client")
    return client


def _checked(client: Client, parameters: Parameters, given: dict[str, str]) -> tuple[str, ...]:
    kind = given.get("response_type")
    if not kind:
        raise _wrong("invalid_request", "Missing parameter: response_type")
    if kind != "code":
        raise _wrong("unsupported_response_type")
    if given.get("response_mode", "query") != "query":
        raise _wrong("invalid_request", "Invalid parameter: response_mode")
    if client.flow is not Flow.CODE:
        raise _wrong("unauthorized_client", STANDARD_FLOW_OFF)
    if parameters.repeated() is not None:
        raise _wrong("invalid_request", "duplicated parameter")
    return tuple(wanted_scopes(client, given.get("scope"), user=True))


def _challenge(given: dict[str, str]) -> Challenge | None:
    value, method = given.get("code_challenge"), given.get("code_challenge_method")
    if value is None:
        if method is not None:
            raise _wrong("invalid_request", "Missing parameter: code_challenge")
        return None
    if method not in (None, "plain", "S256"):
        raise _wrong("invalid_request", "Invalid parameter: code_challenge_method")
    if not CHALLENGE.fullmatch(value):
        raise _wrong("invalid_request", "Invalid parameter: code_challenge")
    return Challenge(value=value, method=method or "plain")


def _wrong(error: str, description: str = "") -> ApiError:
    return ApiError(400, description, error=error)
