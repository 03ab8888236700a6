"""Writes the draft: front matter, sections and comments, with every mark of the source as the text that it is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby

import yaml

from polyleaf.config import unwanted
from polyleaf.drafting.arrange import Arranged
from polyleaf.drafting.block import Block, Remark
from polyleaf.drafting.quantities import Quantity, name_of, read_quantities
from polyleaf.drafting.words import Words

_MARKS = re.compile(r"[\\`*_{}\[\]<!|~]")
_BEGINS = re.compile(r"(?:[-+#>]|\d{1,9}(?=[.)]))")
_NOTHING = "–"
_FRONT = """\
---
title: {title}
{summary}kind: {kind}
purpose: {purpose}
version: "0.1"
published: {published}
review_by: {review_by}
authors:
  - Your name
# Drafted from {origin}, which is no source: name the works that its statements rest on, and cite them.
sources: {{}}
{values}---
"""


@dataclass(frozen=True)
class Front:
    """What the front matter says. `origin` names the file that the draft was made from."""

    title: str
    summary: str
    kind: str
    purpose: str
    published: date
    review_by: date
    origin: str


@dataclass
class Writer:
    """Writes one draft, and keeps what it proposes and what it is not sure of. `unit` is what places are counted in."""

    words: Words
    origin: str
    unit: str
    proposed: list[Remark] = field(default_factory=list)
    unsure: list[Remark] = field(default_factory=list)
    _values: dict[str, tuple[Quantity, Remark]] = field(default_factory=dict)
    _other_mark: bool = False

    def draft(self, front: Front, arranged: Arranged) -> str:
        """The text of the leaflet."""
        body = "".join(self._body(arranged))
        return self._front(front) + body

    def _front(self, front: Front) -> str:
        values = "".join(
            f"  {name}: {quantity.written()}  # {self._place(remark.line)}: check it: {_one_line(remark.text)}\n"
            for name, (quantity, remark) in self._values.items()
        )
        return _FRONT.format(
            title=_quoted(front.title),
            summary=f"summary: {_quoted(front.summary)}\n" if front.summary else "",
            kind=front.kind,
            purpose=front.purpose,
            published=front.published.isoformat(),
            review_by=front.review_by.isoformat(),
            origin=_one_line(front.origin),
            values=f"values:\n{values}" if values else "",
        )

    def _place(self, line: int) -> str:
        return f"{self.unit} {line} of {_one_line(self.origin)}"

    # The body --------------------------------------------------------------------------------------------------------

    def _body(self, arranged: Arranged) -> Iterator[str]:
        headed: set[str] = set()
        for key in arranged.in_order():
            section = key.partition(".")[0]
            for heading in (section, key):
                if heading not in headed:
                    headed.add(heading)
                    yield f"\n{'###' if '.' in heading else '##'} {heading}\n"
            before = ""
            for together, alike in groupby(arranged.sections[key], key=_together):
                self._other_mark = before == "item" and not self._other_mark
                yield "\n" + self._group(list(alike), key)
                before = together[0]

    def _group(self, blocks: Sequence[Block], key: str) -> str:
        if blocks[0].kind == "row" and len(blocks) > 1:
            return self._table(blocks, key)
        if blocks[0].kind == "item":
            return self._list(blocks, key)
        return "\n".join(f"{self._comment(block)}{_safe(self._text(block.text, block, key))}\n" for block in blocks)

    def _list(self, blocks: Sequence[Block], key: str) -> str:
        """A list, with another mark than the one before, which would go on otherwise."""
        bullet, number = ("*", ")") if self._other_mark else ("-", ".")
        lines = []
        for count, block in enumerate(blocks, start=1):
            mark = f"{count}{number}" if block.ordered else bullet
            lines.append(f"{self._comment(block)}{mark} {_safe(self._text(block.text, block, key))}\n")
        return "".join(lines)

    def _table(self, blocks: Sequence[Block], key: str) -> str:
        """A table, whose first row is its heading; comments stand above it, since they would part its rows."""
        columns = max(len(block.cells) for block in blocks)
        rows = []
        for block in blocks:
            leads = ["", *(f"{cell} " for cell in block.cells)]
            told = zip(block.cells, leads, strict=False)
            cells = [self._text(cell, block, key, before) or _NOTHING for cell, before in told]
            rows.append("| " + " | ".join([*cells, *[_NOTHING] * (columns - len(cells))]) + " |\n")
        rows.insert(1, "|" + " --- |" * columns + "\n")
        return "".join(self._comment(block) for block in blocks) + "".join(rows)

    def _comment(self, block: Block) -> str:
        """What an editor should know of a block. Its quantities are read before: they may add to it."""
        notes = list(dict.fromkeys([*block.notes, *self._doubts(block)]))
        self.unsure += [Remark(block.line, note, block.text) for note in block.notes]
        return f"<!-- {self._place(block.line)}: unsure: {_one_line('; '.join(notes))} -->\n" if notes else ""

    def _doubts(self, block: Block) -> Iterator[str]:
        if found := unwanted(block.text):
            reason = f"characters that no leaflet may hold were taken out: {', '.join(found)}"
            self.unsure.append(Remark(block.line, reason, without_unwanted(block.text)))
            yield reason
        for cell in block.cells or (block.text,):
            for doubt in read_quantities(cell, self.words)[1]:
                self.unsure.append(Remark(block.line, doubt.reason, doubt.words))
                yield f'"{doubt.words}": {doubt.reason}'

    # Texts -----------------------------------------------------------------------------------------------------------

    def _text(self, text: str, block: Block, key: str, before: str = "") -> str:
        """The text with its marks as text, and placeholders for its quantities. `before` is what leads to it."""
        parts = []
        place = 0
        for quantity in read_quantities(text, self.words)[0]:
            name = self._named(quantity, text, key, before)
            said = text[quantity.start : quantity.end]
            remark = Remark(block.line, f"{name}: {quantity.written()}", said)
            self._values[name] = quantity, remark
            self.proposed.append(remark)
            parts += [escaped(text[place : quantity.start]), f"{{{name}}}"]
            place = quantity.end
        return "".join([*parts, escaped(text[place:])])

    def _named(self, quantity: Quantity, text: str, key: str, before: str) -> str:
        moved = replace(quantity, start=quantity.start + len(before), end=quantity.end + len(before))
        name = name_of(moved, before + text, key, self.words)
        names = [name, *(f"{name}_{number}" for number in range(2, len(self._values) + 3))]
        return next(one for one in names if one not in self._values)


def escaped(text: str) -> str:
    """The text so that Markdown, placeholders and comments read it as it stands."""
    return _MARKS.sub(lambda mark: f"\\{mark[0]}", without_unwanted(text))


def without_unwanted(text: str) -> str:
    """The text without the characters that no file of a project may hold, which show nothing."""
    return "".join(char for char in text if not unwanted(char))


def _safe(text: str) -> str:
    """A text so that its beginning begins no list, heading, quotation or ruler."""
    begin = _BEGINS.match(text)
    if begin is None:
        return text
    return f"{begin[0]}\\{text[begin.end() :]}" if begin[0].isdigit() else f"\\{text}"


def _together(block: Block) -> tuple[str, int]:
    return block.kind, block.group


def _quoted(text: str) -> str:
    """A text for YAML, on one line."""
    return str(yaml.safe_dump(without_unwanted(text), allow_unicode=True, width=10**6, default_style='"')).strip()


def _one_line(text: str) -> str:
    """A text for a comment: on one line, and without what would end it."""
    return re.sub(r"--+>?|<!", "-", " ".join(without_unwanted(text).split()))
