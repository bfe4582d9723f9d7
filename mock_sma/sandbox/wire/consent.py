"""Bodies of bc-authorize."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import orjson

from mock_sma.domain.consent import POLL_INTERVAL

if TYPE_CHECKING:
    from mock_sma.domain.consent import Consent


def dotnet_instant(at: float) -> str:
    """Return an instant [s since the epoch] as .NET writes it: milliseconds, padded to seven digits."""
    moment = datetime.fromtimestamp(at, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}0000Z"


def consent_body(record: Consent, login_hint: str) -> bytes:
    """Return a consent's four members in the recorded order."""
    return orjson.dumps(
        {
            "loginHint": login_hint,
            "state": record.state,
            "expirationDate": dotnet_instant(record.expires),
            "interval": POLL_INTERVAL,
        }
    )
