"""The pages look as they did when a person last looked at them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import page_images
import pytest
from conftest import REPOSITORY, a_cache, chromium
from leaflets import Built
from page_images import CLINICS, DPI, KEPT, LEAFLET, LOCALES, beside, name_of, of_pdf, smaller, to_keep, unlike
from PIL import Image, ImageChops, ImageFilter, ImageOps

from polyleaf import fonts, pdf
from polyleaf.build import Selection, build
from polyleaf.formats import FORMATS, ON_PAPER
from polyleaf.project import load_project


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def folder_of(repository_in: Callable[[str], Built]) -> Callable[[str], Path]:
    """What was built of a locale, in every format."""

    def folder(locale: str) -> Path:
        made = repository_in(locale)
        assert {"web", "a4", *(format_ for _, format_ in made.further)} == set(FORMATS)
        return made.folder

    return folder


@pytest.mark.parametrize("locale", [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in LOCALES])
def test_the_pages_look_as_they_did_when_a_person_last_looked_at_them(
    browser: Any, folder_of: Callable[[str], Path], locale: str, tmp_path: Path
) -> None:
    complaints = []
    for name, found in page_images.pictures(folder_of(locale), locale, browser):
        kept = Image.open(KEPT / name)
        where = unlike(found, kept) if found.size == kept.size else Image.new("L", found.size, 255)
        if where is not None:
            found.save(tmp_path / name)
            seen = tmp_path / f"{Path(name).stem}.difference.png"
            Image.composite(Image.new("RGB", found.size, "#ff0066"), found, where.point(lambda v: v // 2)).save(seen)
            size = "" if found.size == kept.size else f", whose size is {kept.size} and not {found.size}"
            complaints.append(f"{tmp_path / name} is not like {KEPT / name}{size}: see {seen}")
    assert not complaints, "\n".join([*complaints, "if this is meant, run `make page-images` and look at all of them"])


def test_there_is_a_picture_of_every_page_and_no_other_and_all_are_small() -> None:
    expected = {name_of(clinic, locale, form) for clinic in CLINICS for locale in LOCALES for form in FORMATS}
    assert {path.name for path in KEPT.iterdir()} == expected
    assert sum(path.stat().st_size for path in KEPT.iterdir()) < 3_000_000


# What the comparison sees, by faults in the pictures that are kept ---------------------------------------------------

PAGES = ("a4", "a5-booklet", "large-print")


@dataclass(frozen=True)
class Row:
    """The picture of a format, as what is seen on its pages can be changed."""

    picture: Image.Image
    format: str

    def mm(self, length: float) -> int:
        return round(length / 25.4 * DPI[self.format])

    def page(self, number: int) -> tuple[int, int]:
        """Where a page begins and ends across the picture."""
        width = int({"a5-booklet": 148, "trifold": 297}.get(self.format, 210) * DPI[self.format] / 25.4)
        left = (number - 1) * (width + 4)
        return left, min(left + width, self.picture.width)

    def changed(self, box: tuple[int, int, int, int], to: Image.Image | str) -> Image.Image:
        """The picture with another one, or a colour, at a place."""
        copy = self.picture.copy()
        copy.paste(to, box if isinstance(to, str) else box[:2])
        return copy

    def lines(self, number: int) -> Iterator[tuple[int, int, int, int]]:
        """The lines of text with white above and below that fill a part of a page's width."""
        left, right = self.page(number)
        grey, top = self.picture.convert("L"), None
        for y in range(self.mm(8), self.picture.height - self.mm(20)):
            is_dark = min(grey.crop((left + 1, y, right - 1, y + 1)).tobytes()) < 235
            if is_dark and top is None:
                top = y
            elif not is_dark and top is not None:
                if 4 <= y - top <= self.mm(7):
                    yield left + 1, top, right - 1, y
                top = None


@pytest.fixture(params=["en", "ar", "zh_Hans"])
def row(request: pytest.FixtureRequest) -> Callable[[str], Row]:
    return lambda format_: Row(Image.open(KEPT / name_of("lakeside", request.param, format_)).convert("RGB"), format_)


@pytest.mark.parametrize("format_", PAGES)
def test_a_line_that_is_lost_is_seen(row: Callable[[str], Row], format_: str) -> None:
    shown = row(format_)
    single = [line for number in (2, 3) for line in shown.lines(number)]
    assert len(single) > 1
    for line in single:
        assert unlike(shown.changed(line, "white"), shown.picture), line


@pytest.mark.parametrize("format_", [*PAGES, "trifold"])
@pytest.mark.parametrize("across", [True, False], ids=["sideways", "down"])
def test_a_block_that_has_moved_by_two_millimetres_is_seen(
    row: Callable[[str], Row], format_: str, across: bool
) -> None:
    shown = row(format_)
    left, right = shown.page(2)
    height, by = shown.picture.height, shown.mm(2)
    left, right = left + shown.mm(8), right - shown.mm(8)
    block = shown.picture.crop((left, height // 4, right, height // 2))
    place = (left + by, height // 4, 0, 0) if across else (left, height // 4 + by, 0, 0)
    assert unlike(shown.changed(place, block), shown.picture)


@pytest.mark.parametrize("format_", FORMATS)
def test_a_page_that_is_mirrored_is_seen(row: Callable[[str], Row], format_: str) -> None:
    shown = row(format_)
    assert unlike(ImageOps.mirror(shown.picture), shown.picture)


RED = (0x9C, 0x1C, 0x1C)


@pytest.mark.parametrize("format_", [*PAGES, "trifold"])
def test_a_sign_that_is_lost_is_seen(row: Callable[[str], Row], format_: str) -> None:
    shown = row(format_)
    apart = ImageChops.difference(shown.picture, Image.new("RGB", shown.picture.size, RED)).convert("L")
    red = apart.point(lambda value: 255 * (value < 40)).filter(ImageFilter.BoxBlur(1))
    reddest = red.tobytes().index(red.getextrema()[1])
    x, y = reddest % red.width, reddest // red.width
    half = shown.mm(3)
    assert unlike(shown.changed((x - half, y - half, x + half, y + half), "#fdf1f0"), shown.picture)


@pytest.mark.parametrize("format_", FORMATS)
def test_a_colour_that_has_changed_a_little_is_seen(row: Callable[[str], Row], format_: str) -> None:
    shown = row(format_)
    [(_, ground)] = sorted(shown.picture.crop((0, 5, 40, 40)).getcolors(9999) or ())[-1:]
    data = shown.picture.tobytes()
    red, green, blue = ground
    other = bytes((red, green + 20 if green < 128 else green - 20, blue))
    pixels = (data[at : at + 3] for at in range(0, len(data), 3))
    changed = b"".join(other if pixel == bytes(ground) else pixel for pixel in pixels)
    assert unlike(Image.frombytes("RGB", shown.picture.size, changed), shown.picture)


# What it does not, and what only a page that is set anew shows -------------------------------------------------------


@pytest.fixture
def english(folder_of: Callable[[str], Path]) -> Path:
    return folder_of("en") / "lakeside/en"


@pytest.mark.xdist_group("en")
@pytest.mark.parametrize("format_", ON_PAPER)
def test_another_program_that_draws_the_same_pages_is_not_a_difference(
    english: Path, tmp_path: Path, format_: str
) -> None:
    file, finer = english / f"{LEAFLET}.{format_}.pdf", 4
    subprocess.run(["pdftoppm", "-r", str(DPI[format_] * finer), "-png", file, tmp_path / "page"], check=True)
    pages = [Image.open(path).convert("RGB") for path in sorted(tmp_path.glob("page*"))]
    drawn = beside([smaller(page, finer) for page in pages])
    kept = to_keep(of_pdf(file, DPI[format_]))
    assert kept.convert("RGB").tobytes() != drawn.tobytes()
    assert unlike(drawn, kept) is None


@pytest.mark.xdist_group("en")
def test_another_font_is_seen(english: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLYLEAF_CACHE_DIR", str(a_cache(tmp_path / "cache")))
    monkeypatch.setitem(fonts._BY_SCRIPT, "Latn", fonts._BY_SCRIPT["Hans"])
    monkeypatch.setattr(pdf, "_font_setup", cache(pdf._font_setup.__wrapped__))  # that of this process is set up
    edition = Selection([LEAFLET], ["en"], ["lakeside"], ["trifold"])
    assert build(load_project(REPOSITORY / "pyproject.toml"), edition, output=tmp_path).failed == ()
    found, kept = (
        of_pdf(folder / f"{LEAFLET}.trifold.pdf", DPI["trifold"]) for folder in (tmp_path / "lakeside/en", english)
    )
    assert unlike(found, kept)
