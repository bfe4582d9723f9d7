"""Programs of languages that want more than a proxy and a file of authorities: Node, Java, PHP, Ruby."""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from mock_sma.hosts.bundles import system_bundle
from mock_sma.hosts.java_store import STORE_PASSWORD, java_store

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mock_sma.hosts.way import Way

CHILD = Path(__file__).parent / "child"
"""Directory of what these languages run at the start of a program."""


def node(before: Mapping[str, str]) -> dict[str, str]:
    """Return the variable by which Node loads its hook."""
    own = before.get("NODE_OPTIONS", "")
    path = str(CHILD / "hook.cjs").replace("\\", "\\\\")
    return {"NODE_OPTIONS": f'{own} --require "{path}"'.strip()}


def java(way: Way, before: Mapping[str, str]) -> dict[str, str]:
    """Return the variable by which a Java machine knows its proxy and its trust store, where there is one."""
    if not before.get("JAVA_HOME") and not _has("java", before.get("PATH")):
        return {}
    store = way.bundles.folder / "trusted.p12"
    if not store.exists():
        store.write_bytes(java_store(way.authority, system_bundle()))
    settings = {"javax.net.ssl.trustStore": str(store), "javax.net.ssl.trustStorePassword": STORE_PASSWORD}
    if way.proxy is not None:
        settings |= {"https.proxyHost": "127.0.0.1", "https.proxyPort": str(way.proxy)}
    words = [before.get("JAVA_TOOL_OPTIONS", ""), *(f'"-D{name}={value}"' for name, value in settings.items())]
    return {"JAVA_TOOL_OPTIONS": " ".join(words).strip()}


def ruby(before: Mapping[str, str]) -> dict[str, str]:
    """Return the variable by which Ruby loads its hook, where there is Ruby; it can name no path with a space."""
    hook = str(CHILD / "hook.rb")
    if " " in hook or not _has("ruby", before.get("PATH")):
        return {}
    return {"RUBYOPT": f"{before.get('RUBYOPT', '')} -r{hook}".strip()}


@cache
def _has(program: str, path: str | None) -> bool:
    return shutil.which(program, path=path) is not None


def _php_settings(way: Way) -> str:
    trusted = way.bundles.holding(system_bundle())
    lines = [f'curl.cainfo="{trusted}"', f'openssl.cafile="{trusted}"']
    if way.proxy is not None:
        lines.append(f'auto_prepend_file="{CHILD / "streams.php"}"')
    return "\n".join(lines) + "\n"


def php(way: Way, before: Mapping[str, str]) -> dict[str, str]:
    """Return the variable by which PHP reads one more directory of settings, where there is PHP."""
    if not _has("php", before.get("PATH")):
        return {}
    folder = way.bundles.folder / "php"
    settings = folder / "mock-sma.ini"
    if not settings.exists():  # once, not for every test
        folder.mkdir()
        settings.write_text(_php_settings(way), encoding="utf-8")
    # An empty part stands for the directory that PHP was built with.
    return {"PHP_INI_SCAN_DIR": f"{before.get('PHP_INI_SCAN_DIR', '')}:{folder}"}
