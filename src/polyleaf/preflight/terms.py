"""What a PDF is held to: the terms of a print shop, the sizes of formats, the strings that have to be on the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Profile = Literal["screen", "print"]
PROFILES: tuple[Profile, ...] = ("screen", "print")


@dataclass(frozen=True)
class Format:
    """The sizes that the pages of a format can have, in mm after cutting, and how many pages it can have.

    `pages` are the counts that are allowed, `multiple` what a count has to be a multiple of.
    """

    sizes: tuple[tuple[float, float], ...]
    pages: tuple[int, ...] = ()
    multiple: int = 1

    @property
    def told_pages(self) -> str:
        """The counts for a person."""
        return " or ".join(map(str, self.pages)) if self.pages else f"a multiple of {self.multiple}"

    def allows(self, pages: int) -> bool:
        """Whether it can have so many pages."""
        return pages in self.pages if self.pages else pages % self.multiple == 0


_A4, _LETTER = (210.0, 297.0), (215.9, 279.4)
_A5, _HALF_LETTER = (148.0, 210.0), (139.7, 215.9)
FORMATS = {
    "a4": Format((_A4, _LETTER), pages=(2, 4)),
    "a5-booklet": Format((_A5, _HALF_LETTER), multiple=4),
    "a5-booklet.imposed": Format(((296.0, 210.0), (279.4, 215.9)), multiple=2),
    "trifold": Format(((297.0, 210.0), (279.4, 215.9)), pages=(2,)),
    "large-print": Format((_A4, _LETTER)),
}


@dataclass(frozen=True)
class Expected:
    """A text that has to be on the pages, and the section that it belongs to."""

    section: str
    text: str


@dataclass(frozen=True)
class Expectations:
    """What a PDF is held to.

    `format` is a key of `FORMATS`, or empty for any. Lengths are in mm, type and lines in points, resolutions in pixels
    per inch, ink in percent. `condition` is the output condition that was agreed (such as FOGRA39), empty for any;
    `spots` the spot colours that were. `pdfa` is a level of PDF/A such as "2a" that it must conform to, beside the one
    that it claims. `texts` are in the order of reading.
    `second_opinion` asks `pdfua` too, which takes longer than all else.

    Sources: terms that printers have in common; EU readability guideline, rev. 1 (2009), for the smallest type.
    """

    profile: Profile = "screen"
    format: str = ""
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
