"""Documents about the API at the real sandbox's addresses: the swagger document and its user interface."""

from mock_sma.sandbox.documents.swagger import reporting_swagger, swagger
from mock_sma.sandbox.documents.ui import ASSETS, INDEX, INITIALIZER, SCRIPT, asset, initializer

__all__ = ["ASSETS", "INDEX", "INITIALIZER", "SCRIPT", "asset", "initializer", "reporting_swagger", "swagger"]
