"""A world inside a test process: httpx clients answered without a socket."""
