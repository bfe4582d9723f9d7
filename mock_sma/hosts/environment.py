"""The variables by which programs are led to the emulator, in whatever language they are written."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from mock_sma.hosts.bundles import certifi_bundle, system_bundle
from mock_sma.hosts.runtimes import CHILD, java, node, php, ruby
from mock_sma.sandbox.hosts import SMA_DOMAINS, SMA_HOSTS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from mock_sma.hosts.way import Way

LEAD = "MOCK_SMA_LEAD"
"""Variable that tells Python and Node where to lead."""

HTTPS_PROXY = ("HTTPS_PROXY", "https_proxy")
NO_PROXY = ("NO_PROXY", "no_proxy")
"""Programs read the one spelling or the other."""

PROXIES = frozenset(
    spelt for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY") for spelt in (name, name.lower())
)
"""All variables that lead to proxies, or past them."""

LOCAL = ("localhost", "127.0.0.1", "::1")


def variables(way: Way, before: Mapping[str, str]) -> dict[str, str]:
    """Return what a program needs in its environment.

    Args:
        before: the environment that they are put over.
    """
    languages = {**_python(way, before), **node(before), **java(way, before), **php(way, before), **ruby(before)}
    return {**_proxies(way, before), **_trust(way, before), **languages}


def _proxies(way: Way, before: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that name the proxy, and those of what is reached without it: this machine."""
    if way.proxy is None:
        return {}
    url = f"http://127.0.0.1:{way.proxy}"
    spared = [name.strip() for spelt in NO_PROXY for name in before.get(spelt, "").split(",")]
    kept = [name for name in spared if name and name != "*" and not _holds_smas(name)]
    without = ",".join(dict.fromkeys([*LOCAL, *kept]))
    return dict.fromkeys(HTTPS_PROXY, url) | dict.fromkeys(NO_PROXY, without)


def _holds_smas(name: str) -> bool:
    """Tell whether a name of NO_PROXY stands for hosts of SMA's too."""
    name = name.lower().lstrip("*").lstrip(".").partition(":")[0]
    return any(host == name or host.endswith(f".{name}") for host in SMA_HOSTS)


def _trust(way: Way, before: Mapping[str, str]) -> dict[str, str]:
    """Return the variables that name a file of authorities; most of them take the place of what is trusted else."""
    usual = {
        "SSL_CERT_FILE": system_bundle,
        "REQUESTS_CA_BUNDLE": certifi_bundle,
        "CURL_CA_BUNDLE": system_bundle,
        "PERL_LWP_SSL_CA_FILE": system_bundle,
        "NODE_EXTRA_CA_CERTS": _none,
    }
    own = {name: before.get(name) for name in usual}
    places = {name: Path(text) if (text := own[name]) else default() for name, default in usual.items()}
    return {name: str(way.bundles.holding(place)) for name, place in places.items()}


def _none() -> None:
    return None


def _python(way: Way, before: Mapping[str, str]) -> dict[str, str]:
    path = [str(CHILD), *([before["PYTHONPATH"]] if before.get("PYTHONPATH") else [])]
    return {LEAD: json.dumps(rule(way, before)), "PYTHONPATH": os.pathsep.join(path)}


def rule(way: Way, before: Mapping[str, str]) -> dict[str, Any]:
    """Return what a Python process is told: arguments of :class:`mock_sma.hosts.inside.rules.Lead`."""
    hidden = {name: (value, before.get(name)) for name, value in _proxies(way, before).items()}
    return {
        "domains": SMA_DOMAINS,
        "hosts": list(SMA_HOSTS),
        "server": way.server,
        "authority": str(way.authority),
        "hidden": hidden,
    }
