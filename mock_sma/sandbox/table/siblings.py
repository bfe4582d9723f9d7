"""What is known of the APIs beside the emulated ones, for the 501 that answers there (docs/decisions.md).

From SMA's pages of the sandbox and of GridControl's releases, and from client programs. No bodies are published.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from mock_sma.sandbox.paths import canonical_path

if TYPE_CHECKING:
    from mock_sma.sandbox.hosts import Layout

KNOWN = {
    "live": "SMA's Live API is known to have GET /v1/plants/{plantId}/measurements/sets/EnergyBalance and "
    "/v1/plants/{plantId}/configuration, for Classic plants with a Home Manager or Webconnect, every 10 s at most",
    "gridcontrol": "SMA's GridControl API is known to have POST /v1/plants/eligibilityCheck and "
    "POST /v1/plants/{id}/schedules",
    "geoforecast": "of SMA's GeoForecast API only the name is known",
    "smarthome": "of SMA's SmartHome API only the name is known",
    "basicreporting": "SMA's BasicReporting API is known to have /v1/plants and "
    "/v1/plants/{plantId}/measurements/sets/PvGeneration/{period}",
}
"""By the first segment of a path, and by the name of the layout of the API's own host."""

PARAMETERS = (
    "whether SMA's Monitoring API has parameters is not known: neither its swagger document as quoted nor any client "
    "program names them"
)
_PARAMETERS = re.compile(r"/v[12]/(?:plants|devices)/[^/]+/parameters")


def known_of(path: str, layout: Layout) -> str | None:
    """Return what is known of the API that a path belongs to, None where it belongs to no sibling.

    Args:
        path: as sent, without its query.
        layout: the layout of the host that it was sent to.
    """
    if layout.name in KNOWN:
        return KNOWN[layout.name]
    canonical = canonical_path(path)
    root = canonical[1:].split("/", 1)[0]
    return PARAMETERS if _PARAMETERS.fullmatch(canonical) else KNOWN.get(root)
