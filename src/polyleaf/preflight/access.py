"""A104 to A108: what a screen reader needs of any PDF, looked at here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from polyleaf.preflight.register import Remark, rule, told
from polyleaf.preflight.terms import Expectations

if TYPE_CHECKING:
    from polyleaf.preflight.document import Document

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_LONG = 4  # pages: the most that a leaflet has


@rule("A104", "not-tagged", "error", "screen")
def not_tagged(document: Document, terms: Expectations) -> Iterator[Remark]:
    """The file has no tags.

    Why: a screen reader has to guess what is a heading, a list or a table, and in which order to read.

    Instead: export it as tagged PDF, or as PDF/UA.

    Source: ISO 14289-1 (PDF/UA-1), 7.1; WCAG 2.2, 1.3.1.
    """
    if not document.is_tagged:
        yield Remark("the file is not tagged", "export it as tagged PDF (PDF/UA)")


@rule("A105", "no-title", "error", "screen")
def no_title(document: Document, terms: Expectations) -> Iterator[Remark]:
    """The file has no title, or a reader's window does not show it.

    Why: it is the first that a screen reader says. Else it says the name of the file.

    Instead: give the document a title, and let the window show it (DisplayDocTitle).

    Source: ISO 14289-1 (PDF/UA-1), 7.1; WCAG 2.2, 2.4.2.
    """
    title = re.search(r"<dc:title[^>]*>(.*?)</dc:title>", document.xmp, re.DOTALL)
    if not (title and re.sub(r"<[^>]*>", "", title[1]).strip()):
        missing = "no title" if not document.info("/Title") else "a title in its old information, none in its metadata"
        yield Remark(f"the file has {missing}", "give it a title in the metadata (dc:title)")
    preferences = document.root.get("/ViewerPreferences", {})
    if not bool(preferences.get("/DisplayDocTitle", False)):
        yield Remark("the window does not show the title", "set DisplayDocTitle")


@rule("A106", "no-language", "error", "screen")
def no_language(document: Document, terms: Expectations) -> Iterator[Remark]:
    """The file does not say in which language it is.

    Why: a screen reader speaks it in the voice of another one, and nobody understands it.

    Instead: set the document's language, such as `ar` or `zh-Hans`.

    Source: ISO 14289-1 (PDF/UA-1), 7.2; WCAG 2.2, 3.1.1.
    """
    language = str(document.root.get("/Lang", "")).strip()
    if not language:
        yield Remark("the file does not say its language", "set the language of the document")
    elif not _LANGUAGE.fullmatch(language):
        yield Remark(f"{language!r} is no language", "write it as in BCP 47, such as ar or zh-Hans")


@rule("A107", "no-bookmarks", "warning", "screen")
def no_bookmarks(document: Document, terms: Expectations) -> Iterator[Remark]:
    """A document of more than four pages has no bookmarks.

    Why: who cannot see a page cannot leaf through it.

    Instead: export it with bookmarks made of its headings.

    Source: WCAG 2.2, 2.4.5 (technique PDF2).
    """
    if document.page_count > _LONG and "/First" not in document.root.get("/Outlines", {}):
        yield Remark(f"{document.page_count} pages have no bookmarks", "make bookmarks of the headings")


@rule("A108", "no-characters", "error", "screen")
def no_characters(document: Document, terms: Expectations) -> Iterator[Remark]:
    """Glyphs are shown that stand for no character.

    Why: nothing is read aloud, found or copied there, or something else is.

    Instead: export it with ToUnicode tables that are complete, or with ActualText.

    Source: ISO 14289-1 (PDF/UA-1), 7.21.7; ISO 19005-2 (PDF/A-2u), 6.2.11.7.
    """
    places = (
        (page, mark)
        for page, mark in document.marks
        if mark.kind == "text" and mark.font and (mark.unknown or not set("\0\ufffd\ufeff\ufffe").isdisjoint(mark.text))
    )
    hint = "export it with complete ToUnicode tables, or with ActualText"
    yield from told(places, lambda _: "glyphs stand for no character", hint)
