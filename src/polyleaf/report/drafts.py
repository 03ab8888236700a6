"""What importing a page came to, for the person who goes on writing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

import click

from polyleaf.drafting import Draft, Remark
from polyleaf.finding import shortened
from polyleaf.report.plain import plain


def draft_lines(draft: Draft, page: Path, output: str) -> Iterator[str]:
    """The report in parts, each with the places in the page; findings have the places in the draft."""
    counted = draft.unit
    yield from _part("sections found", (_told(remark, page, counted) for remark in draft.headings))
    yield from _part("dropped", (_told(remark, page, counted) for remark in draft.dropped))
    yield from _part("unsure", (_told(remark, page, counted) for remark in draft.unsure))
    yield from _part("proposed values: check each against a source", (_told(r, page, counted) for r in draft.proposed))
    yield from _part("missing", _missing(draft))
    yield from _part("what the rules say of the draft", _rules(draft, output))
    yield _summary(draft)


def _part(name: str, lines: Iterable[str]) -> Iterator[str]:
    told = iter(lines)
    first = next(told, None)
    if first is not None:
        yield click.style(f"{name}:", bold=True)
        yield from (f"  {line}" for line in chain([first], told))


def _told(remark: Remark, page: Path, unit: str) -> str:
    """`page:line: reason: "text"`, as editors understand it; all of the text, which may be nowhere else."""
    place = f"{page}:{remark.line}" if unit == "line" else f"{page}: {unit} {remark.line}"
    place = place if remark.line else str(page)
    quoted = f': "{plain(remark.text)}"' if remark.text else ""
    return f"{place}: {remark.reason}{quoted}"


def _missing(draft: Draft) -> Iterator[str]:
    for key in draft.missing:
        yield f"the section {key}: add ## {key}"
    yield "sources: the page is none; name what its statements rest on below `sources:`, and cite it as [@name]"
    yield "authors, and the review date: two years from today was put in"
    if "\nsummary: " not in draft.text:
        yield "the summary: one sentence below the title"


def _rules(draft: Draft, output: str) -> Iterator[str]:
    for problem in draft.verdict.problems:
        yield f"{output}:{problem.line or 1}: {problem.message}{f' ({problem.hint})' if problem.hint else ''}"
    for finding in draft.verdict.findings:
        said = not finding.msgid or shortened(finding.msgid) in finding.message or finding.msgid in finding.message
        text = "" if said else f": {shortened(finding.msgid)}"
        place = f"{output}:{finding.line}" if finding.line else output
        hint = f" ({finding.hint})" if finding.hint else ""
        yield f"{finding.severity}[{finding.code}] {place}: {plain(finding.message + text)}{hint}"


def _summary(draft: Draft) -> str:
    """All of it in one line."""
    errors = sum(finding.severity == "error" for finding in draft.verdict.findings) + len(draft.verdict.problems)
    counts = (
        (len(draft.headings), "headings understood"),
        (len(draft.dropped), "texts dropped"),
        (len(draft.unsure), "to look at"),
        (len(draft.proposed), "values proposed"),
        (errors, "errors by the rules"),
    )
    return f"A draft, not fit to be given out: {', '.join(f'{what}: {count}' for count, what in counts)}"
