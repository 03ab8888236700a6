"""Whether what stands in a clinic's colours can be read, on a screen and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import floor
from typing import Any, Literal

from polyleaf.checks.translations import Checked
from polyleaf.colour import contrast, difference, shades
from polyleaf.config import line_of
from polyleaf.finding import Finding
from polyleaf.model import Clinic
from polyleaf.palette import INK, NEEDED, ORIGINS, Pair, on_tint, palette, palette_of
from polyleaf.paper import printed
from polyleaf.project import Project
from polyleaf.rule import Rule, rule_of
from polyleaf.theme import Theme

SCREEN = rule_of(
    "A201",
    "contrast",
    "warning",
    """A colour stands out too little from what it stands on.

    Why: people with low vision cannot read it, nor can others in bright light or on a poor screen. Text needs a
    contrast of 4.5:1; large text (from 18 pt, or 14 pt in bold), signs and lines that say something need 3:1.

    Instead: take the shade that is proposed, of the same hue and the nearest that can be read wherever the theme uses
    it; or another colour. Nothing is changed by itself.

    Source: WCAG 2.2, 1.4.3 and 1.4.11 (level AA); what stands on what is in theme.toml.
    """,
)
PAPER = rule_of(
    "A202",
    "contrast-on-paper",
    "warning",
    """A colour stands out enough on a screen, and too little once it is printed.

    Why: inks do not reach every colour of a screen. What was light or bright gets nearer to what is around it.

    Instead: take the shade that is proposed, which can be read on paper and on a screen.

    Source: WCAG 2.2, 1.4.3 and 1.4.11 (level AA), on colours turned into inks by the profile of coated offset (FOGRA39)
    and back, relative to the white of the paper.
    """,
)
SHIFT = rule_of(
    "A203",
    "colour-on-paper",
    "note",
    """A clinic's colour looks plainly different on paper (CIEDE2000 above 5).

    Why: bright blues, greens and oranges of screens cannot be mixed of four inks. Whoever chose the colour on a screen
    is surprised by what comes from the print shop.

    Instead: look at a proof, choose the colour from a printed chart, or let it be.

    Source: CIE 142-2001 for the difference; the profile of coated offset (FOGRA39) for the inks.
    """,
)
GIVES_WAY = rule_of(
    "A204",
    "pale-colour",
    "note",
    """A clinic's colour is too pale for text, and headings are set in dark ink in its place.

    Why: headings in that colour could not be read on white and on the clinic's tint.

    Instead: let it be, or take the shade that is proposed: headings are in the clinic's colour again.

    Source: WCAG 2.2, 1.4.3 (level AA).
    """,
)
NO_PAIRS = rule_of(
    "A205",
    "no-pairs",
    "warning",
    """The theme does not say which colours stand on which, so that nobody knows whether they can be read.

    Why: a clinic's colours are held to the contrast that people with low vision need, wherever the theme uses them.

    Instead: write [[pairs]] in theme.toml, as in docs/themes.md.

    Source: WCAG 2.2, 1.4.3 and 1.4.11 (level AA).
    """,
)
RULES: tuple[Rule, ...] = (SCREEN, PAPER, SHIFT, GIVES_WAY, NO_PAIRS)

_LARGE_SHIFT = 5
"""CIEDE2000; what anybody sees, and more than one print run differs from another."""
_AS = {"text": "text", "large-text": "large text", "graphic": "a sign or line", "decoration": "decoration"}

_Field = Literal["primary", "accent"]


@dataclass(frozen=True)
class Brand:
    """A clinic's colours where they are shown: in a theme, and on paper by the ICC profile of its inks."""

    theme: Theme
    clinic: Clinic
    inks: bytes = field(repr=False)

    @property
    def own(self) -> dict[_Field, str]:
        """The colours that the clinic chose."""
        return {"primary": self.clinic.primary, "accent": self.clinic.accent}

    @property
    def pairs(self) -> list[Pair]:
        """The theme's pairs that hang on the clinic's colours."""
        return [pair for pair in self.theme.pairs if _field(pair) is not None]


def brand_of(project: Project, clinic: str) -> Brand:
    """A clinic's colours as the project shows and prints them."""
    return Brand(project.theme, project.clinics[clinic], project.print_terms.icc)


@dataclass(frozen=True)
class _Failing:
    """A pair that stands out too little, in its colours as they are on the page."""

    pair: Pair
    colour: str
    background: str
    ratio: float


def check_clinics(project: Project, names: Iterable[str]) -> Iterator[Checked]:
    """Check the colours of the theme, then of clinic after clinic, in all that they are shown on."""
    yield Checked("", "", tuple(of_theme(project.theme)), 0)
    for name in names:
        brand = brand_of(project, name)
        yield Checked("", "", (*on_screen(brand), *on_paper(brand), *gives_way(brand)), 0)


def of_theme(theme: Theme) -> Iterator[Finding]:
    """What the theme has of itself: pairs of colours that are the same for every clinic."""
    path = (theme.folder / "theme.toml").as_posix()
    if not theme.pairs:
        hint = "write [[pairs]] there, as in docs/themes.md"
        yield _finding(NO_PAIRS, "the theme does not say which colours stand on which", hint, file=path, line=1)
    for failing in _failing([pair for pair in theme.pairs if _field(pair) is None], {}):
        shade = _nearest(failing.colour, [failing.background], NEEDED[failing.pair.use])
        yield _finding(SCREEN, _told(failing), _proposed(shade), file=path, line=failing.pair.line)


def on_screen(brand: Brand) -> Iterator[Finding]:
    """Where a clinic's colours cannot be read on a screen."""
    for failing in _failing(brand.pairs, palette(brand.clinic)):
        yield _of_clinic(SCREEN, brand, failing)


def on_paper(brand: Brand) -> Iterator[Finding]:
    """Where a clinic's colours cannot be read on paper, though they can on a screen, and where they look different."""
    pairs, colours = brand.pairs, palette(brand.clinic)
    known = {failing.pair for failing in _failing(pairs, colours)}
    for failing in _failing(pairs, colours, _on_paper(pairs, [colours], brand.inks)):
        if failing.pair not in known:
            yield _of_clinic(PAPER, brand, failing)
    for name, colour in brand.own.items():
        becomes = printed([colour], brand.inks)[colour]
        if (shift := difference(colour, becomes)) > _LARGE_SHIFT:
            text = f"on paper {colour} becomes {becomes}, which looks different (CIEDE2000 {shift:.1f})"
            yield _finding(SHIFT, text, "look at a proof before you have it printed", **_place(brand.clinic, name))


def gives_way(brand: Brand) -> Iterator[Finding]:
    """Where headings are in ink since the clinic's colour is too pale."""
    clinic = brand.clinic
    if palette(clinic)["primary-text"] == clinic.primary or clinic.primary == INK:
        return
    ratio, needed = on_tint(clinic.primary), NEEDED["text"]
    text = f"headings are set in dark ink, not in {clinic.primary}: its contrast is {_floored(ratio)}:1 on its own tint"
    shade = _nearest_of_clinic(brand, "primary", in_headings=True)
    hint = f'let it be; headings are in the clinic\'s colour from primary = "{shade}" on' if shade else "let it be"
    yield _finding(GIVES_WAY, f"{text}, and text needs {needed:g}:1", hint, **_place(clinic, "primary"))


# What fails ----------------------------------------------------------------------------------------------------------


def _failing(
    pairs: Iterable[Pair], colours: Mapping[str, str], seen: Mapping[str, str] | None = None
) -> Iterator[_Failing]:
    """The pairs that need more contrast than they have; `seen` are colours as they look where they are shown."""
    for pair in pairs:
        colour, background = (colours.get(name, name) for name in (pair.colour, pair.background))
        if seen is not None:
            colour, background = seen[colour], seen[background]
        if (ratio := contrast(colour, background)) < NEEDED[pair.use]:
            yield _Failing(pair, colour, background, ratio)


def _on_paper(pairs: Iterable[Pair], palettes: Iterable[Mapping[str, str]], inks: bytes) -> dict[str, str]:
    """All colours of some pairs and pages as they look on paper."""
    fixed = {name for pair in pairs for name in (pair.colour, pair.background) if name not in ORIGINS}
    return printed([*sorted(fixed), *(colour for colours in palettes for colour in colours.values())], inks)


def _field(pair: Pair) -> _Field | None:
    """The colour of the clinic's that decides on a pair; None where both are the theme's."""
    return ORIGINS.get(pair.colour) or ORIGINS.get(pair.background)


# What would pass -----------------------------------------------------------------------------------------------------


def _nearest_of_clinic(brand: Brand, name: _Field, in_headings: bool = False) -> str:
    """The shade of a clinic's colour that looks most like it and can be read in every pair, on screen and on paper.

    With `in_headings` it serves for headings too. Empty where there is none.
    """
    own = brand.own
    pairs = [pair for pair in brand.pairs if name in (ORIGINS.get(pair.colour), ORIGINS.get(pair.background))]
    palettes = {shade: palette_of(**{**own, name: shade}) for shade in shades(own[name])}
    paper = _on_paper(pairs, palettes.values(), brand.inks)
    for shade in sorted(palettes, key=lambda shade: difference(shade, own[name])):
        colours = palettes[shade]
        if in_headings and colours["primary-text"] != shade:
            continue
        if not any((*_failing(pairs, colours), *_failing(pairs, colours, paper))):
            return shade
    return ""


def _nearest(colour: str, backgrounds: Sequence[str], needed: float) -> str:
    """The shade that looks most like a colour and stands out enough; empty where there is none."""
    passing = (shade for shade in shades(colour) if all(contrast(shade, other) >= needed for other in backgrounds))
    return min(passing, key=lambda shade: difference(shade, colour), default="")


# What is told --------------------------------------------------------------------------------------------------------


def _of_clinic(rule: Rule, brand: Brand, failing: _Failing) -> Finding:
    name = _field(failing.pair)
    assert name is not None
    shade = _nearest_of_clinic(brand, name)
    where = "on paper, " if rule is PAPER else ""
    return _finding(rule, where + _told(failing), _proposed(shade, name), **_place(brand.clinic, name))


def _told(failing: _Failing) -> str:
    pair = failing.pair
    shown = [
        f"{name} {colour}" if name in ORIGINS else colour
        for name, colour in ((pair.colour, failing.colour), (pair.background, failing.background))
    ]
    has = f"{' on '.join(shown)} has a contrast of {_floored(failing.ratio)}:1"
    return f"{pair.where}: {has}, and {_AS[pair.use]} needs {NEEDED[pair.use]:g}:1"


def _proposed(shade: str, name: str = "") -> str:
    if not shade:
        return "choose another colour: no shade of this one can be read there"
    return f'the nearest shade that can be read: {f"{name} = " if name else ""}"{shade}"'


def _floored(ratio: float) -> str:
    """A ratio of which nothing is rounded up: 4.499 does not pass."""
    return f"{floor(ratio * 100) / 100:.2f}"


def _place(clinic: Clinic, name: _Field) -> dict[str, Any]:
    line = line_of(clinic.lines, ("colours", name)) or 1
    return {"file": clinic.path.as_posix(), "line": line, "clinic": clinic.name}


def _finding(rule: Rule, text: str, hint: str, **place: Any) -> Finding:
    return Finding(rule.code, rule.severity, text, hint, **place)
