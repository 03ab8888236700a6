"""Whether pages came out as their edition asks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from polyleaf.finding import Finding
from polyleaf.fit import TooLong
from polyleaf.leaflet import block_messages
from polyleaf.model import Leaflet, Section
from polyleaf.page import Page, PageSection, RichList, RichParagraph
from polyleaf.rule import rule_of

_SHOWN = 3  # sections that are longest

COMPLAINT = rule_of(
    "P102",
    "layout-complaint",
    "error",
    """WeasyPrint could not do what the theme or the logo asks for.

    Why: something is missing on the page, or looks other than it should.

    Instead: mend the template, the style sheet or the picture that the message names.

    Source: WeasyPrint's log.
    """,
)
TOO_LONG = rule_of(
    "P103",
    "too-long",
    "error",
    """The text does not fit into the pages of the format in the smallest type that is allowed.

    Why: smaller type cannot be read by many of those whom the leaflet is for.

    Instead: shorten the text or its translation, or leave a section out of this format by `leave_out`.

    Source: NHS England, Accessible Information Standard; UKAAF, clear print (12 point, never under 11 here); for folded
    leaflets the EU's guideline on readability (9 point Times New Roman or the same x-height, 3 mm between lines).
    """,
)


def complaint(text: str) -> Finding:
    """A finding for what WeasyPrint said."""
    return Finding(COMPLAINT.code, COMPLAINT.severity, f"WeasyPrint: {text}", "mend the theme or the logo")


def too_long(leaflet: Path, fault: TooLong, longest: Sequence[tuple[str, float]]) -> Finding:
    """A finding for a leaflet that takes more pages than its format has.

    `longest` are headings of sections, each with how many times longer it is than in the source language.
    """
    text = (
        f"it takes {fault.pages} pages at {fault.smallest_pt:g} pt, and {fault.allowed} are allowed: "
        f"{fault.lines} lines too many"
    )
    hint = "shorten the text or its translation, or leave a section out of the format with leave_out"
    if longest:
        told = ", ".join(f"{heading} ({ratio:.2g} times)" for heading, ratio in longest)
        hint += f"; longest beside the source: {told}"
    return Finding(TOO_LONG.code, TOO_LONG.severity, text, hint, leaflet.as_posix(), 1)


def longest_sections(page: Page, leaflet: Leaflet) -> list[tuple[str, float]]:
    """The three sections of a page that are longest beside the leaflet's own, with the ratio of their letters."""
    source = {section.key: len("".join(_source_texts(section))) for section in leaflet.sections}
    ratios = [
        (section.heading.plain, len("".join(_texts(section))) / source[section.key])
        for section in page.sections
        if source.get(section.key)
    ]
    return sorted(ratios, key=lambda each: -each[1])[:_SHOWN]


def _texts(section: PageSection) -> Iterator[str]:
    for block in section.blocks:
        if isinstance(block, RichParagraph):
            yield block.text.plain
        elif isinstance(block, RichList):
            yield from (item.plain for item in block.items)
        else:
            yield from (cell.plain for row in (block.header, *block.rows) for cell in row)
    for part in section.parts:
        yield from _texts(part)


def _source_texts(section: Section) -> Iterator[str]:
    for block in section.blocks:
        yield from (message.msgid for message in block_messages(block))
    for part in section.parts:
        yield from _source_texts(part)
