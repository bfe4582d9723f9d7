"""Results of an exam, and how they are shown: lines, JUnit XML, SARIF, HTML."""

from __future__ import annotations

from dataclasses import asdict
from html import escape
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from mock_sma.exam.curriculum import CURRICULUM
from mock_sma.frozen import frozen
from mock_sma.printable import printable
from mock_sma.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PAGE = "docs/exam.md"
SARIF = "https://json.schemastore.org/sarif-2.1.0.json"


@frozen(kw_only=True)
class Result:
    """How a program did in one situation.

    Attributes:
        reasons: why it failed; empty: it passed.
        skipped: why it says nothing of the program; empty: it does.
        seconds: that it took.
        output: the end of what it wrote.
    """

    name: str
    about: str
    reasons: tuple[str, ...]
    seconds: float
    output: str = ""
    skipped: str = ""

    @property
    def passed(self) -> bool:
        """Whether it did not fail."""
        return not self.reasons

    @property
    def line(self) -> str:
        """The result in a line."""
        why = "; ".join(self.reasons) or self.skipped or self.about
        word = "FAIL" if self.reasons else "skip" if self.skipped else "ok  "
        return printable(f"{word} {self.name:<20} {self.seconds:5.1f} s  {why}")

    def as_dict(self) -> dict[str, Any]:
        """Return it for JSON."""
        return asdict(self)

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> Result:
        """Return what :meth:`as_dict` wrote."""
        return cls(**{**document, "reasons": tuple(document["reasons"])})


def summary(results: Sequence[Result], seconds: float) -> str:
    """Return the last line."""
    passed = sum(item.passed and not item.skipped for item in results)
    skipped = sum(bool(item.skipped) for item in results)
    more = f", {skipped} skipped," if skipped else ""
    return f"{passed} of {len(results)} situations passed{more} in {seconds:.1f} s"


def junit(results: Sequence[Result]) -> bytes:
    """Return JUnit XML: a case for each situation."""
    failed = sum(not item.passed for item in results)
    suite = ET.Element("testsuite", name="mock-sma exam", tests=str(len(results)), failures=str(failed))
    for item in results:
        time = f"{item.seconds:.3f}"
        case = ET.SubElement(suite, "testcase", classname="mock_sma.exam", name=item.name, time=time)
        if not item.passed:
            failure = ET.SubElement(case, "failure", message=printable(item.reasons[0]))
            failure.text = printable("; ".join(item.reasons))
        if item.skipped:
            ET.SubElement(case, "skipped", message=printable(item.skipped))
        if item.output:
            ET.SubElement(case, "system-out").text = "\n".join(map(printable, item.output.splitlines()))
    written: bytes = ET.tostring(suite, encoding="utf-8", xml_declaration=True)
    return written


def sarif(results: Sequence[Result], artifact: str) -> dict[str, Any]:
    """Return a log of SARIF 2.1.0: a result for each reason.

    Args:
        artifact: file that they are shown at, since code hosts want one.
    """
    rules = [
        {"id": case.name, "shortDescription": {"text": case.about}, "help": {"text": f"See {PAGE} of mock-sma"}}
        for case in CURRICULUM
    ]
    place = {"physicalLocation": {"artifactLocation": {"uri": artifact}, "region": {"startLine": 1}}}
    found = [
        {"ruleId": item.name, "level": "error", "message": {"text": reason}, "locations": [place]}
        for item in results
        for reason in item.reasons
    ]
    driver = {"name": "mock-sma exam", "version": __version__, "rules": rules}
    return {"$schema": SARIF, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": found}]}


STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #999;padding:.4rem;text-align:left;"
    "vertical-align:top}.ok{color:#176b2c}.fail{color:#a4161a}pre{white-space:pre-wrap}"
    "@media(prefers-color-scheme:dark){body{background:#111;color:#eee}.ok{color:#7bd88f}.fail{color:#ff8a8a}}"
)


def html(results: Sequence[Result], seconds: float) -> str:
    """Return a page that needs nothing else."""
    rows = "\n".join(map(_row, results))
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>Exam of a client of SMA</title>'
        f"<style>{STYLE}</style></head><body><h1>Exam</h1><p>{escape(summary(results, seconds))}</p>\n"
        f"<table><thead><tr><th>situation</th><th>what happens</th><th>result</th></tr></thead><tbody>\n{rows}\n"
        f"</tbody></table><p>mock-sma {__version__}, independent of SMA</p></body></html>\n"
    )


def _row(item: Result) -> str:
    if item.passed:
        told = f"skipped: {escape(item.skipped)}" if item.skipped else f"passed in {item.seconds:.1f} s"
        result = f'<td class="ok">{told}</td>'
    else:
        reasons = "".join(f"<li>{escape(printable(reason))}</li>" for reason in item.reasons)
        output = "\n".join(map(printable, item.output.splitlines()))
        shown = f"<details><summary>output</summary><pre>{escape(output)}</pre></details>" if output else ""
        result = f'<td class="fail">failed<ul>{reasons}</ul>{shown}</td>'
    return f'<tr id="{item.name}"><td>{item.name}</td><td>{escape(item.about)}</td>{result}</tr>'
