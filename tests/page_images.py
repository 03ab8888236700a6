"""Pages of a leaflet as pictures: drawn, kept small, and compared. `make page-images` draws what is in data/pages."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pypdfium2
from conftest import REPOSITORY, chromium
from PIL import Image, ImageChops, ImageFilter

from polyleaf.build import Selection, build
from polyleaf.fonts import font_faces, font_stack
from polyleaf.formats import FORMATS, ON_PAPER
from polyleaf.project import load_project

KEPT = Path(__file__).parent / "data/pages"
LEAFLET = "microsclerotherapy"
LOCALES = ("en", "ar", "bn", "hi", "ru", "vi", "zh_Hans")
CLINICS = ("harborview", "lakeside")

DPI = {"a4": 28, "a5-booklet": 28, "trifold": 30, "large-print": 18}
_FINER = 4  # times as fine is a page drawn before it is made small, so that little is left of how edges are smoothed
_GAP, _GROUND = 4, "#777777"
_PHONE_PX, _SMALLER, _COLUMN_PX = 390, 4, 540
_COLOURS, _STEP = 24, 36

LIMITS = ((1, 32), (6, 15))
"""How far from one another, of 255, two pictures may be on average in a square that reaches so many pixels around its
middle: a small one sees what has moved or is missing, a large one a colour that has changed.

Measured on all pictures: kept ones are up to 13 and 8 from what they were made of, by their few colours. Poppler draws
the same PDFs up to 27 and 13 from PDFium, which these limits take; 36 and 17 in the folded leaflet in Chinese alone.
Of the lines of text that stand alone on pages 2 and 3, in seven languages, the one that is missed least is 42 away, and
a block that has moved by 2 mm is at least 49.
"""


def name_of(clinic: str, locale: str, format_: str) -> str:
    return f"{clinic}.{locale}.{format_}.png"


def built(folder: Path, locales: Sequence[str] = LOCALES) -> Path:
    """The leaflet in some languages, for both clinics and in every format."""
    project = load_project(REPOSITORY / "pyproject.toml")
    report = build(project, Selection([LEAFLET], list(locales), list(CLINICS), list(FORMATS)), output=folder)
    assert [result.findings for result in report.failed] == []
    return folder


def pictures(folder: Path, locale: str, browser: Any) -> Iterator[tuple[str, Image.Image]]:
    """Every picture of a locale, by its name, from what was built."""
    for clinic in CLINICS:
        for format_ in ON_PAPER:
            pdf = folder / clinic / locale / f"{LEAFLET}.{format_}.pdf"
            yield name_of(clinic, locale, format_), of_pdf(pdf, DPI[format_])
        yield name_of(clinic, locale, "web"), of_web_page(folder / clinic / locale / f"{LEAFLET}.html", locale, browser)


def of_pdf(pdf: Path, dpi: int) -> Image.Image:
    """All pages beside one another."""
    with pypdfium2.PdfDocument(pdf) as document:
        pages = [page.render(scale=dpi * _FINER / 72).to_pil().convert("RGB") for page in document]
    return beside([smaller(page, _FINER) for page in pages])


def of_web_page(file: Path, locale: str, browser: Any) -> Image.Image:
    """A web page as on a phone, in columns, in the fonts of paper: those of a machine differ."""
    page = browser.new_page(viewport={"width": _PHONE_PX, "height": 800}, bypass_csp=True)
    page.goto(file.as_uri())
    page.add_style_tag(content=f"{font_faces(locale)} html {{ font-family: {font_stack(locale)} !important }}")
    page.evaluate("document.fonts.ready")
    shot = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    page.close()
    small = smaller(shot, _SMALLER)
    tops = range(0, small.height, _COLUMN_PX)
    return beside([small.crop((0, top, small.width, min(top + _COLUMN_PX, small.height))) for top in tops])


def smaller(picture: Image.Image, times: int) -> Image.Image:
    width, height = picture.width // times, picture.height // times
    return picture.crop((0, 0, width * times, height * times)).reduce(times)


def beside(pages: Sequence[Image.Image]) -> Image.Image:
    size = sum(page.width + _GAP for page in pages) - _GAP, max(page.height for page in pages)
    row, left = Image.new("RGB", size, _GROUND), 0
    for page in pages:
        row.paste(page, (left, 0))
        left += page.width + _GAP
    return row


def to_keep(picture: Image.Image) -> Image.Image:
    """The picture in few colours: its most frequent ones as they are, the others to the nearest step."""
    coarse = picture.point(lambda value: min(255, round(value / _STEP) * _STEP))
    frequent, steps = (
        [colour for _, colour in sorted(of.getcolors(of.width * of.height) or (), reverse=True)]
        for of in (picture, coarse)
    )
    colours = list(dict.fromkeys((*frequent[:_COLOURS], *steps)))[:256]
    palette = Image.new("P", (1, 1))
    palette.putpalette([value for colour in colours for value in colour])
    return picture.quantize(palette=palette, dither=Image.Dither.NONE)


def unlike(found: Image.Image, kept: Image.Image) -> Image.Image | None:
    """Where two pictures of one size differ, as a mask, or None where they are alike."""
    smooth = ImageFilter.BoxBlur(1)
    apart = ImageChops.difference(found.filter(smooth), kept.convert("RGB").filter(smooth))
    red, green, blue = apart.split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    mask = Image.new("L", found.size)
    for around, limit in LIMITS:
        near = most.filter(ImageFilter.BoxBlur(around))
        mask = ImageChops.lighter(mask, near.point(lambda value, limit=limit: 255 * (value > limit)))
    return mask if mask.getbbox() else None


def draw() -> None:
    KEPT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, chromium() as browser:
        folder = built(Path(name))
        for locale in LOCALES:
            for picture_name, picture in pictures(folder, locale, browser):
                to_keep(picture).save(KEPT / picture_name, optimize=True)


if __name__ == "__main__":
    draw()
