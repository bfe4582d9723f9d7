"""Which language a reader gets: Accept-Language as RFC 9110 has it, read once for pages and logs alike."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mock_sma.domain.languages import LANGUAGES, accepted_language, language_of_country, language_of_tags


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, None),
        ("", None),
        ("de", "de"),
        ("DE-at", "de"),
        ("en-GB,en;q=0.9", "en"),
        ("de, en", "de"),
        ("en, de", "en"),
        ("fr, en;q=0.2, de;q=0.8", "de"),
        ("de ; q=0.4 , en ;q=0.5", "en"),
        ("de;Q=0.4, en;q=0.5", "en"),
        ("de;q=0.9, de-CH;q=0.1, en;q=0.5", "de"),
        ("de;q=0, en;q=0.001", "en"),
        ("de;q=0", None),
        ("de;q=0.000, en;q=0", None),
        ("fr", None),
        ("*", None),
        ("fr, *;q=0.5", None),
        ("*, de;q=0", "en"),
        ("*, de;q=0.5", "en"),
        ("*;q=0.5, de;q=0.5", "de"),
        ("den, enx", None),
        ("deutsch", None),
        ("de;q=x, en;q=0.1", "en"),
        ("de;q=2, en;q=0.1", "en"),
        ("de;q=nan, en;q=0.1", "en"),
        ("de;q=0.1234, en;q=0.1", "en"),
        ("de;level=1, en;q=0.1", "en"),
        (",,;q=1, en", "en"),
        ("d\u00e9, en;q=0.1", "en"),
    ],
)
def test_accept_language_is_read_as_rfc_9110_has_it(header: str | None, language: str | None) -> None:
    assert accepted_language(header) == language


@pytest.mark.slow
@given(st.lists(st.tuples(st.sampled_from(["de", "en", "de-AT", "fr", "*"]), st.integers(0, 1000)), max_size=6))
@example([])
def test_a_language_of_less_weight_is_never_given(ranges: list[tuple[str, int]]) -> None:
    header = ", ".join(f"{name};q={weight / 1000:.3f}" for name, weight in ranges)
    stars = [weight for name, weight in ranges if name == "*"]
    weights = {
        language: max([weight for name, weight in ranges if name[:2] == language] or stars or [0])
        for language in LANGUAGES
    }
    found = accepted_language(header)
    if found is not None:
        assert weights[found] == max(weights.values()) > 0
    else:
        assert max(weights.values()) == 0 or not any(name[:2] in LANGUAGES for name, _ in ranges)


@pytest.mark.slow
@given(st.text(max_size=60))
def test_any_header_is_read_without_an_error(header: str) -> None:
    assert accepted_language(header) in (None, *LANGUAGES)


def test_r05_countries_and_tags_give_a_language() -> None:
    assert [language_of_country(country) for country in ("DE", "AT", "CH", "LI", "LU", "FR", None)] == ["de"] * 5 + [
        "en",
        "en",
    ]
    assert language_of_tags(["fr", "den", "EN-us", "de"]) == "en"
    assert language_of_tags(["fr"]) is None
