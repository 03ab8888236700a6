"""Colours of a screen as printing inks: shares of cyan, magenta, yellow and black, by the profile of the press."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

from PIL import Image, ImageChops, ImageCms, ImageMath

from polyleaf.palette import INK, WHITE
from polyleaf.print_terms import PrintTerms

Ink = tuple[float, float, float, float]
"""Shares of cyan, magenta, yellow and black, each 0 to 1."""
Rgb = tuple[int, int, int]
"""Channels of sRGB, each 0 to 255."""

_PAPER: Ink = (0, 0, 0, 0)
_BLACK: Ink = (0, 0, 0, 1)
_NEUTRAL_SPREAD = 24
"""How far the channels of what is meant as a grey may lie apart. The ink of texts, #1c2b30, has 20."""
_LIGHTEST_MIXED_GREY = 192  # what is lighter, with a hue, is a tint
_LIGHTEST_INK = 150  # the largest channel of a grey that is printed solid in texts
_BLACK_LIGHTNESS = 25  # CIELAB; black ink alone on coated paper has some 16
_BLACK_POINT = ImageCms.Flags.BLACKPOINTCOMPENSATION
_RELATIVE = ImageCms.Intent.RELATIVE_COLORIMETRIC


class Inks:
    """Converts colours by the terms of a print shop, relative colorimetrically with black point compensation.

    Greys become black ink alone, so that text has one edge and no press can give it a cast. `brand` are colours, as
    `#rrggbb`, that keep their hue however faint it is.
    """

    def __init__(self, terms: PrintTerms, brand: Collection[str] = ()) -> None:
        self._limit = terms.ink_limit / 100
        self._brand = {_channels(colour) for colour in brand} - {_channels(INK), _channels(WHITE)}
        self._press = _press(terms.icc)
        self._known: dict[tuple[Rgb, bool], Ink] = {}

    def of(self, rgb: Rgb, text: bool = False) -> Ink:
        """The inks of a colour. In text, dark greys are solid: a small letter would dissolve into screen dots."""
        if (rgb, text) not in self._known:
            self._known[rgb, text] = self._convert(rgb, text)
        return self._known[rgb, text]

    def _convert(self, rgb: Rgb, text: bool) -> Ink:
        if min(rgb) == 255:
            return _PAPER
        if self._is_neutral(rgb):
            return _BLACK if text and max(rgb) <= _LIGHTEST_INK else self._black(rgb)
        return self.limited(_shares(self._press.from_srgb, Image.new("RGB", (1, 1), rgb)))

    def limited(self, ink: Sequence[float]) -> Ink:
        """Inks within the limit of the terms: black stays, and of the others less is laid down."""
        *colours, black = ink
        room = self._limit - black
        share = min(1, room / total) if (total := sum(colours)) else 1
        if share < 1:  # rounded down, and not below nothing
            colours = [max(round(colour * share - 0.00005, 4), 0) for colour in colours]
        cyan, magenta, yellow = colours
        return cyan, magenta, yellow, black

    def image(self, image: Image.Image) -> Image.Image:
        """A picture in inks: mode `CMYK`, or `L` where it is grey all over. Its own profile counts, if it has one."""
        if image.mode == "CMYK":
            return self._limited_image(image)
        rgb = image.convert("RGB")
        red, green, blue = rgb.split()
        if ImageChops.difference(red, green).getbbox() is None and ImageChops.difference(green, blue).getbbox() is None:
            return red
        converted = ImageCms.applyTransform(rgb, self._transform_of(image))
        assert converted is not None
        return self._limited_image(converted)

    def of_lab(self, lightness: float, a: float, b: float, text: bool = False) -> Ink:
        """The inks of a colour in CIELAB, as though a screen showed it."""
        pixel = Image.frombytes("LAB", (1, 1), bytes(_byte(v) for v in (lightness * 2.55, a % 256, b % 256)))
        shown = ImageCms.applyTransform(pixel, _lab_to_srgb())
        assert shown is not None
        return self.of(shown.getpixel((0, 0)), text)  # type: ignore[arg-type]

    def _transform_of(self, image: Image.Image) -> ImageCms.ImageCmsTransform:
        """From the picture's own profile, where it has one that can be used."""
        if image.mode == "RGB" and (own := image.info.get("icc_profile")):
            with suppress(OSError, ImageCms.PyCMSError):
                return _to_press(ImageCms.ImageCmsProfile(BytesIO(own)), self._press.profile)
        return self._press.from_srgb

    def _limited_image(self, image: Image.Image) -> Image.Image:
        limit = round(self._limit * 255)
        bands = dict(zip("cmyk", image.split(), strict=True))

        def band(name: str) -> Image.Image:
            def value(args: Any) -> Any:
                colours = args["float"](args["c"]) + args["float"](args["m"]) + args["float"](args["y"])
                room = limit - args["float"](args["k"])
                share = args["min"](room / args["max"](colours, 1.0), 1.0)
                return args["convert"](args[name] * share, "L")

            held: Image.Image = ImageMath.lambda_eval(value, **bands)
            return held

        return Image.merge("CMYK", (band("c"), band("m"), band("y"), bands["k"]))

    def _is_neutral(self, rgb: Rgb) -> bool:
        spread = max(rgb) - min(rgb)
        if rgb in self._brand or not spread:
            return not spread
        return spread <= _NEUTRAL_SPREAD and max(rgb) < _LIGHTEST_MIXED_GREY

    def _black(self, rgb: Rgb) -> Ink:
        """Black ink alone, as light as the colour."""
        lightness = _lightness(rgb)
        if lightness <= _BLACK_LIGHTNESS:
            return _BLACK
        blacks = self._press.blacks
        return 0, 0, 0, min(range(len(blacks)), key=lambda percent: abs(blacks[percent] - lightness)) / 100


@dataclass(frozen=True)
class _Press:
    """A profile, the way to it, and the CIELAB lightness of its black ink alone, from 0 to 100 percent of it."""

    profile: ImageCms.ImageCmsProfile
    from_srgb: ImageCms.ImageCmsTransform
    blacks: tuple[float, ...]


@lru_cache(maxsize=2)
def _press(icc: bytes) -> _Press:
    profile = ImageCms.ImageCmsProfile(BytesIO(icc))
    return _Press(profile, _to_press(ImageCms.createProfile("sRGB"), profile), _lightnesses_of_black(profile))


def _to_press(source: Any, press: ImageCms.ImageCmsProfile) -> ImageCms.ImageCmsTransform:
    return ImageCms.buildTransform(source, press, "RGB", "CMYK", _RELATIVE, _BLACK_POINT)


def _shares(transform: ImageCms.ImageCmsTransform, pixel: Image.Image) -> list[float]:
    converted = ImageCms.applyTransform(pixel, transform)
    assert converted is not None
    return [round(channel / 255, 4) for channel in converted.tobytes()]


def _channels(colour: str) -> Rgb:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _byte(value: float) -> int:
    return max(0, min(255, round(value)))


@lru_cache(maxsize=256)
def _lightness(rgb: Rgb) -> float:
    """CIELAB lightness of a colour of sRGB, 0 to 100."""
    seen = ImageCms.applyTransform(Image.new("RGB", (1, 1), rgb), _srgb_to_lab())
    assert seen is not None
    return seen.tobytes()[0] / 2.55


def _lightnesses_of_black(press: ImageCms.ImageCmsProfile) -> tuple[float, ...]:
    """Relative to the paper, which is white."""
    lab = ImageCms.createProfile("LAB")
    transform = ImageCms.buildTransform(press, lab, "CMYK", "LAB", _RELATIVE)
    steps = Image.frombytes("CMYK", (101, 1), bytes(v for step in range(101) for v in (0, 0, 0, round(step * 2.55))))
    seen = ImageCms.applyTransform(steps, transform)
    assert seen is not None
    return tuple(lightness / 2.55 for lightness in seen.tobytes()[::3])


@lru_cache(maxsize=1)
def _srgb_to_lab() -> ImageCms.ImageCmsTransform:
    srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    return ImageCms.buildTransform(srgb, lab, "RGB", "LAB", _RELATIVE)


@lru_cache(maxsize=1)
def _lab_to_srgb() -> ImageCms.ImageCmsTransform:
    srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    return ImageCms.buildTransform(lab, srgb, "LAB", "RGB", _RELATIVE)
