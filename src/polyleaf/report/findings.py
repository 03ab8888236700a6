"""Findings for a person at a terminal: the source beside its translation, with what differs marked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from polyleaf.finding import Finding
from polyleaf.report.plain import plain
from polyleaf.rule import Rule

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

_STYLES = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan"}
_OPEN, _CLOSE = "⟦", "⟧"
_WIDTH = 120  # columns, where the output goes into a file


def show(findings: Sequence[Finding], rules: Mapping[str, Rule], console: Console) -> None:
    """Print findings, those of one message under one another with its texts once."""
    from rich.text import Text

    for _, alike in groupby(findings, key=lambda finding: (finding.file, finding.line, finding.msgctxt, finding.msgid)):
        for part in _block(list(alike), rules, console.no_color or console.color_system is None):
            console.print(part, soft_wrap=isinstance(part, Text), highlight=False, markup=False)
        console.print()


def console(width: int | None = None, stderr: bool = False) -> Console:
    """A console for the standard output, or for messages; of a fixed width where that is no terminal."""
    from rich.console import Console

    made = Console(highlight=False, stderr=stderr)
    return made if made.is_terminal else Console(highlight=False, width=width or _WIDTH, stderr=stderr)


def _block(findings: Sequence[Finding], rules: Mapping[str, Rule], brackets: bool) -> Iterator[RenderableType]:
    from rich.text import Text

    for finding in findings:
        name = rules[finding.code].name if finding.code in rules else ""
        head = Text(f"{finding.severity}[{finding.code} {name}]", style=_STYLES[finding.severity])
        place = f" {finding.place}:" if finding.place else ""
        yield head.append(plain(f"{place} {_bare(finding)}"), style="default not bold")
    first = findings[0]
    if first.msgid:
        yield _texts(findings, brackets)
    for hint in dict.fromkeys(finding.hint for finding in findings if finding.hint):
        yield Text("  hint: ", style="cyan").append(plain(hint), style="default")


def _bare(finding: Finding) -> str:
    """The message without the text that is shown below it."""
    shown = finding.msgstr or finding.msgid
    for colon in re.finditer(": ", finding.message if finding.msgid else ""):
        if shown.startswith(finding.message[colon.end() :].removesuffix("...")):
            return finding.message[: colon.start()]
    return finding.message


def _texts(findings: Sequence[Finding], brackets: bool) -> RenderableType:
    from rich.table import Table

    first = findings[0]
    table = Table(box=None, padding=(0, 2), expand=True, header_style="dim")
    table.add_column(first.msgctxt or "source", ratio=1)
    table.add_column(first.locale, ratio=1)
    for form in dict.fromkeys(finding.msgstr for finding in findings):
        about = [finding for finding in findings if finding.msgstr == form]
        source = _marked(first.msgid, [finding.msgid_span for finding in about], brackets)
        table.add_row(source, _marked(form, [finding.msgstr_span for finding in about], brackets))
    return table


def _marked(text: str, spans: Sequence[tuple[int, int] | None], brackets: bool) -> Text:
    """The text with the spans marked: by colour, or in brackets where there is none."""
    from rich.text import Text

    text = plain(text)
    shown = Text("")
    place = 0
    for start, end in sorted({span for span in spans if span is not None and span[1] <= len(text)}):
        if start < place:
            continue
        shown.append(text[place:start])
        shown.append(f"{_OPEN}{text[start:end]}{_CLOSE}" if brackets else text[start:end], style="bold reverse")
        place = end
    shown.append(text[place:])
    return shown


def summary(findings: Sequence[Finding], messages: int, catalogs: int, leaflets: int = 0) -> str:
    """All of it in one line."""
    of = ((catalogs, "catalog"), (leaflets, "leaflet"))
    places = [counted(count, noun) for count, noun in of if count] or [counted(0, "catalog")]
    return f"{severities(findings)} in {counted(messages, 'message')} of {' and '.join(places)}"


def severities(findings: Sequence[Finding]) -> str:
    """How many there are of each severity."""
    counts = Counter(finding.severity for finding in findings)
    return ", ".join(counted(counts[name], name) for name in ("error", "warning", "note"))


def counted(count: int, noun: str) -> str:
    """A number with its noun."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
