"""TLS contexts of httpx's clients, made once: to read all authorities takes longer than all else in a test.

No client talks TLS with a world that is mocked, and one with other hosts does it by the context that it would have had.
"""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from ssl import SSLContext

MODULES = ("httpx._transports.default", "httpx2._transports.default")
MAKER = "create_ssl_context"
"""The modules that make a context for each client, and their function for it; others are left as they are."""

VARIABLES = ("SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE")
"""What of the environment is part of a context."""

_made: dict[object, SSLContext] = {}
_taken: dict[str, Callable[..., SSLContext]] = {}
"""Functions that stand aside, by their modules."""
_users: list[object] = []


def made_once() -> Callable[[], None]:
    """Give clients that say nothing about TLS the same context; return what ends that for who has begun it."""
    user = object()
    _users.append(user)
    for name in MODULES:
        module = sys.modules.get(name)
        make = getattr(module, MAKER, None)
        if make is not None and name not in _taken:
            _taken[name] = make
            setattr(module, MAKER, partial(_known, make))

    def end() -> None:
        _users.remove(user)
        while _taken and not _users:
            name, make = _taken.popitem()
            setattr(sys.modules[name], MAKER, make)

    return end


def _known(make: Callable[..., SSLContext], *arguments: Any, **options: Any) -> SSLContext:
    if arguments or options.get("verify", True) is not True or options.get("cert") is not None:
        return make(*arguments, **options)
    key = (make, options.get("trust_env"), options.get("http2"), *map(os.environ.get, VARIABLES))
    if key not in _made:
        _made[key] = make(**options)
    return _made[key]
