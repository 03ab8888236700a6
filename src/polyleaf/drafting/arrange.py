"""Puts the blocks of a page into the sections of a leaflet, by the headings above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from polyleaf.drafting.block import Block, Remark
from polyleaf.drafting.words import Words
from polyleaf.sections import SECTIONS

_FIRST = "about"


@dataclass
class Arranged:
    """The blocks of each section and part of one, in the page's order, and what became of each heading."""

    sections: dict[str, list[Block]] = field(default_factory=dict)
    headings: list[Remark] = field(default_factory=list)
    unsure: list[Remark] = field(default_factory=list)

    def in_order(self) -> list[str]:
        """The keys that have text, sections in their standard order and each before its parts."""
        order = [key for section, parts in SECTIONS.items() for key in (section, *(f"{section}.{p}" for p in parts))]
        return [key for key in order if self.sections.get(key)]


@dataclass
class _Here:
    """Where the next block belongs: one section, or several that one heading stands for."""

    keys: list[str]
    level: int = 0
    at: str = _FIRST
    note: str = ""


def arrange(blocks: Sequence[Block], words: Words) -> Arranged:
    """The blocks by section. Text before the first heading, and below one that is not known, goes to `about`."""
    arranged = Arranged()
    here = _Here([_FIRST])
    before: Block | None = None
    outside = here  # what a region beside the text comes back to when it ends
    for block in blocks:
        if block.place is None and before is not None and before.place is not None:
            here = outside
        if block.kind == "heading":
            here = _below(block, here, words, arranged)
        else:
            moved = _choose(block, before, here, words)
            notes = (*block.notes, *([here.note] if here.note else []), *([moved] if moved else []))
            arranged.sections.setdefault(here.at, []).append(replace(block, notes=notes))
            here.note = ""
        if block.place is None:
            outside = here
        before = block
    return arranged


def _below(heading: Block, here: _Here, words: Words, arranged: Arranged) -> _Here:
    """Where the text below a heading belongs. What is noted of the heading is noted at its first block."""
    keys = words.sections(heading.text)
    level = heading.level
    if keys:
        note = ""
        if len(keys) > 1:
            note = f'the heading "{heading.text}" stands for {" and ".join(keys)}'
            arranged.unsure.append(Remark(heading.line, f"the heading stands for {' and '.join(keys)}", heading.text))
        arranged.headings.append(Remark(heading.line, " and ".join(keys), heading.text))
        return _Here(keys, level, keys[0], "; ".join(filter(None, (note, *heading.notes))))
    inside = level > here.level > 0
    at = here.at if inside else _FIRST
    reason = f"no section is known by this heading: its text is in {at}"
    arranged.unsure.append(Remark(heading.line, reason, heading.text))
    note = f'no section is known by the heading "{heading.text}"'
    if inside:
        return replace(here, note=note)
    return _Here([_FIRST], 0, _FIRST, note)


def _choose(block: Block, before: Block | None, here: _Here, words: Words) -> str:
    """Choose among the sections that a heading stands for; returns what an editor should know of the choice."""
    if len(here.keys) < 2 or _goes_on(block, before):
        return ""
    cued = [key for key in words.cues(block.text) if key in here.keys]
    if not cued or cued[0] == here.at:
        return ""
    here.at = cued[0]
    return f"put into {here.at} by its words"


def _goes_on(block: Block, before: Block | None) -> bool:
    """Whether it belongs to what stands before it: an item or a row to its list or table, and to its introduction."""
    if block.kind == "paragraph" or before is None:
        return False
    return before.kind == block.kind or before.text.endswith(":")
