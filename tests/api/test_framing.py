"""Whatever arrives makes the same requests and refusals, wherever it is cut (RFC 9112)."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mock_sma.api.framing import MAX_FRAMES, MAX_HEAD, Framer
from mock_sma.api.head import Refusal, head_of
from tests.api.messages import FORM, LAST, REQUESTS, spelt
from tests.api.wire import HOST, OFFER, pieces
from tests.examples import examples

CHUNKED = b"POST /oauth2/token HTTP/1.1\r\n" + HOST + b"Transfer-Encoding: chunked\r\n\r\n"
STRANGE = b"\r\n: \x00aZ9;\xff"


def framed(*parts: bytes) -> list[tuple[object, ...]]:
    """Return what a framer makes of bytes that arrive in these parts."""
    framer = Framer(lambda _: None)
    for part in parts:
        framer.feed(part)
    return [
        (item.status, item.text)
        if isinstance(item, Refusal)
        else (item.method, item.target, tuple(item.headers), bytes(item.body), item.is_whole, item.keep_alive)
        for item in framer.requests
    ]


def bytewise(data: bytes) -> list[tuple[object, ...]]:
    return framed(*(data[at : at + 1] for at in range(len(data))))


@pytest.mark.slow
@examples(300, deadline=None)
@given(
    st.lists(st.sampled_from(sorted(REQUESTS)), max_size=6),
    st.sampled_from(sorted(set(LAST) - {"too many lines"})),
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.sampled_from(STRANGE)), max_size=3),
    st.lists(st.floats(0, 1), max_size=6),
)
@example(["unknown"], "close", [(0.035, ord(":"))], [0.1])
def test_bytes_make_the_same_requests_wherever_they_are_cut_even_spoilt_ones(
    names: list[str], last: str, spoilt: list[tuple[float, int]], cuts: list[float]
) -> None:
    data = bytearray(spelt([*names, last], b"token"))
    for place, byte in spoilt:
        data[int(place * len(data))] = byte
    wanted = framed(bytes(data))
    assert framed(*pieces(bytes(data), cuts)) == wanted
    assert bytewise(bytes(data)) == wanted
    if not spoilt:
        assert len(wanted) == len(names) + 1


@pytest.mark.parametrize(
    "before", [b"", REQUESTS["chunks that nobody reads"], REQUESTS["token"] * 3, b"\r\n\r\n" + REQUESTS["control"]]
)
@pytest.mark.parametrize("lines", [b"a:\r\n" * 20_000, b"a: b\r\n" * 20_000, b"a" * 80_000 + b": b\r\n"])
def test_every_byte_of_a_head_counts_behind_whatever_stands_before_it(before: bytes, lines: bytes) -> None:
    data = before + b"GET /v1/plants HTTP/1.1\r\n" + HOST + lines + b"\r\n"
    wanted = framed(data)
    assert wanted[-1] == (431, f"request line and headers have {MAX_HEAD} bytes at most")
    assert framed(*pieces(data, [0.01, 0.1, 0.3, 0.31, 0.7])) == wanted


def test_a_head_of_just_the_limit_is_taken_and_one_more_byte_is_not() -> None:
    for over in (0, 1):
        start, end = b"GET /v1/plants HTTP/1.1\r\n" + HOST + b"a: ", b"\r\n\r\n"
        data = start + b"x" * (MAX_HEAD - len(start) - len(end) + over) + end
        assert [len(item) for item in framed(data)] == ([2] if over else [6])


def test_chunks_with_extensions_and_trailers_are_one_body_and_the_next_request_is_its_own() -> None:
    body = b'2;a="b"\r\nhi\r\n0A\r\n0123456789\r\n0\r\nx-trailer: 1\r\n\r\n'
    first, second = framed(CHUNKED + body + REQUESTS["control"])
    assert (first[3], first[4]) == (b"hi0123456789", True)
    assert b"x-trailer" not in dict(first[2])  # type: ignore[call-overload]
    assert second[1] == b"/_mock/clock"


def test_a_body_of_almost_nothing_but_framing_is_refused() -> None:
    data = CHUNKED + b"1;" + b"x" * (MAX_FRAMES + 20) + b"\r\na\r\n"
    assert framed(data)[-1] == (400, "the chunks are almost all framing")


@pytest.mark.parametrize(
    "target", [b"http://", b"http://a:b/", b"ftp://localhost/", b"http://u@localhost/", b"\xff", b"x"]
)
def test_a_target_that_names_no_path_is_refused(target: bytes) -> None:
    assert [item[0] for item in framed(b"GET " + target + b" HTTP/1.1\r\n" + HOST + b"\r\n")] == [400]


@pytest.mark.parametrize("value", [b"a\r\nset-cookie: x", b"a\nb", b"a\0b", b"\x7f"])
def test_a_value_that_would_split_a_head_makes_none(value: bytes) -> None:
    with pytest.raises(ValueError, match="would break the head"):
        head_of(200, [(b"x-a", b"fine"), (b"location", value)], closing=False)


def test_a_head_has_its_status_and_its_headers_in_order_and_no_length_where_there_is_no_body() -> None:
    headers = [(b"retry-after", b"7"), (b"x-tab", b"a\tb"), (b"content-length", b"0")]
    start = b"HTTP/1.1 429 Too Many Requests\r\nretry-after: 7\r\nx-tab: a\tb\r\n"
    assert head_of(429, headers, closing=False) == start + b"content-length: 0\r\n\r\n"
    assert head_of(429, headers, closing=True) == start + b"content-length: 0\r\nconnection: close\r\n\r\n"
    for status in (204, 304):
        assert b"content-length" not in head_of(status, headers, closing=False)


@pytest.mark.parametrize("name", ["an offer of HTTP/2", "chunks behind an offer"])
def test_a_body_behind_an_offer_of_another_protocol_is_read(name: str) -> None:
    data = REQUESTS[name] + REQUESTS["control"]
    (_, _, _, body, is_whole, keep_alive), after = framed(data)
    assert (body, is_whole, keep_alive) == (FORM, True, True)
    assert after[1] == b"/_mock/clock"
    assert bytewise(data) == framed(data)


def test_a_length_that_is_none_behind_an_offer_is_refused() -> None:
    for length in (b"Content-Length: x", b"Content-Length: 1\r\nContent-Length: 2", b"Transfer-Encoding: xchunked"):
        head = b"POST /oauth2/token HTTP/1.1\r\n" + HOST + OFFER + length + b"\r\n\r\nab"
        assert [item[0] for item in framed(head)] == [400]
