"""Colours as numbers: how well one is read on another, how different two look, and the shades of one.

A colour is an sRGB colour as `#rrggbb` throughout.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt

_STEPS = 1000
"""How many lightnesses a colour is tried in: more than there are shades of 8 bits."""
_HALVINGS = 12
"""How closely the chroma is found that sRGB still has: to less than a step of 8 bits."""

_Three = tuple[float, float, float]


def channels(colour: str) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def of_channels(red: int, green: int, blue: int) -> str:
    """The colour of three channels, 0 to 255."""
    return f"#{red:02x}{green:02x}{blue:02x}"


def mix(colour: str, share: float) -> str:
    """A colour thinned with white; `share` is the part of the colour, 0 to 1."""
    red, green, blue = (round(255 + (channel - 255) * share) for channel in channels(colour))
    return of_channels(red, green, blue)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def shades(colour: str) -> Iterator[str]:
    """The colour from black to white: its hue in OKLCH, and its chroma or as much of it as sRGB has there."""
    _, a, b = _oklab(colour)
    shown = [_brightest(step / _STEPS, a, b) for step in range(_STEPS + 1)]
    yield shown[0]
    yield from (shade for before, shade in pairwise(shown) if shade != before)


def difference(one: str, other: str) -> float:
    """How different two colours look: 1 is barely seen, 5 plainly (CIEDE2000; CIE 142-2001)."""
    return _ciede2000(_lab(one), _lab(other))


def _linear(colour: str) -> _Three:
    """The channels as light, 0 to 1 (WCAG 2.2, "relative luminance")."""
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in (value / 255 for value in channels(colour))
    )
    return red, green, blue


def _encoded(light: float) -> int:
    channel = light * 12.92 if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055
    return round(channel * 255)


def _luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.2, "relative luminance")."""
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# OKLab (CSS Color 4, 10.2 and its matrices) --------------------------------------------------------------------------


def _oklab(colour: str) -> _Three:
    red, green, blue = _linear(colour)
    long = (0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue) ** (1 / 3)
    medium = (0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue) ** (1 / 3)
    short = (0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue) ** (1 / 3)
    return (
        0.2104542553 * long + 0.7936177850 * medium - 0.0040720468 * short,
        1.9779984951 * long - 2.4285922050 * medium + 0.4505937099 * short,
        0.0259040371 * long + 0.7827717662 * medium - 0.8086757660 * short,
    )


def _light_of_oklab(lightness: float, a: float, b: float) -> _Three:
    """Red, green and blue as light; beyond 0 to 1 where sRGB does not have the colour."""
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _brightest(lightness: float, a: float, b: float) -> str:
    """The colour of a lightness and hue with the chroma of `a` and `b`, or as much of it as sRGB has."""
    low, high = 0.0, 1.0
    if _is_srgb(_light_of_oklab(lightness, a, b)):
        low = high
    for _ in range(_HALVINGS if low < high else 0):
        middle = (low + high) / 2
        low, high = (middle, high) if _is_srgb(_light_of_oklab(lightness, a * middle, b * middle)) else (low, middle)
    light = _light_of_oklab(lightness, a * low, b * low)
    red, green, blue = (_encoded(min(max(channel, 0), 1)) for channel in light)
    return of_channels(red, green, blue)


def _is_srgb(light: _Three) -> bool:
    return all(-1e-4 <= channel <= 1 + 1e-4 for channel in light)


# CIELAB and CIEDE2000 ------------------------------------------------------------------------------------------------


def _lab(colour: str) -> _Three:
    """CIELAB under D65, the white of sRGB (IEC 61966-2-1)."""
    red, green, blue = _linear(colour)
    x = (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047
    y = 0.2126729 * red + 0.7151522 * green + 0.0721750 * blue
    z = (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883
    fx, fy, fz = (t ** (1 / 3) if t > (6 / 29) ** 3 else t * (29 / 6) ** 2 / 3 + 4 / 29 for t in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _ciede2000(one: _Three, other: _Three) -> float:
    """The difference of two CIELAB colours (Sharma, Wu and Dalal 2005, whose steps these are)."""
    mean_chroma = (hypot(*one[1:]) + hypot(*other[1:])) / 2
    stretch = 1 + 0.5 * (1 - _seventh(mean_chroma))
    (c1, h1), (c2, h2) = (_polar(a * stretch, b) for _, a, b in (one, other))
    turn = _turn(h1, h2) if c1 * c2 else 0.0
    lightness, chroma, hue = other[0] - one[0], c2 - c1, 2 * sqrt(c1 * c2) * sin(radians(turn / 2))
    mean_l, mean_c = (one[0] + other[0]) / 2, (c1 + c2) / 2
    mean_h = (h1 + turn / 2) % 360 if c1 * c2 else h1 + h2
    off = (mean_l - 50) ** 2
    by_lightness = lightness / (1 + 0.015 * off / sqrt(20 + off))
    by_chroma = chroma / (1 + 0.045 * mean_c)
    by_hue = hue / (1 + 0.015 * mean_c * _hue_weight(mean_h))
    rotation = -2 * _seventh(mean_c) * sin(radians(60 * exp(-(((mean_h - 275) / 25) ** 2))))
    return sqrt(by_lightness**2 + by_chroma**2 + by_hue**2 + rotation * by_chroma * by_hue)


def _polar(a: float, b: float) -> tuple[float, float]:
    """Chroma, and hue in degrees from 0 to 360."""
    return hypot(a, b), degrees(atan2(b, a)) % 360


def _turn(start: float, end: float) -> float:
    """The shorter way from one hue to another, in degrees."""
    return (end - start + 180) % 360 - 180 if abs(end - start) != 180 else end - start


def _seventh(chroma: float) -> float:
    return sqrt(chroma**7 / (chroma**7 + 25.0**7))


def _hue_weight(hue: float) -> float:
    terms = ((-0.17, 1, -30), (0.24, 2, 0), (0.32, 3, 6), (-0.20, 4, -63))
    return 1 + sum(weight * cos(radians(times * hue + shift)) for weight, times, shift in terms)
