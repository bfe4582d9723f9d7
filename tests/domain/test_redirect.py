"""Redirect URIs: a table of tricks, all refused, and what RFC 8252 allows."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_sma.domain.redirect import fault_of, is_registered, origin_of
from tests.examples import examples

WEB = "https://app.example.org/callback"
LOOPBACK = "http://localhost:8000/callback"
REGISTERED = (WEB, LOOPBACK, "http://127.0.0.1/cb", "http://[::1]:7000/cb", "com.example.app:/oauth")

TRICKS = {
    "empty": "",
    "javascript": "javascript:alert(1)",
    "javascript with the registered host": "javascript://app.example.org/callback%0aalert(1)",
    "JavaScript in capitals": "JaVaScRiPt:alert(1)",
    "data": "data:text/html,<script>alert(1)</script>",
    "vbscript": "vbscript:msgbox(1)",
    "file": "file:///etc/passwd",
    "no scheme": "//app.example.org/callback",
    "no scheme, foreign host": "//evil.example/callback",
    "three slashes": "https:///app.example.org/callback",
    "one slash": "https:/app.example.org/callback",
    "relative": "/callback",
    "foreign host": "https://evil.example/callback",
    "user name": "https://app.example.org@evil.example/callback",
    "user name and password": "https://app.example.org:443@evil.example/callback",
    "user name before the right host": "https://evil@app.example.org/callback",
    "right host as a subdomain": "https://app.example.org.evil.example/callback",
    "foreign subdomain": "https://evil.app.example.org/callback",
    "look-alike": "https://app.examp1e.org/callback",
    "prefix look-alike": "https://evilapp.example.org/callback",
    "punycode": "https://xn--pp-7kc.example.org/callback",
    "Cyrillic letter": "https://\u0430pp.example.org/callback",
    "full-width dot": "https://app\uff0eexample.org/callback",
    "trailing dot of the host": "https://app.example.org./callback",
    "other scheme": "http://app.example.org/callback",
    "other port": "https://app.example.org:8443/callback",
    "default port spelt out": "https://app.example.org:443/callback",
    "other path": "https://app.example.org/other",
    "longer path": "https://app.example.org/callback/more",
    "trailing slash": "https://app.example.org/callback/",
    "path in capitals": "https://app.example.org/Callback",
    "host in capitals": "https://APP.example.org/callback",
    "path steps": "https://app.example.org/callback/../evil",
    "encoded path steps": "https://app.example.org/callback/%2e%2e/evil",
    "encoded letter": "https://app.example.org/%63allback",
    "encoded slash": "https://app.example.org%2fcallback",
    "encoded host": "https://app%2eexample.org/callback",
    "extra query": "https://app.example.org/callback?next=https://evil.example",
    "fragment": "https://app.example.org/callback#evil",
    "empty fragment": "https://app.example.org/callback#",
    "backslash": "https://app.example.org\\@evil.example/callback",
    "backslashes for slashes": "https:\\\\app.example.org\\callback",
    "encoded backslash": "https://evil.example%5c@app.example.org/callback",
    "leading blank": " https://app.example.org/callback",
    "trailing blank": "https://app.example.org/callback ",
    "tab": "https://app.example.org\t/callback",
    "newline": "https://app.example.org/callback\n",
    "header injection": "https://app.example.org/callback\r\nLocation: https://evil.example",
    "encoded newline": "https://app.example.org/callback%0d%0aLocation:%20https://evil.example",
    "encoded NUL": "https://app.example.org/callback%00",
    "NUL": "https://app.example.org/callback\x00",
    "two URIs": "https://app.example.org/callback https://evil.example",
    "wildcard": "https://app.example.org/*",
    "loopback, other path": "http://localhost:9000/other",
    "loopback, other host": "http://127.0.0.1:8000/callback",
    "loopback as a subdomain": "http://localhost.evil.example:8000/callback",
    "loopback with TLS": "https://localhost:8000/callback",
    "loopback with a user name": "http://localhost:8000@evil.example/callback",
    "loopback, user name first": "http://evil@localhost:8000/callback",
    "loopback, port too large": "http://localhost:65536/callback",
    "loopback, port 0": "http://localhost:0/callback",
    "loopback, port empty": "http://localhost:/callback",
    "loopback, port with a sign": "http://localhost:+80/callback",
    "loopback, port in other digits": "http://localhost:\u0661\u0662/callback",
    "loopback, two ports": "http://localhost:80:80/callback",
    "loopback, query": "http://localhost:9000/callback?x=1",
    "loopback, fragment": "http://localhost:9000/callback#x",
    "loopback, newline": "http://localhost:9000/callback\n",
    "loopback as a number": "http://2130706433:8000/callback",
    "loopback, short": "http://127.1:8000/callback",
    "loopback IPv6, long": "http://[0:0:0:0:0:0:0:1]:7000/cb",
    "app's own scheme, more": "com.example.app:/oauth/evil",
    "app's own scheme, with a host": "com.example.app://oauth",
}


@pytest.mark.parametrize("uri", TRICKS.values(), ids=TRICKS)
def test_tricks_are_refused(uri: str) -> None:
    assert len(TRICKS) >= 30
    assert not is_registered(uri, REGISTERED)


@pytest.mark.parametrize(
    "uri",
    [
        *REGISTERED,
        "http://localhost:1/callback",
        "http://localhost:65535/callback",
        "http://localhost/callback",
        "http://127.0.0.1:5555/cb",
        "http://[::1]:1234/cb",
        "http://[::1]/cb",
    ],
)
def test_registered_ones_and_loopback_on_any_port_pass(uri: str) -> None:
    assert is_registered(uri, REGISTERED)


@pytest.mark.parametrize(
    "uri",
    [
        *("javascript:alert(1)", "DATA:x", "//host/x", "path", "https://a/b#c", "https://a b/", "https://a\\b/"),
        *("https://u@a/b", "https://u:p@a/b", "https://ä.example/b", "https://a/b\n", ""),
    ],
)
def test_what_cannot_be_registered_never_matches_itself(uri: str) -> None:
    assert fault_of(uri) is not None
    assert not is_registered(uri, (uri,))


@pytest.mark.parametrize(
    ("uri", "origin"),
    [
        (WEB, "https://app.example.org"),
        (LOOPBACK, "http://localhost:8000"),
        ("https://a.example?x", "https://a.example"),
        ("http://[::1]:7000/cb", "http:"),
        ("com.example.app:/oauth", "com.example.app:"),
        ("com.example.app://oauth/x", "com.example.app:"),
    ],
)
def test_origin_for_the_pages_policy(uri: str, origin: str) -> None:
    assert origin_of(uri) == origin


@pytest.mark.slow
@examples(300)
@given(uri=st.sampled_from(REGISTERED), at=st.integers(0, 60), removed=st.integers(0, 3), put=st.text(max_size=4))
def test_any_small_change_is_refused_but_for_a_loopback_port(uri: str, at: int, removed: int, put: str) -> None:
    changed = uri[:at] + put + uri[at + removed :]
    port = re.compile(r"(?<=localhost|127\.0\.0\.1)(:[1-9][0-9]*)?(?=/)|(?<=\[::1\])(:[1-9][0-9]*)?(?=/)", re.ASCII)
    same = changed in REGISTERED or port.sub("", changed, count=1) in {
        port.sub("", item, count=1) for item in REGISTERED
    }
    assert is_registered(changed, REGISTERED) <= same
