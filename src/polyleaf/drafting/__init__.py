"""Drafts a leaflet from a page that is there already: its text, without what is around it, sorted into sections."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from babel import Locale

from polyleaf.drafting.arrange import arrange
from polyleaf.drafting.block import Page, Remark
from polyleaf.drafting.read import SUFFIXES, read_page
from polyleaf.drafting.sift import Sifted, sift
from polyleaf.drafting.verdict import Verdict, judge, missing_sections
from polyleaf.drafting.words import Words, words_of
from polyleaf.drafting.write import Front, Writer
from polyleaf.errors import PolyleafError, Problem
from polyleaf.project import THEME_DOMAIN, Project

__all__ = ["SUFFIXES", "Draft", "Order", "Remark", "draft_leaflet"]

_ENGLISH = Locale("en")
_YEARS = 2  # until the draft's text should be looked at again; at most three (PIF TICK)


@dataclass(frozen=True)
class Order:
    """How a page is to be drafted. `project` lends its settings; `encoding` is that of the page, if it is known."""

    kind: str
    purpose: str
    today: date
    encoding: str = ""
    project: Project | None = None


@dataclass(frozen=True)
class Draft:
    """A drafted leaflet and all that there is to say of it. `unit` is what the places in the page are counted in."""

    name: str
    text: str
    unit: str
    headings: tuple[Remark, ...]
    proposed: tuple[Remark, ...]
    dropped: tuple[Remark, ...]
    unsure: tuple[Remark, ...]
    missing: tuple[str, ...]
    verdict: Verdict


def draft_leaflet(path: Path, order: Order) -> Draft:
    """Draft a leaflet from an HTML, DOCX, Markdown or plain text file.

    Raises `PolyleafError` where the file cannot be read, or has nothing that tells its sections.
    """
    page = read_page(path, order.encoding)
    words, told = _words(order.project)
    sifted = sift(page, words, _humanised(path.stem))
    _refuse_formless(sifted, path)
    arranged = arrange(sifted.blocks, words)
    writer = Writer(words, path.name, page.unit)
    text = writer.draft(_front(sifted, page, path, order), arranged)
    unsure = [*told, *sifted.unsure, *_of_summary(page), *arranged.unsure, *writer.unsure]
    name = _slug(sifted.title)
    return Draft(
        name=name,
        text=text,
        unit=page.unit,
        headings=tuple(arranged.headings),
        proposed=_in_order(writer.proposed),
        dropped=_in_order(sifted.dropped),
        unsure=_in_order(unsure),
        missing=missing_sections({key.partition(".")[0] for key in arranged.in_order()}, order.kind, order.purpose),
        verdict=judge(text, name, order.project, order.today),
    )


def _words(project: Project | None) -> tuple[Words, list[Remark]]:
    """The words of the project's language, or English ones where none are known."""
    locale = Locale.parse(project.source_locale) if project else _ENGLISH
    known = words_of(locale)
    if known is not None:
        return known, []
    english = words_of(_ENGLISH)
    assert english is not None
    return english, [Remark(1, f"headings and advertising are known in English alone, and the project is in {locale}")]


def _refuse_formless(sifted: Sifted, path: Path) -> None:
    if not any(block.kind != "heading" for block in sifted.blocks):
        hint = "look at the page: scripts may show its text; save what the browser shows as HTML or text"
        raise PolyleafError(Problem("no text was found beside navigation and the like", path, hint=hint))
    if not any(block.kind == "heading" for block in sifted.blocks):
        hint = 'mark them in the file, such as "## Side effects" in Markdown or Heading 2 in Word'
        message = "no headings were found: nothing says what belongs into which section"
        raise PolyleafError(Problem(message, path, hint=hint))


def _front(sifted: Sifted, page: Page, path: Path, order: Order) -> Front:
    today = order.today
    return Front(
        title=sifted.title,
        summary=page.summary.text if page.summary else "",
        kind=order.kind,
        purpose=order.purpose,
        published=today,
        review_by=today.replace(year=today.year + _YEARS, day=min(today.day, 28)),
        origin=path.name,
    )


def _of_summary(page: Page) -> list[Remark]:
    return (
        [Remark(page.summary.line, "the summary is the page's description of itself", page.summary.text)]
        if (page.summary)
        else []
    )


def _in_order(remarks: list[Remark]) -> tuple[Remark, ...]:
    return tuple(sorted(dict.fromkeys(remarks), key=lambda remark: remark.line))


def _humanised(stem: str) -> str:
    return " ".join(re.split(r"[-_\s]+", stem)).strip().capitalize() or stem


def _slug(title: str) -> str:
    """A name for the leaflet: it becomes part of paths."""
    words = re.findall(r"[a-z0-9]+", title.casefold())
    slug = "-".join(words)[:60].strip("-")
    return slug if slug and slug != THEME_DOMAIN else "leaflet"
