"""A PDF that is looked at: opened once, its pages read one after another."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pikepdf

from polyleaf.preflight.colour import Space, space_of
from polyleaf.preflight.content import BROKEN, ENDLESS, painted, without_source
from polyleaf.preflight.geometry import MM, Rect, around
from polyleaf.preflight.marks import Ink, Mark, Painted, Tagged
from polyleaf.preflight.typeface import Fonts

_HARMLESS = "a common error handled correctly"
"""What qpdf says of a file that is a little off and that every program reads."""
_IN_CATALOG = ("/OpenAction", "/AA", "/AcroForm", "/Names", "/AF", "/Outlines")
_IN_PAGE = ("/AA", "/Annots", "/AF")
_ELSEWHERE = frozenset(("/Parent", "/P", "/Pg", "/D", "/Dest", "/Dests", "/AP", "/DR", "/SE", "/Popup"))
"""Keys that lead back to pages, to what is drawn, and to places in the text."""
_A4 = Rect(0, 0, 210 * MM, 297 * MM)


_MOST_MEMORY = 512 * 1024**2
"""Bytes that a stream may take when it is unpacked: an image of A4 in four inks and 600 ppi has 140 MB."""


@contextmanager
def held_to_limits() -> Iterator[None]:
    """Have qpdf refuse streams that unpack without end. The limits hold for the whole process, so they are put back."""
    kinds = ("flate", "run_length", "png", "tiff", "dct")
    limits: dict[str, Any] = {f"{kind}_max_memory": _MOST_MEMORY for kind in kinds}
    before: dict[str, Any] = pikepdf.settings.set_qpdf_limits(**limits)
    try:
        yield
    finally:
        pikepdf.settings.set_qpdf_limits(**before)


class UnreadableError(Exception):
    """No part of the file can be looked at. `encrypted` says that only a password is missing."""

    def __init__(self, message: str, encrypted: bool = False) -> None:
        super().__init__(message)
        self.encrypted = encrypted


@dataclass(frozen=True)
class Page:
    """One page: its boxes in points as they are given (None where they are not), and what is painted on it."""

    number: int
    media: Rect
    bleed: Rect | None
    trim: Rect | None
    art: Rect | None
    crop: Rect | None
    unit: float
    turned: bool
    blending: Space | None
    paint: Painted

    @property
    def cut(self) -> Rect:
        """What is left of it after cutting; the whole page where nothing says how it is cut."""
        return self.trim or self.crop or self.media

    @property
    def size_mm(self) -> tuple[float, float]:
        """The width and height that a reader holds."""
        sides = self.cut.width * self.unit / MM, self.cut.height * self.unit / MM
        return (sides[1], sides[0]) if self.turned else sides

    def place(self, box: Rect) -> str:
        """Where something is, for a person: page, size and place in mm from the top left corner after cutting."""
        seen = box.meet(self.media) or box
        scale = self.unit / MM
        left, top = (seen.left - self.cut.left) * scale, (self.cut.top - seen.top) * scale
        return (
            f"page {self.number}, {seen.width * scale:.0f} × {seen.height * scale:.0f} mm at "
            f"{left:.0f} mm from the left and {top:.0f} mm from the top"
        )


class Document:
    """A PDF in memory. Raises `UnreadableError` where it is none."""

    def __init__(self, data: bytes, tick: Callable[[int], None] | None = None) -> None:
        self.data = data
        self._tick = tick or (lambda _: None)
        self.fonts = Fonts()
        self.ink: dict[int, Ink] = {}  # of images that were measured, by the number of their object
        self.pdf = _opened(data)
        told = map(str, self.pdf.get_warnings())
        self.damage = tuple(without_source(text) for text in told if _HARMLESS not in text)

    def __enter__(self) -> Document:
        return self

    def __exit__(self, *_: object) -> None:
        self.pdf.close()

    @property
    def root(self) -> Any:
        """The catalog of the document."""
        return self.pdf.Root

    @cached_property
    def page_count(self) -> int:
        """How many pages it has."""
        return len(self.pdf.pages)

    @cached_property
    def xmp(self) -> str:
        """The metadata as it stands, without a byte order mark; empty where there is none."""
        stream = self.root.get("/Metadata")
        if not isinstance(stream, pikepdf.Stream):
            return ""
        try:
            return stream.read_bytes().decode("utf-8", "replace")
        except pikepdf.PdfError:
            return ""

    def claim(self, name: str) -> str:
        """What the metadata says by a name such as `pdfaid:part`, as an attribute or an element; empty if nothing."""
        found = re.search(rf"{re.escape(name)}(?:\s*=\s*[\"']([^\"']*)|(?:\s[^<>]*)?>\s*([^<]*))", self.xmp)
        return (found[1] or found[2] or "").strip() if found else ""

    def info(self, key: str) -> str:
        """An entry of the document information dictionary as text."""
        try:
            return str(self.pdf.trailer["/Info"][key]).strip()
        except (KeyError, TypeError, ValueError, pikepdf.PdfError):
            return ""

    @cached_property
    def is_tagged(self) -> bool:
        """Whether it says that it is tagged, and has a structure tree."""
        marks = self.root.get("/MarkInfo")
        marked = isinstance(marks, pikepdf.Dictionary) and bool(marks.get("/Marked", False))
        return marked and "/StructTreeRoot" in self.root

    @cached_property
    def endless(self) -> bool:
        """Whether something in it leads back into itself, or goes on longer than can be looked at."""
        return self.tangled or any(page.paint.broken & ENDLESS for page in self.pages)

    @property
    def tangled(self) -> bool:
        """Whether its structure is no tree: a part of it is broken, in several places, or inside itself."""
        return self._structure[1]

    @cached_property
    def _structure(self) -> tuple[Mapping[tuple[int, int], Mapping[int, Tagged]], bool]:
        try:
            return _tagged(self.pdf) if self.is_tagged else ({}, False)
        except BROKEN:
            return {}, True

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """All pages, read at the first use."""
        return tuple(self._read_pages())

    def _read_pages(self) -> Iterator[Page]:
        tagged = self._structure[0]
        self._tick(self.page_count)
        for number, page in enumerate(self.pdf.pages, start=1):
            yield self._page(number, page, tagged.get(page.obj.objgen, {}))
            self._tick(0)

    def _page(self, number: int, page: Any, tagged: Mapping[int, Tagged]) -> Page:
        media = _box(_inherited(page.obj, "/MediaBox")) or _A4
        crop = _box(_inherited(page.obj, "/CropBox"))
        group = page.obj.get("/Group")
        named = group.get("/CS") if isinstance(group, pikepdf.Dictionary) else None
        turn = _inherited(page.obj, "/Rotate")
        return Page(
            number=number,
            media=media,
            bleed=_box(page.obj.get("/BleedBox")),
            trim=_box(page.obj.get("/TrimBox")),
            art=_box(page.obj.get("/ArtBox")),
            crop=crop and crop.meet(media),
            unit=_unit(page.obj),
            turned=isinstance(turn, int) and turn % 180 == 90,
            blending=None if named is None else space_of(named, page.obj.get("/Resources")),
            paint=painted(page.obj, media, self.fonts, tagged),
        )

    @cached_property
    def dictionaries(self) -> tuple[Any, ...]:
        """Where actions and attached files can be: in what hangs on the catalog, the pages and their annotations."""
        holders = [(self.root, _IN_CATALOG), *((page.obj, _IN_PAGE) for page in self.pdf.pages)]
        return tuple(_below([holder[key] for holder, keys in holders for key in keys if key in holder]))

    @property
    def marks(self) -> Iterator[tuple[Page, Mark]]:
        """All that is painted that anybody sees, in its order."""
        for page in self.pages:
            for mark in page.paint.marks:
                yield page, mark


def _opened(data: bytes) -> pikepdf.Pdf:
    if not data:
        raise UnreadableError("the file is empty")
    if b"%PDF-" not in data[:1024]:
        raise UnreadableError("the file is no PDF: it does not begin with %PDF-")
    try:
        pdf = pikepdf.open(io.BytesIO(data), suppress_warnings=True)
        count = len(pdf.pages)
    except pikepdf.PasswordError:
        raise UnreadableError("the file is encrypted and opens with a password only", encrypted=True) from None
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise UnreadableError(f"the file is damaged: {without_source(str(error))}") from None
    if not count:
        raise UnreadableError("the file has no pages")
    return pdf


def _inherited(page: Any, key: str) -> Any:
    """An attribute of a page, or of a node above it (7.7.3.4)."""
    for _ in range(64):
        if not isinstance(page, pikepdf.Dictionary):
            break
        if key in page:
            return page[key]
        page = page.get("/Parent")
    return None


def _unit(page: Any) -> float:
    """How many points a unit of a page is (7.7.3.3); 1 where that is no number above 0."""
    try:
        return max(float(page.get("/UserUnit", 1)), 0) or 1.0
    except (TypeError, ValueError):
        return 1.0


def _box(given: Any) -> Rect | None:
    """A rectangle by any two opposite corners; None for what is none."""
    try:
        left, bottom, right, top = (float(side) for side in given)
    except (TypeError, ValueError):
        return None
    return around([(left, bottom), (right, top)])


def _below(waiting: list[Any]) -> Iterator[Any]:
    """All dictionaries that objects lead to, themselves too."""
    seen: set[tuple[int, int]] = set()
    while waiting:
        node = waiting.pop()
        if not isinstance(node, pikepdf.Array | pikepdf.Dictionary) or node.objgen in seen:
            continue
        if node.objgen != (0, 0):
            seen.add(node.objgen)
        if isinstance(node, pikepdf.Array):
            waiting += list(node)
        else:
            yield node
            waiting += [part for key, part in node.items() if key not in _ELSEWHERE]


# Structure -----------------------------------------------------------------------------------------------------------


def _tagged(pdf: pikepdf.Pdf) -> tuple[dict[tuple[int, int], dict[int, Tagged]], bool]:
    """What the structure says of marked content, by page and by the content's number: its place and its ActualText.

    Also, whether the structure is no tree: an element was come by twice.

    An element with several pieces gives its text to the first; the others have none left (ISO 32000-1, 14.7, 14.9.4).
    """
    found: dict[tuple[int, int], dict[int, Tagged]] = {}
    waiting: list[tuple[Any, Any, list[str] | None]] = [(pdf.Root.StructTreeRoot.get("/K"), None, None)]
    seen: set[tuple[int, int]] = set()
    place, tangled = 0, False
    while waiting:
        node, page, text = waiting.pop()
        if isinstance(node, pikepdf.Array):
            waiting += [(each, page, text) for each in reversed(list(node))]
        elif isinstance(node, int):
            if page is not None:
                place += 1
                actual = None if text is None else text.pop() if text else ""
                found.setdefault(page.objgen, {})[node] = Tagged(place, actual)
        elif isinstance(node, pikepdf.Dictionary):
            if node.objgen in seen and node.objgen != (0, 0):
                tangled = tangled or "/K" in node
                continue
            seen.add(node.objgen)
            page = node.get("/Pg", page)
            if "/MCID" in node:
                waiting.append((int(node["/MCID"]), page, text))
            elif "/K" in node:
                own = [str(node["/ActualText"])] if "/ActualText" in node and text is None else text
                waiting.append((node["/K"], page, own))
    return found, tangled
