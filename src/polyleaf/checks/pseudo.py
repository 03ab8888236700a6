"""Whether all that a page says can be translated."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import chain
from typing import Any

from polyleaf.finding import Finding, shortened
from polyleaf.page import Page
from polyleaf.rule import rule_of
from polyleaf.theme import Theme
from polyleaf.translation.pseudo import CLOSE, OPEN

UNTRANSLATABLE = rule_of(
    "T141",
    "untranslatable",
    "warning",
    """A text of a page does not come from a message, so that nobody can translate it.

    Why: it is in the source language in every edition. The pseudo-locale en_XA shows it: there each message stands in
    brackets, and this text does not. What styles write (CSS content) is not looked at.

    Instead: write it in the template as {{ pgettext("page", "...") }}, or as {{ plain_pgettext("page", "...") }} in an
    attribute. What is no word of the leaflet, such as a name, belongs in the clinic's file.

    Source: Android Developers, "Test your app with pseudolocales".
    """,
)

_WITHIN_TEXTS = frozenset({"a", "abbr", "b", "bdi", "bdo", "em", "i", "mark", "small", "span", "strong", "sub", "sup"})
_READ_ALOUD = ("alt", "aria-description", "aria-label", "placeholder", "title")
_LETTER = re.compile(r"[^\W\d_]")


def untranslatable(page: Page, html: str, theme: Theme | None = None) -> Iterator[Finding]:
    """T141: the texts of an en_XA page outside brackets, but for names, addresses, sources, and what CLDR formats.

    With a theme, each has the place of the template that it is written in, as far as it is found there.
    """
    if page.edition.locale != "en_XA":
        return
    parser = _Blocks()
    parser.feed(html)
    parser.end()
    given = _given(page)
    parts = chain.from_iterable(map(_outside_brackets, parser.blocks))
    for text in dict.fromkeys(chain.from_iterable(map(given.split, parts))):
        if _LETTER.search(text):
            hint = 'write it in the template as {{ pgettext("page", "...") }}'
            message = f"it cannot be translated: {shortened(text.strip())}"
            yield Finding(UNTRANSLATABLE.code, UNTRANSLATABLE.severity, message, hint, **_place(text, theme))


def _given(page: Page) -> re.Pattern[str]:
    """Finds what is the same in every language, and what CLDR writes: neither comes from a message."""
    clinic = page.clinic
    phones = (page.phone, page.emergency, page.urgent, page.out_of_hours)
    texts = {
        *(clinic.title, *clinic.address, clinic.email, clinic.website, page.url),
        *(phone.text for phone in phones if phone),
        *chain.from_iterable(page.hours),
        *(text for source in page.sources for text in (source.text, source.href)),
        *(*page.authors, page.published, page.review_by, page.version, page.version_id, page.language_name),
    }
    known = sorted((_shown(text) for text in texts if text), key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, known))})(?!\w)")


def _outside_brackets(text: str) -> Iterator[str]:
    """The parts of a text that are in no brackets. Messages can stand in others, as counted nouns do."""
    parts, depth = [""], 0
    for char in text:
        if char == OPEN:
            depth += 1
            parts.append("")
        elif char == CLOSE:
            depth = max(depth - 1, 0)
        elif not depth:
            parts[-1] += char
    yield from filter(None, map(_shown, parts))


def _shown(text: str) -> str:
    """A text in plain spaces and without joiners and isolates."""
    return " ".join("".join(char for char in text if unicodedata.category(char) != "Cf").split())


def _place(text: str, theme: Theme | None) -> dict[str, Any]:
    pattern = re.compile(r"(?:\s|<[^<>]*>)+".join(map(re.escape, text.split())))
    if theme is None:
        return {}
    for name in theme.templates:
        source = theme.files[name].decode("utf-8-sig")
        if found := pattern.search(source):
            return {"file": (theme.folder / name).as_posix(), "line": source.count("\n", 0, found.start()) + 1}
    return {}


class _Blocks(HTMLParser):
    """Collects the texts of a page, each as long as no other element than those within texts begins or ends."""

    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[str] = []
        self._text = ""
        self._silent = False

    def end(self) -> None:
        """A text is whole."""
        self.blocks.append(self._text)
        self._text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _WITHIN_TEXTS:
            self.end()
        given = dict(attrs)
        # A link to the leaflet in another language names that language.
        self._silent = tag in ("style", "script") or "hreflang" in given
        self.blocks += [text for name in _READ_ALOUD if (text := given.get(name))]

    def handle_endtag(self, tag: str) -> None:
        if tag not in _WITHIN_TEXTS:
            self.end()
        self._silent = False

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._text += data
