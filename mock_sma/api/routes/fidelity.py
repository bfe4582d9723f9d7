"""The ledger over HTTP: how sure we are of each thing."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from mock_sma.api.world import world_of
from mock_sma.fidelity import Standing, load_ledger
from mock_sma.fidelity.witnessed import witnesses

# The ledger is the same for every world, but a world that is not there has none.
router = APIRouter(prefix="/fidelity", tags=["fidelity"], dependencies=[Depends(world_of)])


@router.get("")
async def read_ledger(
    kind: Annotated[str | None, Query(description="operation, parameter, status, field, set, property …")] = None,
    standing: Annotated[Standing | None, Query()] = None,
    name: Annotated[str | None, Query(description="part of a row's name, in any case")] = None,
) -> dict[str, Any]:
    """Return the counts of the whole ledger, the rows that are asked for, and the assumed ones that cost most.

    `confirmed_by` is the number of independent collections of real answers that confirm a row.
    """
    ledger, confirmations = load_ledger(), witnesses().confirmations
    rows = ledger.select(kind, standing, name)
    return {
        "counts": ledger.counts(),
        "rows": [{**row.as_json(), "confirmed_by": confirmations[f"{row.kind}.{row.name}"]} for row in rows],
        "costly": [item.as_json() for item in ledger.costly],
    }
