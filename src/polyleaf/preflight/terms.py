"""What a PDF is held to: the terms of a print shop, the sizes of formats, the strings that have to be on the pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from polyleaf.formats import SIZES_MM
from polyleaf.model import Edition
from polyleaf.print_terms import PrintTerms

Profile = Literal["screen", "print"]
PROFILES: tuple[Profile, ...] = ("screen", "print")


@dataclass(frozen=True)
class Format:
    """The sizes that the pages of a format can have, in mm after cutting, by paper, and how many pages it can have.

    `pages` are the counts that are allowed, `multiple` what a count has to be a multiple of.
    """

    sizes: Mapping[str, tuple[float, float]]
    pages: tuple[int, ...] = ()
    multiple: int = 1

    @property
    def told_pages(self) -> str:
        """The counts for a person."""
        return " or ".join(map(str, self.pages)) if self.pages else f"a multiple of {self.multiple}"

    def allows(self, pages: int) -> bool:
        """Whether it can have so many pages."""
        return pages in self.pages if self.pages else pages % self.multiple == 0


FORMATS = {
    "a4": Format(SIZES_MM["a4"], pages=(2, 4)),
    "a5-booklet": Format(SIZES_MM["a5-booklet"], multiple=4),
    "a5-booklet.imposed": Format(SIZES_MM["a5-booklet.imposed"], multiple=2),
    "trifold": Format(SIZES_MM["trifold"], pages=(2,)),
    "large-print": Format(SIZES_MM["large-print"]),
}


@dataclass(frozen=True)
class Expected:
    """A text that has to be on the pages, and the section that it belongs to."""

    section: str
    text: str


@dataclass(frozen=True)
class Expectations:
    """What a PDF is held to.

    `format` is a key of `FORMATS`, or empty for any; `paper` is one of its sizes, or empty for any. Lengths are in mm,
    type and lines in points, resolutions in pixels per inch, ink in percent. `condition` is the output condition that
    was agreed (such as FOGRA39), empty for any; `spots` the spot colours that were. `pdfa` is a level of PDF/A such as
    "2a" that it must conform to, beside the one that it claims. `texts` are in the order of reading.
    `judged` asks independent programs, `second_opinion` among them `pdfua` too, which takes longer than all else.

    Sources: terms that printers have in common; EU readability guideline, rev. 1 (2009), for the smallest type.
    """

    profile: Profile = "screen"
    format: str = ""
    paper: str = ""
    bleed_mm: float = 3.0
    safe_mm: float = 3.0
    ink_limit: float = 300.0
    hairline_pt: float = 0.25
    image_ppi: float = 300.0
    line_art_ppi: float = 600.0
    smallest_times_pt: float = 9.0
    condition: str = ""
    spots: tuple[str, ...] = ()
    pdfa: str = ""
    texts: Sequence[Expected] = ()
    second_opinion: bool = True
    judged: bool = True


def by_terms(terms: PrintTerms) -> Expectations:
    """What a print shop's terms ask of a PDF that it is to print."""
    return Expectations(
        profile="print",
        bleed_mm=terms.bleed,
        safe_mm=terms.safe_area,
        ink_limit=terms.ink_limit,
        hairline_pt=terms.smallest_hairline_pt,
        image_ppi=terms.image_ppi,
        condition=terms.condition,
    )


def by_edition(edition: Edition, terms: PrintTerms) -> Expectations:
    """What an edition's file is held to by its profile and its format, whatever is written in it."""
    held = by_terms(terms) if edition.is_for_press else Expectations(profile="screen", pdfa="2a")
    imposed = f".{edition.profile}" if edition.profile == "imposed" else ""
    return replace(held, format=f"{edition.format}{imposed}")
