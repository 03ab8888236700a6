"""PDFs for tests: a good one for print and one for the screen, set by WeasyPrint, and what is done to spoil them."""

from __future__ import annotations

import io
from collections.abc import Callable
from functools import cache
from typing import Any

import pikepdf
from conftest import REPOSITORY
from PIL import Image

from polyleaf import fonts
from polyleaf.pdf import warm_up

PROFILE = REPOSITORY / "src/polyleaf/data/icc/fogra39-300.icc"
MM = 72 / 25.4

PRINT = """
<html lang="en"><title>Resting your knee</title><style>
@color-profile device-cmyk { src: url("profile:fogra39"); components: c, m, y, k }
@page { size: 210mm 297mm; bleed: 3mm; margin: 15mm }
body { margin: 0 }
html { FONTS; font-size: 11pt; color: device-cmyk(0 0 0 1) }
header { background: device-cmyk(0.9 0.2 0.3 0.3); color: device-cmyk(0 0 0 0); height: 30mm; margin: -18mm -18mm 8mm;
  padding: 12mm 18mm 0; font-size: 20pt }
hr { border: 0; border-top: 0.5pt solid device-cmyk(0 0 0 1) }
div { break-before: page }
</style><header>Resting your knee</header>
<h1>Resting your knee</h1><p>Rest your knee for 2 to 3 days.</p><hr><p>PICTURE</p><p>Call us if it swells.</p>
<div><p>Come back after two weeks.</p></div></html>
"""
SCREEN = """
<html lang="en"><title>Resting your knee</title><style>
@page { size: 210mm 297mm; margin: 15mm }
html { FONTS; font-size: 11pt } div { break-before: page }
</style><h1>Resting your knee</h1><p>Rest your knee for 2 to 3 days.</p><h2>Call us</h2><ul><li>if it swells</li>
<li>if it hurts</li></ul><p><a href="https://hill.example/knee">More</a></p>
<div><h2>Coming back</h2><p>Come back after two weeks.</p></div></html>
"""


@cache
def good(profile: str) -> bytes:
    """A leaflet of two A4 pages that has nothing wrong with it."""
    return set_print() if profile == "print" else set_screen()


def set_print(html: str = PRINT, picture: str = "", **changes: str) -> bytes:
    """A file for a print shop; `picture` is an element in place of its picture, `changes` replace texts."""
    html = html.replace("PICTURE", picture or '<img src="picture:cmyk" style="width: 40mm">')
    data = written(html, "pdf/x-4", changes)
    return edited(data, in_press_terms)


def set_screen(html: str = SCREEN, **changes: str) -> bytes:
    """A tagged file for the screen."""
    return written(html, "pdf/ua-1", changes)


def written(html: str, variant: str, changes: dict[str, str]) -> bytes:
    from weasyprint.text.fonts import FontConfiguration
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    weasyprint = warm_up()

    class Fetcher(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("profile:"):
                return URLFetcherResponse(url, PROFILE.read_bytes(), {"Content-Type": "application/vnd.iccprofile"})
            if url.startswith("picture:"):
                return URLFetcherResponse(url, jpeg(), {"Content-Type": "image/jpeg"})
            return super().fetch(url, headers)

    config = FontConfiguration()
    faces = weasyprint.CSS(string=fonts.font_faces("en"), font_config=config)
    html = html.replace("FONTS", f"font-family: {fonts.font_stack('en')}")
    for old, new in changes.items():
        html = html.replace(old, new)
    page = weasyprint.HTML(string=html, url_fetcher=Fetcher(), base_url="file:///none/")
    result: bytes = page.write_pdf(stylesheets=[faces], font_config=config, pdf_variant=variant)
    return result


def jpeg(size: int = 480, mode: str = "CMYK", colour: Any = (120, 40, 30, 20)) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (size, size), colour).save(out, "JPEG", quality=90)
    return out.getvalue()


def edited(data: bytes, edit: Callable[[pikepdf.Pdf], object], **options: Any) -> bytes:
    """The file after a change to its objects."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        edit(pdf)
        pdf.save(out, **options)
    return out.getvalue()


def in_press_terms(pdf: pikepdf.Pdf) -> None:
    """What WeasyPrint leaves out of PDF/X-4."""
    for page in pdf.pages:
        page.Group = pikepdf.Dictionary(S=pikepdf.Name.Transparency, CS=pikepdf.Name.DeviceCMYK)
