"""Whether the fonts can show what an edition says."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from typing import Any

from polyleaf.finding import Finding
from polyleaf.fonts import missing_characters
from polyleaf.page import Page
from polyleaf.rule import rule_of

GLYPH = rule_of(
    "P101",
    "missing-glyph",
    "error",
    """No font of the locale has a glyph for a character.

    Why: it would come out as an empty box, and a number or a name could not be read.

    Instead: write it with other characters, or take it out.

    Source: ISO 14289-1 (PDF/UA-1), 7.21.8 (.notdef).
    """,
)


def missing_glyphs(page: Page, html: str) -> Iterator[Finding]:
    """The characters of a page that no font of its locale has."""
    missing = missing_characters([_visible(html)], page.edition.locale)
    unplaced = set(missing)
    for shown in dict.fromkeys((*page.shown, *page.texts.shown)):
        if found := missing.intersection(shown.text):
            unplaced -= found
            file = shown.file.as_posix() if shown.file else ""
            message = shown.message
            yield _finding(found, file=file, line=shown.line, msgctxt=message.msgctxt, msgid=message.msgid)
    if unplaced:
        yield _finding(unplaced, file=page.clinic.path.as_posix())


def _finding(chars: Iterable[str], **place: Any) -> Finding:
    named = ", ".join(f"{char!r} (U+{ord(char):04X} {unicodedata.name(char, 'unnamed')})" for char in sorted(chars))
    return Finding(
        GLYPH.code, GLYPH.severity, f"no font has a glyph for {named}", "write it with other characters", **place
    )


def _visible(html: str) -> str:
    parser = _Text()
    parser.feed(html)
    return "".join(parser.found)


class _Text(HTMLParser):
    """Collects the characters between tags, without styles and scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden = tag in ("style", "script")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = False

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.found.append(data)
