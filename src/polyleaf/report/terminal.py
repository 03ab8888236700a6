"""Problems and findings as lines for a person at a terminal."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from polyleaf.build import MANIFEST, BuildReport, Result
from polyleaf.catalog.status import Status
from polyleaf.catalog.upkeep import Updated
from polyleaf.errors import PolyleafError
from polyleaf.finding import Finding
from polyleaf.translation.glossary import Term

if TYPE_CHECKING:
    from rich.table import Table  # which takes a while to import

    from polyleaf.catalog.exchange import Merged

_AT_MOST = 5
_COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}


def problem_lines(error: PolyleafError) -> Iterator[str]:
    """Every problem with its place and way out."""
    for problem in error.problems:
        place = f"{problem.place}: " if problem.place else ""
        yield f"{click.style('error', fg='red', bold=True)}: {place}{problem.message}"
        if problem.hint:
            yield f"  {click.style('hint', fg='cyan')}: {problem.hint}"


def finding_lines(results: Iterable[Result]) -> Iterator[str]:
    """Every finding once, with the editions that it touches; of many of one kind in one file, the first."""
    editions: dict[Finding, list[str]] = defaultdict(list)
    for result in results:
        for finding in result.findings:
            shared = replace(finding, clinic="", leaflet="", locale="") if finding.file else finding
            editions[shared].append(result.edition.path)
    alike = Counter((finding.code, finding.file) for finding in editions)
    told: Counter[tuple[str, str]] = Counter()
    for finding, paths in editions.items():
        kind = finding.code, finding.file
        told[kind] += 1
        if finding.file and told[kind] > _AT_MOST:
            if told[kind] == alike[kind]:
                yield f"  and {alike[kind] - _AT_MOST} more [{finding.code}] in {finding.file}: see {MANIFEST}"
            continue
        severity = click.style(finding.severity, fg=_COLOURS[finding.severity], bold=True)
        place = f"{finding.place}: " if finding.place else ""
        yield f"{severity}[{finding.code}]: {place}{finding.message}"
        if finding.msgid and finding.msgid not in finding.message:
            yield f"  in: {finding.msgctxt}: {finding.msgid}"
        if finding.hint:
            yield f"  {click.style('hint', fg='cyan')}: {finding.hint}"
        others = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        yield f"  edition: {paths[0]}{others}"


def summary_line(report: BuildReport, output: Path) -> str:
    """What a build came to."""
    counts = [(report.count("built"), "built"), (report.count("up-to-date"), "up to date")]
    told = [f"{count} {word}" for count, word in counts if count or word == "built"]
    told.append(f"{len(report.failed)} failed")
    changed = [(report.restored, "put back"), (len(report.pruned), "that nothing makes any more removed")]
    extra = "".join(f" ({count} {word})" for count, word in changed if count)
    return f"{', '.join(told)}{extra}, in {output}"


def progress_line(result: Result, number: int, total: int) -> str:
    """One edition's outcome."""
    pages = f" ({result.pages} pages, {result.type_size_pt:g} pt)" if result.pages else ""
    return f"[{number:{len(str(total))}}/{total}] {result.outcome:6} {result.edition.path}{pages}"


# Catalogs ------------------------------------------------------------------------------------------------------------


def changes_line(catalog: Updated, root: Path) -> str:
    """What became of a catalog."""
    changes = catalog.changes
    told = [
        (len(changes.added), "to translate"),
        (len(changes.suggested), "to confirm"),
        (len(changes.carried), "kept under a corrected source"),
        (len(changes.revived), "back again"),
        (len(changes.removed), "gone"),
        (len(changes.described), "with another remark"),
    ]
    path = catalog.document.path.relative_to(root).as_posix()
    return f"{path}: {', '.join(f'{count} {what}' for count, what in told if count) or 'begun'}"


def glossary_line(path: str, old: Sequence[Term], new: Sequence[Term], skipped: int) -> str:
    """What a termbase brought to a glossary; the terms that were there are the first ones still."""
    told = [
        (len(new) - len(old), "added"),
        (sum(a != b for a, b in zip(old, new, strict=False)), "extended"),
    ]
    text = ", ".join(f"{count} {what}" for count, what in told if count) or "nothing to change"
    extra = f" ({skipped} without a term in both languages skipped)" if skipped else ""
    return f"{path}: {text}{extra}"


def merged_line(catalog: Merged, root: Path) -> str:
    """What a translator's file did to a catalog."""
    told = [(catalog.translated, "translated"), (catalog.to_confirm, "to confirm")]
    path = catalog.document.path.relative_to(root).as_posix()
    begun = " (begun)" if catalog.created else ""
    return f"{path}{begun}: {', '.join(f'{count} {what}' for count, what in told if count)}"


def exported_line(output: str, states: Mapping[str, int]) -> str:
    """What went out, by state."""
    return (
        f"{output}: {sum(states.values())} texts ({', '.join(f'{n} {state}' for state, n in sorted(states.items()))})"
    )


def status_table(rows: Sequence[Status]) -> Table:
    """How far each translation is, for a person."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("catalog", "locale", "translated", "fuzzy", "missing", "words left", "findings", "approved"):
        table.add_column(name, justify="left" if name in ("catalog", "locale") else "right")
    for row in rows:
        style = "green" if row.translated == row.messages and not row.findings else ""
        numbers = (row.fuzzy, row.missing, row.words_left, row.findings)
        done = f"{row.translated}/{row.messages}"
        approved = "stale" if row.stale else "yes" if row.approved else "no"
        table.add_row(row.domain, row.locale, done, *(str(number or "") for number in numbers), approved, style=style)
    return table


def status_summary(rows: Sequence[Status]) -> str:
    """All of it in one line."""
    messages, translated = sum(row.messages for row in rows), sum(row.translated for row in rows)
    share = translated * 100 // messages if messages else 100  # never 100 % where something is left
    locales = len({row.locale for row in rows})
    return f"translated {share}% of {messages} in {locales} locales, {sum(row.findings for row in rows)} findings"
