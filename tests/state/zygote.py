"""A process that has loaded all that a server needs, and forks one for each line of its input: a start takes little.

usage: python -m tests.state.zygote OPTIONS-OF-SERVE…
"""

from __future__ import annotations

import json
import os
import sys
from importlib import import_module

from mock_sma.cli import main

LOADED = (
    "cryptography.hazmat.primitives.asymmetric.padding",
    "jwt",
    "mock_sma.api.control",
    "mock_sma.api.server",
    "mock_sma.cli.serve",
    "mock_sma.state",
)
"""What a server loads when it is first asked for it, else."""


def fork() -> int:
    """Start a server; returns its process id."""
    child = os.fork()
    if not child:
        os._exit(main(["serve", "--port", "0", "--json", *sys.argv[1:]]))
    return child


if __name__ == "__main__":
    for name in LOADED:
        import_module(name)
    for _ in sys.stdin:
        process = fork()
        print(json.dumps({"pid": process}), flush=True)
        os.waitpid(process, 0)
