"""Coverage as lines for a terminal, as a page, and as CTRF (Common Test Report Format)."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from mock_sma.coverage.catalogue import BY_NAME, HEAD
from mock_sma.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from mock_sma.verdicts.coverage import Coverage, Situation

MAX_TESTS = 5
"""Tests to copy that are printed at once; the documentation has the others."""

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}td,th{border-bottom:1px solid #999;padding:.3rem;text-align:left;"
    "vertical-align:top}pre{overflow-x:auto}.seen{color:#176b2c}.unseen{color:#a4161a}"
    "@media(prefers-color-scheme:dark){body{background:#111;color:#eee}.seen{color:#7bd88f}.unseen{color:#ff8a8a}}"
)


def lines(coverage: Coverage) -> Iterator[str]:
    """Yield the table, and for what was never met the first tests to copy."""
    for item in coverage.situations:
        yield f"{item.seen or '-':>6}  {item.name:<28} {item.about}"
    yield f"{len(coverage.seen)} of {len(coverage.situations)} situations met: {coverage.percent:.0f} %"
    unseen = [name for name in coverage.unseen if name in BY_NAME]
    if unseen:
        more = len(unseen) - MAX_TESTS
        yield ""
        yield "Tests to copy that meet what was never met" + (
            f" (and {more} more in docs/coverage.md)" if more > 0 else ""
        )
        yield ""
        yield from HEAD.splitlines()
        for name in unseen[:MAX_TESTS]:
            yield from ("", "", *BY_NAME[name].test.splitlines())


def ctrf(coverage: Coverage) -> dict[str, Any]:
    """Return a report of CTRF: a test for each situation, passed where it was met, else skipped."""
    tests = [
        {"name": item.name, "status": "passed" if item.seen else "skipped", "duration": 0, "message": item.about}
        for item in coverage.situations
    ]
    met = len(coverage.seen)
    counts = {"tests": len(tests), "passed": met, "failed": 0, "pending": 0, "skipped": len(tests) - met, "other": 0}
    results = {
        "tool": {"name": "mock-sma", "version": __version__},
        "summary": {**counts, "start": 0, "stop": 0},
        "tests": tests,
    }
    return {"reportFormat": "CTRF", "specVersion": "0.0.0", "results": results}


def page(coverage: Coverage, findings: Sequence[Mapping[str, Any]] = ()) -> str:
    """Return an HTML page that needs nothing else.

    Args:
        findings: in the form of the control API, each with the ``test`` that it was found in.
    """
    situations = "".join(map(_situation, coverage.situations))
    operations = "".join(_operation(name, counts) for name, counts in coverage.operations.items())
    found = "".join(
        f"<li><b>{escape(item['severity'])}</b>: {escape(item['title'])} ({escape(item['id'])}) in "
        f"<code>{escape(item['test'])}</code>: {escape(item['text'])}. {escape(item['fix'])}</li>"
        for item in findings
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>What the tests of a client met</title>'
        f"<style>{STYLE}</style></head><body><h1>{coverage.percent:.0f} % of all situations met</h1>\n"
        f"<h2>Findings</h2><ul>{found or '<li>none</li>'}</ul>\n"
        f"<h2>Situations</h2><table><tbody>{situations}</tbody></table>\n"
        f"<h2>Operations</h2><table><tbody>{operations}</tbody></table>\n"
        f"<p>mock-sma {__version__}, independent of SMA</p></body></html>\n"
    )


def _operation(name: str, counts: Mapping[str, int]) -> str:
    told = ", ".join(f"{status}: {count}" for status, count in counts.items()) or "-"
    return f"<tr><td>{escape(name)}</td><td>{escape(told)}</td></tr>"


def _situation(item: Situation) -> str:
    kind, copy = BY_NAME.get(item.name), ""
    if not item.seen and kind is not None:
        copy = f"<details><summary>a test</summary><pre>{escape(kind.test)}</pre></details>"
    word = "seen" if item.seen else "unseen"
    cells = f'<td class="{word}">{item.seen or "never"}</td><td>{item.name}</td><td>{escape(item.about)}{copy}</td>'
    return f"<tr>{cells}</tr>"
