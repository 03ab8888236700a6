"""What is being approved, what changed since, and how approvals stand, for a person at a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from polyleaf.reading import Change, Passage, Reading
from polyleaf.signoff.standing import Standing

if TYPE_CHECKING:
    from rich.table import Table  # which takes a while to import

_COLOURS = {"approved": "green", "waiting": "yellow", "none": ""}
_WORDS = {"none": "not approved", "waiting": "waits for its source"}


def reading_lines(read: Reading) -> Iterator[str]:
    """All that is read, in its order: each source text and, below it, its translation."""
    yield click.style(f"{read.leaflet} in {read.locale}", bold=True)
    yield from (f"  {name}: {said}" for name, said in read.facts)
    at = ""
    for passage in read.passages:
        if passage.at != at:
            at = passage.at
            yield f"\n{click.style(at, bold=True)}"
        yield from _passage_lines(passage, read)
    if read.quantities:
        yield f"\n{click.style('values, as they are read', bold=True)}"
        for one in read.quantities:
            bounds = f"   clinics: {one.least} to {one.most}" if one.least else ""
            yield f"  {{{one.name}}}: {one.source} = {one.shown}{bounds}"
    if read.terms:
        yield f"\n{click.style('glossary', bold=True)}"
        yield from (f"  {term}: {translation}" for term, translation, *_ in read.terms)
    yield f"\n{click.style('texts of the theme', bold=True)}"
    for passage in read.theme:
        yield from _passage_lines(passage, read)


def _passage_lines(passage: Passage, read: Reading) -> Iterator[str]:
    yield f"  {read.filled(' / '.join(passage.source), translated=False)}"
    if passage.translation:
        yield f"  {click.style(read.filled(' / '.join(passage.texts), translated=True), fg='cyan')}"


def change_lines(changes: Sequence[Change]) -> Iterator[str]:
    """What changed since the last approval, a line before and a line after."""
    yield click.style("changed since it was last approved:", bold=True)
    for change in changes:
        yield f"  {change.at}"
        if change.before:
            yield f"    {click.style('- ' + change.before, fg='red')}"
        if change.after:
            yield f"    {click.style('+ ' + change.after, fg='green')}"
    if not changes:
        yield "  nothing"


def standing_lines(standings: Iterable[Standing]) -> Iterator[str]:
    """What is not released, and why."""
    for known in standings:
        yield f"{click.style('not released', fg='red', bold=True)}: {known.leaflet} in {known.locale}: {known.reason}"


def standing_table(standings: Sequence[Standing]) -> Table:
    """How approvals stand: one line a leaflet and locale."""
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("leaflet", "locale", "state", "version", "by", "role", "on", "expires", "why not"):
        table.add_column(name)
    for known in standings:
        said = known.approval
        cells = (said.version, said.by, said.role, said.on.isoformat()) if said else ("", "", "", "")
        expires = said.expires.isoformat() if said and said.expires else ""
        why = known.reason if said else ""
        state = _WORDS.get(known.state, known.state)
        style = _COLOURS.get(known.state, "red")
        table.add_row(known.leaflet, known.locale, state, *cells, expires, why, style=style)
    return table


def standing_summary(standings: Sequence[Standing]) -> str:
    """All of it in one line."""
    good = sum(known.holds for known in standings)
    return f"{good} of {len(standings)} approved and in date"
