"""Tools that set up a world and let things happen in it."""

from __future__ import annotations

import re
from math import isfinite, nan
from typing import TYPE_CHECKING, Any, Literal

from mcp.server.mcpserver.exceptions import ToolError

from mock_sma.frozen import frozen

if TYPE_CHECKING:
    from mock_sma.control import ControlClient
    from mock_sma.control.models import WorldInfo
    from mock_sma.mcp.link import Link

ClockVerb = Literal["show", "advance", "set", "freeze", "run", "rate"]
ConsentVerb = Literal["list", "accept", "reject", "revoke", "expire"]
FaultVerb = Literal["list", "add", "remove", "clear"]

_ELSEWHERE = re.compile(r"\bbody\.\w+")


@frozen
class WorldTools:
    """Tools that look at a world and change it."""

    link: Link

    def scenario(self, name: str | None = None, document: str | None = None) -> dict[str, Any]:
        """Tell what the emulator runs and how a program reaches it, or begin anew with another scenario.

        Without arguments nothing changes: the answer has the URL, clients, owners and the scenarios to choose from.

        Args:
            name: of an included scenario, such as `no-consent`; the world begins anew.
            document: or a scenario of your own as YAML text.
        """
        if name is not None and document is not None:
            raise ToolError("give either the name of a scenario or a document")
        with self.link.control() as control:
            if name is not None:
                return {"running": control.load_scenario(name)}
            if document is not None:
                return {"running": control.load_scenario(document.rstrip() + "\n")}
            here = self._here(control)
            told = {"url": self.link.url, "running": control.scenario(), "known": control.scenarios()}
            return told | {"clients": here["clients"], "owners": here["owners"], "now": here["now"]}

    def clock(self, do: ClockVerb = "show", value: str | None = None) -> dict[str, Any]:
        """Show or move the emulated clock: everything that becomes due happens, such as tokens that expire.

        Args:
            do: what to do.
            value: of `advance` seconds or a duration such as PT6M, of `set` an ISO 8601 time with its offset, of
                `rate` emulated seconds per second.
        """
        if (value is None) == (do in ("advance", "set", "rate")):
            raise ToolError("advance, set and rate need a value; show, freeze and run take none")
        try:
            with self.link.control() as control:
                return dict(_moved(control, do, value or ""))
        except ToolError as error:  # the control API and its client have names that an agent does not know
            raise ToolError(_ELSEWHERE.sub("value", str(error)).replace("use set()", "use set")) from None

    def consent(
        self, do: ConsentVerb = "list", email: str | None = None, client_id: str | None = None
    ) -> dict[str, Any]:
        """List the owners' consents with their history, or answer in an owner's place.

        Args:
            do: what to do.
            email: of the owner.
            client_id: of the application; left out: of all that have asked.
        """
        if (email is None) != (do == "list"):
            raise ToolError("give the owner's email with accept, reject, revoke and expire, and with them only")
        with self.link.control() as control:
            if email is not None:
                return {"consents": getattr(control, do)(email, client_id)}
            return {"consents": [item for item in control.consents() if client_id in (None, item["client_id"])]}

    def fault(
        self, do: FaultVerb = "list", rule: dict[str, Any] | None = None, fault_id: str | None = None
    ) -> dict[str, Any]:
        """Let requests fail, to see how the program bears it; returns the rules that are in force then.

        Args:
            do: what to do.
            rule: to add, such as {"match": {"path": "/v1/plants*"}, "effect": {"status": 503}, "times": 2}. Effects:
                status, delay (seconds), fault (connection_reset, empty_response, truncated_body, malformed_json,
                slow_body), expire_token, quota_exhausted.
            fault_id: of the rule to remove.
        """
        if (rule is None) == (do == "add") or (fault_id is None) == (do == "remove"):
            raise ToolError("give a rule with add, a fault_id with remove, and nothing with list and clear")
        with self.link.control() as control:
            if rule is not None:
                control.add_fault(rule)
            elif fault_id is not None:
                control.remove_fault(fault_id)
            elif do == "clear":
                control.clear_faults()
            return {"rules": control.faults()}

    def plant_truth(self, plant_id: str | None = None, date: str | None = None) -> dict[str, Any]:
        """Tell a plant's true energies of a day, now and in the end, to compare with what the program stored.

        Args:
            plant_id: of the plant; left out: list all plants, whoever may see them.
            date: such as 2025-06-14; left out: the emulated present day.
        """
        with self.link.control() as control:
            if plant_id is None:
                return {"plants": control.plants()}
            return dict(control.truth(plant_id, date or control.clock()["now"][:10]))

    def _here(self, control: ControlClient) -> WorldInfo:
        worlds = control.worlds()
        return next((item for item in worlds if item["name"] == self.link.world), worlds[0])


def _moved(control: ControlClient, do: ClockVerb, value: str) -> Any:
    if do == "show":
        return control.clock()
    if do in ("freeze", "run"):
        return control.set_clock(frozen=do == "freeze")
    if do == "set":
        return control.set_clock(now=value)
    if do == "advance":
        return control.advance(duration=value) if "P" in value.upper() else control.advance(_number(value))
    return control.set_clock(rate=_number(value))


def _number(value: str) -> float:
    try:
        found = float(value)
    except ValueError:
        found = nan
    if not isfinite(found):
        raise ToolError(f"{value!r} is no number; a duration is written as PT6M")
    return found
