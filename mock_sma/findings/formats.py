"""Findings as JSON, SARIF 2.1.0, JUnit XML and text."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import orjson

from mock_sma.findings.rules import RULES
from mock_sma.printable import printable
from mock_sma.verdicts.finding import PAGE, Findings, Severity
from mock_sma.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from mock_sma.verdicts.finding import Finding

SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


class FindingsFormat(StrEnum):
    """A form that findings can be had in."""

    JSON = "json"
    SARIF = "sarif"
    JUNIT = "junit"
    TEXT = "text"
    GITHUB = "github"


MEDIA = {
    FindingsFormat.JSON: "application/json",
    FindingsFormat.SARIF: "application/sarif+json",
    FindingsFormat.JUNIT: "application/xml",
    FindingsFormat.TEXT: "text/plain; charset=utf-8",
    FindingsFormat.GITHUB: "text/plain; charset=utf-8",
}


def rendered(findings: Findings, form: FindingsFormat) -> bytes:
    """Return findings in one form."""
    if form is FindingsFormat.SARIF:
        return orjson.dumps(sarif(findings))
    if form is FindingsFormat.JUNIT:
        return junit(findings)
    if form is FindingsFormat.TEXT:
        return (text(findings) + "\n").encode()
    if form is FindingsFormat.GITHUB:
        return github(findings).encode()
    return orjson.dumps([item.as_dict() for item in findings])


def text(findings: Findings) -> str:
    """Return findings as lines for people."""
    if not findings:
        return "no findings: the client did nothing that mock-sma knows to be wrong or wasteful"
    return "\n".join(line for item in findings for line in lines(item))


def lines(item: Finding) -> list[str]:
    """Return a finding's lines for people."""
    client = f" by {item.client_id}" if item.client_id else ""
    return [
        printable(f"{item.severity}: {item.title} [{item.id}; {item.rule}]{client}"),
        printable(f"  {item.text}"),
        f"  instead: {item.fix}",
        f"  entries: {', '.join(item.entries[:5])}{' …' if len(item.entries) > 5 else ''}; see {item.link}",
    ]


def github(findings: Iterable[Finding]) -> str:
    """Return findings as workflow commands of GitHub Actions: each becomes an annotation."""
    commands = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
    return "".join(
        f"::{commands[item.severity]} title={_property(f'{item.title} ({item.id})')}::"
        f"{_data(f'{item.text}. {item.fix}.')}\n"
        for item in findings
    )


def _data(text: str) -> str:
    # A "%" first: the others are written with one.
    for sign in "%\r\n":
        text = text.replace(sign, f"%{ord(sign):02X}")
    return printable(text)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def sarif(findings: Iterable[Finding], artifact: str = PAGE) -> dict[str, Any]:
    """Return findings as a log of SARIF 2.1.0 (OASIS).

    Args:
        artifact: file that they are shown at, since code hosts want one: a finding has no line of code.
    """
    rules = [
        {
            "id": rule.id,
            "shortDescription": {"text": rule.title},
            "fullDescription": {"text": rule.about},
            "help": {"text": f"{rule.fix}. Source: {rule.rule}. See {PAGE}#{rule.id}"},
            "defaultConfiguration": {"level": str(rule.severity)},
        }
        for rule in RULES
    ]
    driver = {"name": "mock-sma", "version": __version__, "rules": rules}
    results = [_result(item, artifact) for item in findings]
    return {"$schema": SARIF, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _result(item: Finding, artifact: str) -> Mapping[str, Any]:
    region = {"startLine": 1}
    return {
        "ruleId": item.id,
        "level": str(item.severity),
        "message": {"text": f"{item.text}. {item.fix}."},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": artifact}, "region": region}}],
        "partialFingerprints": {"finding/v1": f"{item.id}:{item.client_id or ''}"},
        "properties": {"rule": item.rule, "entries": list(item.entries), "client_id": item.client_id},
    }


def junit(findings: Findings) -> bytes:
    """Return findings as JUnit XML: a case for each rule, failed where it was broken; a note fails nothing."""
    by_rule: dict[str, list[Finding]] = {}
    for item in findings:
        by_rule.setdefault(item.id, []).append(item)
    bad = findings.at_least(Severity.WARNING)
    failed = len({item.id for item in bad})
    suite = ET.Element("testsuite", name="mock-sma findings", tests=str(len(RULES)), failures=str(failed))
    for rule in RULES:
        case = ET.SubElement(suite, "testcase", classname="mock_sma.findings", name=rule.id)
        found = by_rule.get(rule.id, [])
        worse = [item for item in found if item in bad]
        if worse:
            failure = ET.SubElement(case, "failure", type=str(worse[0].severity), message=rule.title)
            failure.text = _words(worse)
        elif found:
            ET.SubElement(case, "system-out").text = _words(found)
    written: bytes = ET.tostring(suite, encoding="utf-8", xml_declaration=True)
    return written


def _words(found: Iterable[Finding]) -> str:
    return printable("; ".join(f"{item.text}. {item.fix}" for item in found))
