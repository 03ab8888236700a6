"""Draws the README's picture: the first page of a leaflet in Latin, Arabic and Devanagari script.

python tools/picture.py docs/leaflets.png          needs pdftoppm (poppler-utils)
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter

from polyleaf.build import Selection, build
from polyleaf.project import load_project

ROOT = Path(__file__).resolve().parents[1]
PAGES = (("en", "lakeside"), ("ar", "harborview"), ("hi", "lakeside"))
WIDTH, GAP, EDGE = 520, 44, 48


def first_page(folder: Path, locale: str, clinic: str) -> Image.Image:
    pdf = folder / clinic / locale / "microsclerotherapy.a4.pdf"
    target = folder / f"{locale}-{clinic}"
    command = ["pdftoppm", "-r", "150", "-f", "1", "-l", "1", "-singlefile", "-png", str(pdf), str(target)]
    subprocess.run(command, check=True)
    page = Image.open(target.with_suffix(".png")).convert("RGB")
    return page.resize((WIDTH, round(page.height * WIDTH / page.width)), Image.Resampling.LANCZOS)


def main(target: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        project = load_project(ROOT / "pyproject.toml")
        for locale, clinic in PAGES:
            selection = Selection(["microsclerotherapy"], [locale], [clinic], ["a4"])
            report = build(project, selection, output=folder)
            if report.failed:
                raise SystemExit(f"{locale} could not be built: {report.failed[0].findings}")
        pages = [first_page(folder, locale, clinic) for locale, clinic in PAGES]
    height = max(page.height for page in pages)
    size = (2 * EDGE + len(pages) * WIDTH + (len(pages) - 1) * GAP, 2 * EDGE + height)
    shadow = Image.new("L", size, 0)
    places = [(EDGE + n * (WIDTH + GAP), EDGE) for n in range(len(pages))]
    for page, (left, top) in zip(pages, places, strict=True):
        ImageDraw.Draw(shadow).rectangle((left, top + 6, left + page.width, top + page.height + 6), fill=90)
    picture = Image.new("RGB", size, "#e7ebec")
    picture.paste(Image.new("RGB", size, "#3c4a50"), mask=shadow.filter(ImageFilter.GaussianBlur(14)))
    for page, place in zip(pages, places, strict=True):
        picture.paste(page, place)
    picture.quantize(128, dither=Image.Dither.NONE).save(target, optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
