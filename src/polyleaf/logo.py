"""Reads a clinic's logo: an SVG, PNG or JPEG file, made once into what every page can show."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from math import ceil
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from polyleaf import paper, svg
from polyleaf.model import Logo

if TYPE_CHECKING:
    from PIL.Image import Image

LARGEST_MM = (45, 12.5)
"""The width and height that a logo is printed in at most; it keeps its shape."""
PPI = 300
"""Pixels an inch that a picture is printed in at least (printers' common terms)."""
_KEPT_PPI = 600  # more is not seen, and every page carries it
_MM_PER_INCH = 25.4
_MOST_MEGAPIXELS = 25
MOST_BYTES = 20_000_000
_MOST_BYTES_OF_SVG = 1_000_000

_SUFFIXES = {"SVG": (".svg",), "PNG": (".png",), "JPEG": (".jpg", ".jpeg")}
_BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"BM", "BMP"),
    (b"%PDF", "PDF"),
    (b"%!PS", "PostScript"),
    (b"8BPS", "Photoshop"),
    (b"\0\0\1\0", "ICO"),
    (b"\x1f\x8b", "compressed (SVGZ)"),
    (b"\0\0\0\x0cjP", "JPEG 2000"),
    (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cJXL", "JPEG XL"),
)
_SAVE_AS = "save it as SVG, PNG or JPEG"
_SAVE_AGAIN = "open it in an image program and save it once more"
_ORIENTATION = 0x0112  # the Exif tag; 5 to 8 lie on their side


class LogoFaultError(ValueError):
    """Why a file cannot be a logo, as the rest of a sentence that begins with its name, and the way out."""

    def __init__(self, reason: str, hint: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


def read_logo(name: str, data: bytes) -> Logo:
    """The logo that a file of this name holds. The same bytes give the same logo, whatever the machine.

    A picture of pixels becomes a PNG file in sRGB, with 8 bits a channel and with its transparency; CMYK without a
    profile is taken for that of `paper`. Raises `LogoFaultError`.
    """
    if not data:
        raise LogoFaultError("is empty", "export it or copy it once more")
    kind = _kind(data, name)
    if kind not in _SUFFIXES:
        raise LogoFaultError(f"is a {kind} image" if kind else "is no image that is known", _SAVE_AS)
    path = PurePath(name)
    if path.suffix.lower() not in _SUFFIXES[kind]:
        told = f"{path.suffix!r}" if path.suffix else "no ending"
        raise LogoFaultError(
            f"is a {kind} image, but its name has {told}", f"rename it to {path.stem + _SUFFIXES[kind][0]!r}"
        )
    return _drawing(data) if kind == "SVG" else _picture(data, kind)


def _kind(data: bytes, name: str) -> str:
    """The format of a file by what it begins with; empty where that is unknown."""
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return kind
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WebP"
    if data[4:8] == b"ftyp":
        return "AVIF" if data[8:11] == b"avi" else "HEIF"
    is_markup = data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
    return "SVG" if is_markup or PurePath(name).suffix.lower() == ".svg" else ""


def _drawing(data: bytes) -> Logo:
    if len(data) > _MOST_BYTES_OF_SVG:
        size = f"{len(data) / 1e6:.1f} MB, and {_MOST_BYTES_OF_SVG / 1e6:g} MB are allowed"
        raise LogoFaultError(f"is an SVG image of {size}", "simplify it, or save it as PNG: every page carries it")
    if found := svg.fault(data, _fault_inside):
        raise LogoFaultError(f"is no SVG image to use: {found.reason}", found.hint)
    return Logo(svg.with_view_box(data), "image/svg+xml")


def _fault_inside(data: bytes) -> str:
    """What is wrong with a picture inside a drawing, whose size on the page nobody knows."""
    try:
        kind = _kind(data, "")
        if kind not in ("PNG", "JPEG"):
            return "is no PNG or JPEG"
        if _decoded(data, kind).mode == "CMYK":
            return "is in inks (CMYK), which no screen shows: save it in RGB"
    except LogoFaultError as error:
        return error.reason
    return ""


def _picture(data: bytes, kind: str) -> Logo:
    image = _decoded(data, kind)
    _refuse_small(image)
    turned = _turned(image)
    shown = _shrunk(_in_srgb(turned))
    shown.info.clear()  # nothing but pixels goes into the file
    file = BytesIO()
    shown.save(file, "PNG", compress_level=9)
    is_inks = image.mode == "CMYK" and turned is image
    return Logo(file.getvalue(), "image/png", data if is_inks else b"")


def _decoded(data: bytes, kind: str) -> Image:
    """A whole picture, decoded once its size is known to be sane. Raises `LogoFaultError`."""
    from PIL import Image

    with strictly():
        try:
            image = Image.open(BytesIO(data), formats=[kind])
            _refuse_by_header(image)
            if kind == "PNG":  # decoding stops where the pixels do, and may not see that the rest is missing
                Image.open(BytesIO(data), formats=[kind]).verify()
            image.load()
            return image
        except (LogoFaultError, MemoryError):
            raise
        except Exception:  # whatever a broken file makes of a decoder
            raise LogoFaultError("is damaged or cut off", _SAVE_AGAIN) from None


@contextmanager
def strictly(most_pixels: int | None = None) -> Iterator[None]:
    """Pillow with nothing made up for what is missing (which WeasyPrint asks for), and with no limit but ours."""
    from PIL import Image, ImageFile

    before = ImageFile.LOAD_TRUNCATED_IMAGES, Image.MAX_IMAGE_PIXELS
    ImageFile.LOAD_TRUNCATED_IMAGES, Image.MAX_IMAGE_PIXELS = False, most_pixels
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES, Image.MAX_IMAGE_PIXELS = before


def _refuse_by_header(image: Image) -> None:
    width, height = image.size
    if width * height > _MOST_MEGAPIXELS * 1e6:
        told = f"has {width:,} x {height:,} pixels, and {_MOST_MEGAPIXELS} million are allowed"
        raise LogoFaultError(told, "save it smaller: some 1,000 pixels are enough")
    if image.format == "PNG" and getattr(image, "is_animated", False):
        raise LogoFaultError("is animated", "save one picture of it: paper does not move")


def _refuse_small(image: Image) -> None:
    """A logo is refused that has too few pixels for the size that it is printed in."""
    width, height = image.size
    if image.getexif().get(_ORIENTATION, 1) >= 5:
        width, height = height, width
    mm_per_pixel = min(LARGEST_MM[0] / width, LARGEST_MM[1] / height)
    more = PPI * mm_per_pixel / _MM_PER_INCH
    if more > 1:
        printed = f"{width * mm_per_pixel:.1f} x {height * mm_per_pixel:.1f} mm"
        raise LogoFaultError(
            f"has {width} x {height} pixels, too few for the {printed} that it is printed in ({PPI} pixels an inch)",
            f"save it with {ceil(width * more)} x {ceil(height * more)} pixels or more, or as SVG",
        )


def _turned(image: Image) -> Image:
    """The picture as its Exif says that it stands; the very same where it stands so."""
    from PIL import ImageOps

    return ImageOps.exif_transpose(image) if image.getexif().get(_ORIENTATION, 1) != 1 else image


def _in_srgb(image: Image) -> Image:
    """The picture in sRGB with 8 bits a channel: RGB, or RGBA where it is transparent."""
    alpha = None
    if image.has_transparency_data and not image.mode.startswith("I"):
        alpha = image.convert("RGBA").getchannel("A")
    shown = _by_profile(_opaque(image), image.info.get("icc_profile"))
    if alpha is not None:
        shown.putalpha(alpha)
    return shown


def _opaque(image: Image) -> Image:
    """The picture's colours alone: L, RGB or CMYK."""
    from PIL.Image import frombytes

    if image.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off above 255
        high = image.convert("I").tobytes("raw", "I;16B")[::2]
        return frombytes("L", image.size, high)
    if image.mode in ("L", "RGB", "CMYK"):
        return image.copy()
    if image.mode in ("1", "LA", "La"):
        return image.convert("L")
    return image.convert("RGBA").convert("RGB")


def _by_profile(image: Image, icc: bytes | None) -> Image:
    """Colours turned into sRGB by the profile that comes with them, or by that of `paper` for inks without one."""
    from PIL import ImageCms

    if icc is None and image.mode == "CMYK":
        icc = paper.profile()
    if icc is None:
        return image.convert("RGB")
    try:
        profile = ImageCms.getOpenProfile(BytesIO(icc))
        space = profile.profile.xcolor_space.strip()
        if image.mode == "L" and space == "RGB":
            image = image.convert("RGB")
        return _turned_into(image, profile, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        hint = "save it with the profile sRGB, or without one"
        raise LogoFaultError("has a colour profile that does not fit it or is broken", hint) from None


def _turned_into(image: Image, profile: Any, srgb: Any) -> Image:
    from PIL import ImageCms

    intent, flags = ImageCms.Intent.RELATIVE_COLORIMETRIC, ImageCms.Flags.BLACKPOINTCOMPENSATION
    transform = ImageCms.buildTransform(profile, srgb, image.mode, "RGB", intent, flags)
    return transform.apply(image)


def _shrunk(image: Image) -> Image:
    """The picture with as many pixels as can be seen in print, at most."""
    from PIL.Image import Resampling

    most = [round(mm / _MM_PER_INCH * _KEPT_PPI) for mm in LARGEST_MM]
    if image.width > most[0] or image.height > most[1]:
        image.thumbnail((most[0], most[1]), Resampling.LANCZOS)
    return image
