"""A session keeps its chain of tokens as a text, and is pickled as when tuples had it."""

from __future__ import annotations

import pickle
import sys
from math import inf

import pytest

from mock_sma.domain.scenario import RefreshReuse
from mock_sma.sandbox.world.session import MAX_CHAIN, Session

FACTS = ("s", "demo_api", None, ("monitoringApi:read",), False, inf, None, True)
PARENTS = (("r1", None), ("r2", "r1"))
PICKLED = [*FACTS, PARENTS, frozenset({"r1"}), ("a1", "a2")]


def begun() -> Session:
    return Session(id="s", client_id="demo_api", user=None, scopes=FACTS[3], offline=False, ends=inf)


def grown(count: int) -> Session:
    session = begun()
    for number in range(1, count + 1):
        session = session.going_on(f"a{number}", f"r{number}", f"r{number - 1}" if number > 1 else None)
    return session


def test_a_session_is_pickled_as_before_its_chain_was_a_text() -> None:
    session = grown(2).superseding("r2", RefreshReuse.GRACE)
    assert session is not None
    assert session.__getstate__() == PICKLED
    assert pickle.loads(pickle.dumps(session)) == session  # noqa: S301 - just written


def test_sessions_of_before_they_were_values_are_read() -> None:
    names = "id client_id user scopes offline ends login active parents superseded accesses".split()  # noqa: SIM905
    old = dict(zip(names, PICKLED, strict=True)) | {"parents": dict(PARENTS)}
    session = object.__new__(Session)
    session.__setstate__((None, old))
    assert session == grown(2).superseding("r2", RefreshReuse.GRACE)


def test_access_and_refresh_tokens_are_told_apart() -> None:
    session = grown(2)
    assert [session.handed_out(name) for name in ("a1", "a2", "r1", "r2", "a", "")] == [True, True, *[False] * 4]
    assert [session.chained(name) for name in ("r1", "r2", "a1", "a2", "r", "")] == [True, True, *[False] * 4]
    assert session.refresh == "r2"


@pytest.mark.parametrize(("reuse", "void"), [(RefreshReuse.STRICT, "r2"), (RefreshReuse.GRACE, "r1")])
def test_a_refresh_makes_its_token_or_the_one_before_void(reuse: RefreshReuse, void: str) -> None:
    session = grown(2).superseding("r2", reuse)
    assert session is not None
    assert session.superseded == {void}
    assert session.superseding(void, reuse) is None


def test_the_oldest_tokens_of_a_chain_are_forgotten_and_are_not_void_any_more() -> None:
    session = grown(MAX_CHAIN).superseding("r1", RefreshReuse.STRICT)
    assert session is not None
    further = session.going_on("a", "r", "r64")
    assert further.chain.splitlines()[1:] == [*session.chain.splitlines()[2:], "a r r64"]
    assert (session.superseded, further.superseded) == ({"r1"}, frozenset())


def test_a_client_that_asks_for_a_token_every_time_leaves_little_behind() -> None:
    uuid = "9164af3e-6239-4a8f-9dc3-1a02f4e6eb2e"
    session = begun().going_on(uuid, uuid, None)
    assert sys.getsizeof(session) + sys.getsizeof(session.chain) < 250  # bytes; tuples took twice as much
