"""Rules about addresses and parameters."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from mock_sma.explain.homes import homes, homes_beside
from mock_sma.explain.ignored import ignored_steps
from mock_sma.findings.rule import FindingRule
from mock_sma.findings.traffic import Hit, insisted
from mock_sma.sandbox.hosts import SMA_HOSTS
from mock_sma.sandbox.table.operations import OPERATIONS
from mock_sma.verdicts.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mock_sma.findings.traffic import Traffic, Turn

OBSOLETE = frozenset(item.id for item in OPERATIONS if item.deprecated)


def _redirected(client: Traffic) -> Iterator[Hit]:
    by_id: dict[str, list[Turn]] = defaultdict(list)
    for item in client.exchanges:
        if item.status == 308 and not item.struck and (text := item.fact("estate", "text")):
            by_id[text].append(item)
    for text, items in by_id.items():
        same = [one for one in items if one.target == items[0].target]
        certain = insisted(items[0], items[1:], client.grace)
        if certain is not None:
            yield Hit(items, f"{text}, and the old id was asked for {len(items)} times", certain or len(same) > 2)


def _unknown_parameters(client: Traffic) -> Iterator[Hit]:
    found: dict[str, list[Turn]] = defaultdict(list)
    seen: dict[tuple[str, str, bytes, int], list[str]] = {}
    for item in client.exchanges:
        entry = item.entry
        if not entry.query and item.operation not in ("token", "logout"):
            continue
        key = (item.operation, entry.query, entry.request_body, item.status)
        if key not in seen:
            seen[key] = [str(step) for step in ignored_steps(entry)]
        for text in seen[key]:
            found[f"{text} ({item.operation})"].append(item)
    for text, items in found.items():
        yield Hit(items, text)


def _obsolete(client: Traffic) -> Iterator[Hit]:
    found: dict[str, list[Turn]] = defaultdict(list)
    for item in client.exchanges:
        if item.operation in OBSOLETE:
            found[item.operation].append(item)
    for operation, items in found.items():
        yield Hit(items, f"{operation} was called {len(items)} times")


def _wrong_host(client: Traffic) -> Iterator[Hit]:
    found: dict[tuple[str, str], list[Turn]] = defaultdict(list)
    for item in client.exchanges:
        entry = item.entry
        strange = not {"host", "unmatched", "no-operation", "other-host"}.isdisjoint(item.facts)
        if strange and entry.host in SMA_HOSTS and not item.struck:
            found[entry.host, entry.path].append(item)
    for (host, path), items in found.items():
        others = homes_beside(host, path)
        if others or "host" in items[0].facts:
            where = f"; {', '.join(others)} has it" if others else ""
            yield Hit(items, f"{host} does not serve {path}{where}")
            continue
        near = [f"{prefix}{path}" for _, prefix in SMA_HOSTS[host].mounts if homes(f"{prefix}{path}")]
        if near:
            yield Hit(items, f"{host} does not serve {path}; it has {near[0]}")


RULES = (
    FindingRule(
        id="redirect-not-learnt",
        severity=Severity.WARNING,
        rule="RFC 9110, section 15.4.9",
        title="A 308 is never learnt",
        about="A migrated plant or device was asked for under its old id again after the 308.",
        fix="Store the id in the path of Location in place of the old one",
        find=_redirected,
        scenario="migration",
    ),
    FindingRule(
        id="unknown-parameter",
        severity=Severity.WARNING,
        rule="R21",
        title="A parameter that means nothing",
        about="A query or form had a parameter that the operation does not know, as a misspelt one; it is ignored.",
        fix="Correct its name, or leave it out",
        find=_unknown_parameters,
    ),
    FindingRule(
        id="obsolete-endpoint",
        severity=Severity.WARNING,
        rule="SMA's swagger document",
        title="An obsolete endpoint",
        about="An operation was called that SMA has marked obsolete, or an address of former years.",
        fix="Call what took its place: …/devices/lean for …/devices, …/status for …/state",
        find=_obsolete,
    ),
    FindingRule(
        id="wrong-host",
        severity=Severity.ERROR,
        rule="RFC 9110, section 4.2",
        title="The layout of another host",
        about="A path was sent to one of SMA's hosts that does not serve it, while another one does.",
        fix="Keep a base address for each API: auth, consent and monitoring have hosts of their own in production",
        find=_wrong_host,
    ),
)
