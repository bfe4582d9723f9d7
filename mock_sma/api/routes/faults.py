"""``/_mock/faults``: which requests go wrong, and how."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Body, HTTPException, Response

from mock_sma.api.world import World
from mock_sma.domain import actions as act
from mock_sma.fault_rules.document import rule_of

router = APIRouter(prefix="/faults", tags=["faults"])


@router.get("")
async def list_faults(world: World) -> list[dict[str, Any]]:
    """List the rules, spent ones included, in the order in which they are asked."""
    return [fault.as_dict() for fault in world.faults]


@router.post("", status_code=201)
async def add_fault(world: World, rule: Annotated[dict[str, Any], Body()]) -> dict[str, Any]:
    """Bring a rule into force; a rule with mistakes is refused with all of them."""
    return world.happenings.carry_out(act.AddFault(rule=rule_of(rule))).as_dict()


@router.get("/{fault_id}")
async def read_fault(world: World, fault_id: str) -> dict[str, Any]:
    """Read one rule and how often it has struck."""
    fault = world.faults.find(fault_id)
    if fault is None:
        raise HTTPException(404, f"there is no fault rule {fault_id[:40]!r}")
    return fault.as_dict()


@router.delete("/{fault_id}", status_code=204)
async def remove_fault(world: World, fault_id: str) -> Response:
    """Take one rule back."""
    world.happenings.carry_out(act.RemoveFault(fault_id=fault_id))
    return Response(status_code=204)


@router.delete("", status_code=204)
async def clear_faults(world: World) -> Response:
    """Take all rules back."""
    world.happenings.carry_out(act.ClearFaults())
    return Response(status_code=204)
