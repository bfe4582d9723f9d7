"""Stories of consent: what an owner and a client do one after the other (R04 to R12)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from mock_sma.domain.transitions import ConsentEvent, after, events_from

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mock_sma.domain.scenario import ConsentState
    from mock_sma.sandbox.sandbox import Sandbox


@dataclass(frozen=True, slots=True)
class StoryStep:
    """One step.

    Attributes:
        wait: emulated time before it.
        event: ``request``, ``accept``, ``reject``, ``expire`` or ``revoke``.
        state: the state of the newest consent after it.
    """

    wait: timedelta
    event: ConsentEvent
    state: ConsentState


@dataclass(frozen=True, slots=True)
class ConsentStory:
    """A story of one owner and one client.

    Attributes:
        steps: in order; a request follows where nothing is open.
    """

    steps: tuple[StoryStep, ...]

    @property
    def is_open(self) -> bool:
        """Whether the owner's plants are to be seen at the end."""
        return bool(self.steps) and self.steps[-1].state.value == "Accepted"

    def play(
        self, sandbox: Sandbox, email: str, client_id: str = "demo_api", ask: Callable[[str], object] | None = None
    ) -> Iterator[StoryStep]:
        """Let the story happen in a world, giving each step when it has happened.

        Args:
            sandbox: the world; the owner must be able to answer, and have no consent with this client yet.
            email: the e-mail address of the owner.
            client_id: the id of the client.
            ask: called with the e-mail in place of a request, so that your own client asks for the consent.
        """
        client = sandbox.clients[client_id]
        for step in self.steps:
            sandbox.clock.advance(step.wait)
            if step.event is not ConsentEvent.REQUEST:
                getattr(sandbox.consents, step.event)(email, client_id)
            elif ask is not None:
                ask(email)
            else:
                sandbox.consents.request(client, email, frozenset(client.scopes), sandbox.clock.time(), by="control")
            yield step


@st.composite
def consent_stories(draw: st.DrawFn, *, max_steps: int = 8) -> ConsentStory:
    """Draw a story that can happen: every event is one that the state before it allows.

    Args:
        draw: given by Hypothesis.
        max_steps: steps at most.
    """
    state: ConsentState | None = None
    steps: list[StoryStep] = []
    for _ in range(draw(st.integers(1, max_steps))):
        answers: list[ConsentEvent] = [event for event in events_from(state) if event is not ConsentEvent.REQUEST]
        event = draw(st.sampled_from(answers or [ConsentEvent.REQUEST]))
        # A request after a closed one opens a new record (docs/decisions.md, Consent).
        state = after(None if event is ConsentEvent.REQUEST else state, event)
        # An hour in all at most between two steps, so that no request runs out by itself.
        steps.append(StoryStep(timedelta(minutes=draw(st.integers(0, 60))), event, state))
    return ConsentStory(tuple(steps))
