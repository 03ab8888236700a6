"""Plain text as blocks: paragraphs between empty lines, bullets, and short lines that may be headings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from polyleaf.drafting.block import Block, Page, clean
from polyleaf.drafting.html_page import LONGEST_HEADING, as_item

_WIDEST = 120  # characters: what has longer lines was not broken into lines of one width
_SLACK = 12


@dataclass(frozen=True)
class _Line:
    text: str
    number: int


def read_plain(text: str) -> Page:
    """The blocks of a text."""
    lines = [_Line(line, number) for number, line in enumerate(text.replace("\f", "\n").split("\n"), start=1)]
    width = max((len(line.text.rstrip()) for line in lines), default=0)
    blocks: list[Block] = []
    group = 0
    for paragraph in _paragraphs(lines):
        for run in _joined(paragraph, width):
            joined = clean(" ".join(line.text for line in run))
            block = Block("paragraph", joined, run[0].number, may_head=_may_head(joined))
            block = as_item(block, blocks[-1] if blocks else None, group + 1)
            group = max(group, block.group)
            blocks.append(block)
    return Page(tuple(block for block in blocks if not _is_ruler(block.text)))


def _paragraphs(lines: list[_Line]) -> Iterator[list[_Line]]:
    """The lines between empty ones."""
    paragraph: list[_Line] = []
    for line in [*lines, _Line("", 0)]:
        if clean(line.text):
            paragraph.append(line)
        elif paragraph:
            yield paragraph
            paragraph = []


def _joined(paragraph: list[_Line], width: int) -> Iterator[list[_Line]]:
    """The lines that are one text: a line goes on where the first word of the next did not fit any more."""
    run = [paragraph[0]]
    for line in paragraph[1:]:
        before = run[-1].text.rstrip()
        fitted = len(before) + 1 + len(line.text.split()[0]) <= width - _SLACK
        if width > _WIDEST or fitted or _is_item(line.text) or _is_ruler(line.text) or _is_ruler(before):
            yield run
            run = []
        run.append(line)
    yield run


def _is_item(text: str) -> bool:
    line = Block("paragraph", clean(text), 0)
    return as_item(line, None, 1) is not line or clean(text)[:2].rstrip(".)").isdigit()


def _is_ruler(text: str) -> bool:
    """A line of dashes or the like, which says nothing."""
    return not any(char.isalnum() for char in text)


def _may_head(text: str) -> bool:
    return len(text.split()) <= LONGEST_HEADING and not text.endswith((".", ",", ";"))
