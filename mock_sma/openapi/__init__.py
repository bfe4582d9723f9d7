"""The OpenAPI document of the vendor API, made from the operations table, the wire models and the ledger."""

from mock_sma.openapi.document import MOUNTS, openapi_document

__all__ = ["MOUNTS", "openapi_document"]
