"""What the tests of the document share with those of the world."""

from tests.sandbox.conftest import client

__all__ = ["client"]
