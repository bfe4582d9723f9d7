"""Asking before a world begins anew, and saying what is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from mock_sma.api.console.page import moment, page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.responses import Response

    from mock_sma.api.console.visit import Visit
    from mock_sma.sandbox.sandbox import Sandbox


class Asking(NamedTuple):
    """What is asked before something is lost.

    Attributes:
        title: what is going to be done.
        lost: what of the world is gone then, in words.
        sure: what the button says that does it.
    """

    title: str
    lost: tuple[str, ...]
    sure: str

    def __str__(self) -> str:
        return f"{self.title}\nLost are: {', '.join(self.lost)}.\nThe last step can be undone."


def lost(world: Sandbox) -> tuple[str, ...]:
    """Return what is lost when a world begins anew, in words."""
    counted = (
        ("all tokens and logins", 0),
        ("request{s} of the journal", len(world.requests)),
        ("consent{s} with what was answered", len(world.consents)),
        ("mail{s}", len(world.mailbox)),
        ("fault{s}", len(world.faults)),
        ("thing{s} that happened", len(world.happenings)),
    )
    told = tuple(f"{number} {what.format(s='s' * (number != 1))}" for what, number in counted if number)
    return (counted[0][0], *told, f"the time: it is {moment(world.clock.time())} now")


def reset(world: Sandbox) -> Asking:
    """Return the question before a reset."""
    return Asking(f"Put {world.scenario.name} back to its beginning?", lost(world), "Reset the world")


def load(world: Sandbox, name: str) -> Asking:
    """Return the question before another scenario is run."""
    return Asking(f"Run {name} from its beginning in place of {world.scenario.name}?", lost(world), "Run it")


def is_sure(visit: Visit) -> bool:
    """Tell whether the question was answered with yes."""
    return visit.field("sure") == "yes"


def ask(visit: Visit, question: Asking, sent: Iterable[tuple[str, object]] = ()) -> Response:
    """Return a page with a question, whose answer sends a form again."""
    fields = {name: value for name, value in sent if isinstance(value, str) and name not in ("csrf", "sure")}
    return page(visit, "ask", question=question, fields={"back": visit.field("back")} | fields)
