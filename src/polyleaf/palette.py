"""A clinic's colours made into the few that a page needs, with text that can be read on each."""

from __future__ import annotations

from collections.abc import Mapping

from polyleaf.model import Clinic

WHITE = "#ffffff"
INK = "#1c2b30"

STAND_INS = {
    "primary": "#5b017d",
    "accent": "#017d5b",
    "on-primary": "#7d5b01",
    "primary-text": "#5d017b",
    "tint": "#017b5d",
    "line": "#7b5d01",
}
"""What shared pages are laid out in: `pdf.write_pdf` paints a clinic's own colours over these."""


def in_colours(text: str, colours: Mapping[str, str]) -> str:
    """Markup or styles with other colours in place of some, wherever their digits stand; both as `#rrggbb`."""
    for old, new in colours.items():
        text = text.replace(old[1:], new[1:])
    return text


def palette(clinic: Clinic) -> dict[str, str]:
    """The colours of a page by their names in the style sheets, as `#rrggbb`."""
    return {
        "primary": clinic.primary,
        "accent": clinic.accent,
        "on-primary": readable_on(clinic.primary),
        # Headings stand on white and on the tint: a pale brand colour gives way to ink there.
        "primary-text": clinic.primary if contrast(clinic.primary, mix(clinic.primary, 0.1)) >= 4.5 else INK,
        "tint": mix(clinic.primary, 0.09),
        "line": mix(clinic.primary, 0.32),
    }


def painted(clinic: Clinic) -> dict[str, str]:
    """A clinic's colours by the stand-ins that they are painted over."""
    return {STAND_INS[name]: colour for name, colour in palette(clinic).items()}


def mix(colour: str, share: float) -> str:
    """A colour thinned with white; `share` is the part of the colour, 0 to 1."""
    return "#" + "".join(f"{round(255 + (channel - 255) * share):02x}" for channel in _channels(colour))


def readable_on(background: str) -> str:
    """White or ink, whichever stands out more."""
    return max((WHITE, INK), key=lambda colour: contrast(colour, background))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2, "contrast ratio")."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.2, "relative luminance")."""
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in (value / 255 for value in _channels(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
