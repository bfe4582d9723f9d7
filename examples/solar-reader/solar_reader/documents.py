"""JSON documents, read by orjson where it is installed."""

try:
    from orjson import loads
except ImportError:
    from json import loads

__all__ = ["loads"]
