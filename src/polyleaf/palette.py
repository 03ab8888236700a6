"""A clinic's colours made into the few that a page needs, with text that can be read on each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from polyleaf.colour import contrast, mix
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

ORIGINS: Mapping[str, Literal["primary", "accent"]] = {
    "primary": "primary",
    "accent": "accent",
    "on-primary": "primary",
    "primary-text": "primary",
    "tint": "primary",
    "line": "primary",
}
"""Which of a clinic's two colours each colour of a page comes from."""

Use = Literal["text", "large-text", "graphic", "decoration"]
NEEDED: Mapping[Use, float] = {"text": 4.5, "large-text": 3, "graphic": 3, "decoration": 1}
"""The contrast that a use needs (WCAG 2.2 AA, 1.4.3 and 1.4.11). Text is large from 18 pt, or from 14 pt in bold."""


@dataclass(frozen=True)
class Pair:
    """Which colour of a page stands on which, and as what; each is a name of `palette` or `#rrggbb`.

    `where` says it to a person; `line` is that of theme.toml.
    """

    colour: str
    background: str
    use: Use
    where: str
    line: int = 0


def in_colours(text: str, colours: Mapping[str, str]) -> str:
    """Markup or styles with other colours in place of some, wherever their digits stand; both as `#rrggbb`."""
    for old, new in colours.items():
        text = text.replace(old[1:], new[1:])
    return text


def palette(clinic: Clinic) -> dict[str, str]:
    """The colours of a page by their names in the style sheets, as `#rrggbb`."""
    return palette_of(clinic.primary, clinic.accent)


def palette_of(primary: str, accent: str) -> dict[str, str]:
    """The colours of a page that come from these two."""
    return {
        "primary": primary,
        "accent": accent,
        "on-primary": readable_on(primary),
        # Headings stand on white and on the tint: a pale brand colour gives way to ink there.
        "primary-text": primary if on_tint(primary) >= NEEDED["text"] else INK,
        "tint": mix(primary, 0.09),
        "line": mix(primary, 0.32),
    }


def on_tint(primary: str) -> float:
    """The contrast of a colour on its own tint, made a little darker: there is room for rounding."""
    return contrast(primary, mix(primary, 0.1))


def painted(clinic: Clinic) -> dict[str, str]:
    """A clinic's colours by the stand-ins that they are painted over."""
    return {STAND_INS[name]: colour for name, colour in palette(clinic).items()}


def readable_on(background: str) -> str:
    """White or ink, whichever stands out more."""
    return max((WHITE, INK), key=lambda colour: contrast(colour, background))
