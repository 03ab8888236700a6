"""P231 to P248: images, colours and lines, as a print shop takes them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from polyleaf.logo import strictly
from polyleaf.preflight.geometry import MM
from polyleaf.preflight.register import Place, Remark, rule, told
from polyleaf.preflight.terms import Expectations

if TYPE_CHECKING:
    from polyleaf.preflight.document import Document, Page
    from polyleaf.preflight.marks import Ink, Mark, Picture

_LARGE_PT = 24.0  # type that a plate a little off does not blur
_SMALL_PICTURE_MM = 1.0
_MOST_PIXELS = 64_000_000  # twice as many are refused: A3 at 600 pixels an inch has 70 million


@rule("P231", "image-resolution", "error", "print")
def image_resolution(document: Document, terms: Expectations) -> Iterator[Remark]:
    """An image has fewer pixels per inch, at the size that it is printed in, than the terms ask for.

    Why: it comes out blurred, or in steps.

    Instead: take a larger image, or print it smaller. Pixels that a program made up do not help.

    Source: printers' common terms (300 ppi).
    """
    coarse = (
        (page, mark)
        for page, mark in _pictures(document)
        if not _is_line_art(mark) and _ppi(page, mark) < terms.image_ppi - 0.5
    )
    yield from told(
        coarse, lambda mark: _resolution("an image", mark, terms.image_ppi), "take a larger image, or print it smaller"
    )


@rule("P232", "line-art-resolution", "error", "print")
def line_art_resolution(document: Document, terms: Expectations) -> Iterator[Remark]:
    """An image of black and white pixels without greys has fewer per inch than the terms ask for.

    Why: its edges are as sharp as its pixels, and the steps can be seen. A QR code of squares this small is not read.

    Instead: draw it as a vector graphic, or take a larger image.

    Source: printers' common terms (600 to 1,200 ppi).
    """
    coarse = (
        (page, mark)
        for page, mark in _pictures(document)
        if _is_line_art(mark) and _ppi(page, mark) < terms.line_art_ppi - 0.5
    )
    yield from told(
        coarse, lambda mark: _resolution("line art", mark, terms.line_art_ppi), "draw it as a vector graphic"
    )


def _pictures(document: Document) -> Iterator[Place]:
    """The images that are large enough to be looked at."""
    least = _SMALL_PICTURE_MM * MM
    return (
        (page, mark)
        for page, mark in document.marks
        if mark.picture and min(mark.box.width, mark.box.height) > least / page.unit
    )


def _ppi(page: Page, mark: Mark) -> float:
    return mark.size / page.unit


def _is_line_art(mark: Mark) -> bool:
    return mark.picture is not None and mark.picture.bits == 1


def _resolution(what: str, mark: Mark, least: float) -> str:
    assert mark.picture
    return f"{what} of {mark.picture.across} × {mark.picture.up} pixels has {mark.size:.0f} ppi, under {least:g}"


# Colour --------------------------------------------------------------------------------------------------------------


@rule("P241", "no-press-colour", "error", "print")
def no_press_colour(document: Document, terms: Expectations) -> Iterator[Remark]:
    """Something is in RGB or Lab, which no press prints.

    Why: the print shop's program turns it into ink as it likes; black text becomes four colours and blurs.

    Instead: turn the colours into those of the output profile, black text into 100 % black.

    Source: printers' common terms. PDF/X-4 (ISO 15930-7) lets colours with a profile pass, and shops do not.
    """
    places = ((page, mark) for page, mark in document.marks if mark.colour.space.family in ("RGB", "Lab"))
    yield from told(
        places, lambda mark: f"{_noun(mark)} in {mark.colour.space.name}", "turn it into CMYK, black text into 100 % K"
    )


@rule("P242", "spot-colour", "error", "print")
def spot_colour(document: Document, terms: Expectations) -> Iterator[Remark]:
    """A spot colour is used that was not agreed on.

    Why: it is a plate and an ink of its own, which costs, or is left out.

    Instead: turn it into CMYK, or have the print shop agree to it.

    Source: printers' common terms.
    """
    places = ((page, mark) for page, mark in document.marks if set(mark.colour.space.spots).difference(terms.spots))
    yield from told(places, lambda mark: f"{_noun(mark)} in {mark.colour.space.name}", "turn it into CMYK")


@rule("P243", "total-ink", "error", "print")
def total_ink(document: Document, terms: Expectations) -> Iterator[Remark]:
    """A colour, or a part of an image, takes more ink than the paper holds.

    What is told is the largest sum of cyan, magenta, yellow and black, as the colours and the images' pixels give it.

    Why: too much ink does not dry, shows on the next sheet, and the paper tears.

    Instead: convert colours and images with the output profile, which keeps to its limit.

    Source: ISO 12647-2; printers' common terms (300 % for coated paper).
    """
    limit = terms.ink_limit / 100 + 0.005
    places = ((page, mark) for page, mark in document.marks if mark.colour.total > limit)
    hint = f"keep cyan, magenta, yellow and black together under {terms.ink_limit:g} %"
    yield from told(
        places, lambda mark: f"{_noun(mark)} takes {100 * mark.colour.total:.0f} % of ink ({mark.colour})", hint
    )
    for page, mark in document.marks:
        peak = _peak(mark, document.ink)
        if peak == "damaged":
            text = f"an image is damaged, or too large to be looked at ({page.place(mark.box)})"
            yield Remark(text, "put it into the document once more", page.number)
        elif peak != "unknown" and peak > limit + 0.02:  # a pixel has 256 steps
            yield Remark(f"an image takes {100 * peak:.0f} % of ink ({page.place(mark.box)})", hint, page.number)


@rule("P248", "ink-not-measured", "warning", "print")
def ink_not_measured(document: Document, terms: Expectations) -> Iterator[Remark]:
    """The ink that an image takes could not be measured.

    Its pixels are packed in a way, or its colours are given in a space, that this program does not read.

    Why: it may take more ink than the paper holds, and nothing else here would tell.

    Instead: export it in CMYK with 8 bits a plate, or have the print shop measure it.

    Source: this program.
    """
    places = ((page, mark) for page, mark in document.marks if _peak(mark, document.ink) == "unknown")
    yield from told(
        places,
        lambda mark: f"the ink of an image in {mark.colour.space.name} could not be measured",
        "export it in CMYK with 8 bits a plate",
    )


def _peak(mark: Mark, known: dict[int, Ink]) -> Ink:
    """The ink of an image; 0 of what is none, of greys, and of what is told by P241. `known` is what was measured."""
    picture = mark.picture
    if picture is None or picture.is_mask or picture.space.family in ("grey", "RGB", "Lab"):
        return 0.0
    if picture.source is None or picture.space.family == "spot":
        return "unknown"
    key = picture.source.objgen[0]
    if key not in known:
        known[key] = _measured(picture)
    return known[key]


def _measured(picture: Picture) -> Ink:
    import pikepdf
    from PIL import ImageChops, ImageMath

    source = picture.source
    try:
        with strictly(_MOST_PIXELS):
            image = pikepdf.PdfImage(source).as_pil_image()
            image.load()
    except (NotImplementedError, pikepdf.UnsupportedImageTypeError, pikepdf.HifiPrintImageNotTranscodableError):
        return "unknown"  # it may be sound: not everything that a PDF can hold is what pikepdf can unpack
    except MemoryError:
        raise
    except Exception:  # an image can be broken in as many ways as there are filters
        return "damaged"
    if image.mode != "CMYK":
        return "unknown"
    decode = [float(part) for part in source.get("/Decode", [])]
    if picture.space.indexed and decode:
        return "unknown"
    if ("adobe" in image.info) != (decode[:2] == [1.0, 0.0]):
        image = ImageChops.invert(image)  # Pillow has turned the values of an Adobe JPEG round already
    plates = dict(zip("cmyk", image.split(), strict=True))
    total = ImageMath.lambda_eval(lambda of: of["c"] + of["m"] + of["y"] + of["k"], **plates)
    return float(total.getextrema()[1]) / 255


@rule("P244", "rich-black-text", "error", "print")
def rich_black_text(document: Document, terms: Expectations) -> Iterator[Remark]:
    """Black text is mixed from several inks.

    Why: the plates never meet exactly, and small letters get coloured edges that tire the eye.

    Instead: set text in 100 % black alone.

    Source: printers' common terms.
    """
    places = ((page, mark) for page, mark in document.marks if mark.kind == "text" and _is_rich(mark))
    yield from told(places, lambda mark: f"black text mixed as {mark.colour}", "set it in 100 % K alone")


def _is_rich(mark: Mark) -> bool:
    inks = mark.colour.inks
    if inks is None or mark.size >= _LARGE_PT:
        return False
    *others, black = inks
    return (black >= 0.7 and max(others) > 0.05 and max(others) - min(others) < 0.45) or min(others) >= 0.5


@rule("P245", "white-overprint", "error", "print")
def white_overprint(document: Document, terms: Expectations) -> Iterator[Remark]:
    """Something white is set to overprint.

    Why: white is no ink. What overprints takes nothing away below it, so it is on the screen and not on the paper.

    Instead: set white to knock out.

    Source: ISO 32000-1, 8.6.7; printers' common terms.
    """
    places = ((page, mark) for page, mark in document.marks if mark.overprints and mark.colour.is_white)
    yield from told(places, lambda mark: f"white {_noun(mark, bare=True)} overprints", "set it to knock out")


@rule("P246", "hairline", "error", "print")
def hairline(document: Document, terms: Expectations) -> Iterator[Remark]:
    """A line is thinner than a press can hold.

    Why: it breaks up or vanishes. A line of the width 0 is as thin as the plate can draw it.

    Instead: make it 0.25 pt thick or more.

    Source: printers' common terms.
    """
    least = terms.hairline_pt - 0.005
    places = (
        (page, mark)
        for page, mark in document.marks
        if mark.kind in ("stroke", "fill") and not mark.colour.is_white and mark.size * page.unit < least
    )
    hint = f"make it {terms.hairline_pt:g} pt or more"
    yield from told(places, lambda mark: f"a line of {mark.size:.2f} pt", hint)


@rule("P247", "blending-space", "error", "print")
def blending_space(document: Document, terms: Expectations) -> Iterator[Remark]:
    """Something is transparent on a page that does not blend its colours in CMYK.

    Why: colours are mixed in RGB, or in what a program guesses, and turned into ink afterwards: black becomes four
    colours, and tints change.

    Instead: give the page a transparency group with the colour space of the output profile, or flatten it.

    Source: ISO 15930-7 (PDF/X-4); ISO 32000-1, 11.3.4.
    """
    hint = "give the page a /Group whose /CS is DeviceCMYK"
    for page in document.pages:
        space = page.blending
        if space is not None and space.family != "CMYK":
            yield Remark(f"page {page.number} blends its colours in {space.name}", hint, page.number)
        elif space is None and page.paint.blends:
            how = " and ".join(sorted(page.paint.blends))
            yield Remark(f"page {page.number} has {how}, and does not say where colours blend", hint, page.number)
        for family in sorted(page.paint.groups - {"CMYK", "grey", "pattern"}):
            yield Remark(f"a group on page {page.number} blends its colours in {family}", hint, page.number)


def _noun(mark: Mark, bare: bool = False) -> str:
    article, noun = {
        "text": ("", "text"),
        "stroke": ("a ", "line"),
        "fill": ("an ", "area"),
        "image": ("an ", "image"),
        "shading": ("a ", "gradient"),
    }[mark.kind]
    return noun if bare else f"{article}{noun}"
