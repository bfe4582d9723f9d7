"""The image, built once for all tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.container.engine import built

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.container.engine import Image


@pytest.fixture(scope="session")
def image() -> Iterator[Image]:
    with built() as found:
        yield found
