"""Which plant or device a call means, and whether it may see it (R10, R12, R19; docs/decisions.md, Errors)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mock_sma.errors import ApiError
from mock_sma.sandbox.exchange import decode_segment

if TYPE_CHECKING:
    from mock_sma.domain.device import Device
    from mock_sma.domain.plant import Plant
    from mock_sma.sandbox.handlers.call import Call
    from mock_sma.sandbox.world.consents.permitted import Permitted


def permitted(call: Call) -> Permitted:
    """Return the plants that the call's token may see now."""
    if call.access is None:
        raise ApiError(401, "Unauthorized")
    return call.world.consents.permitted(call.access)


def note_view(call: Call, permitted: Permitted) -> None:
    """Take down how many plants are open to a call, and why each of the others is not."""
    total, count = len(call.world.estate.plants), len(permitted.plants)
    call.note("consent", text=f"consents open {count} of {total} plants", open=count, of=total)
    if count == total or call.access is None:
        return
    for hidden in call.world.consents.hidden(call.access):
        call.note("hidden", text=hidden.sentence, reason=hidden.reason, plants=list(hidden.plants), count=hidden.number)


def plant_of(call: Call) -> Plant:
    """Return the plant that the path names.

    Raises:
        ApiError: 308 for a migrated id, 404 for an unknown one, 403 where no consent opens it.
    """
    given = call.params["plantId"]
    plant = call.world.estate.plant(given)
    if plant is None:
        raise _missing(call, "plant", given)
    _check(call, plant)
    return plant


def device_of(call: Call) -> tuple[Plant, Device]:
    """Return the device that the path names, with its plant.

    Raises:
        ApiError: as :func:`plant_of`.
    """
    given = call.params["deviceId"]
    found = call.world.estate.device(given)
    if found is None:
        raise _missing(call, "device", given)
    _check(call, found[0])
    return found


def _check(call: Call, plant: Plant) -> None:
    if plant.id in permitted(call).ids:
        return
    reason = call.world.consents.why_hidden(call.access, plant) if call.access is not None else ""
    call.note("consent", text=f"no consent opens plant {plant.id} to {call.client_id!r}: {reason}", plant=plant.id)
    status = call.world.switches.forbidden_as
    raise ApiError(status, "Forbidden" if status == 403 else "Not Found")


def _missing(call: Call, kind: str, given: str) -> ApiError:
    target = call.world.estate.moved_to(given)
    if target is None or not _has_moved(call, target):
        call.note("estate", text=f"there is no {kind} {given!r} in this world")
        return ApiError(404, "Not Found")
    call.note("estate", text=f"the {kind} {given!r} migrated to {target!r}")
    query = f"?{call.request.query}" if call.request.query else ""
    segments = call.request.path.split("/")
    path = "/".join(target if decode_segment(segment) == given else segment for segment in segments)
    return ApiError(308, "", headers=(("location", path + query),))


def _has_moved(call: Call, target: str) -> bool:
    """Tell whether the plant that has the new id, or whose device has it, has migrated by now."""
    estate = call.world.estate
    device = estate.device(target)
    plant = estate.plant(target) or (device[0] if device is not None else None)
    return plant is not None and (plant.migrated_at is None or plant.migrated_at.timestamp() <= call.now)
