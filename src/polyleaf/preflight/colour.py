"""Colour spaces and the ink that colours take (ISO 32000-1, 8.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pikepdf

Family = Literal["grey", "RGB", "CMYK", "Lab", "spot", "pattern"]
Inks = tuple[float, float, float, float]

_DEVICE: dict[str, tuple[Family, int]] = {
    "/DeviceGray": ("grey", 1),
    "/DeviceRGB": ("RGB", 3),
    "/DeviceCMYK": ("CMYK", 4),
    "/G": ("grey", 1),
    "/RGB": ("RGB", 3),
    "/CMYK": ("CMYK", 4),
    "/CalGray": ("grey", 1),
    "/CalRGB": ("RGB", 3),
    "/Lab": ("Lab", 3),
    "/Pattern": ("pattern", 0),
}
_BY_COUNT: dict[int, Family] = {1: "grey", 3: "RGB", 4: "CMYK"}
_PROCESS = ("Cyan", "Magenta", "Yellow", "Black")


@dataclass(frozen=True)
class Space:
    """A colour space: what it measures, how many numbers a colour has, its name for people.

    `inks` are the names of a spot colour's plates. An indexed space is what it picks its colours from.
    """

    family: Family
    count: int
    name: str
    inks: tuple[str, ...] = ()
    indexed: bool = False

    @property
    def spots(self) -> tuple[str, ...]:
        """The plates beyond cyan, magenta, yellow and black."""
        return tuple(ink for ink in self.inks if ink not in (*_PROCESS, "None", "All"))

    @property
    def first(self) -> tuple[float, ...]:
        """The colour that is set when the space is chosen: black, or full ink of a spot colour."""
        if self.family == "CMYK":
            return 0.0, 0.0, 0.0, 1.0
        return (1.0 if self.family == "spot" else 0.0,) * self.count


GREY = Space("grey", 1, "DeviceGray")
RGB = Space("RGB", 3, "DeviceRGB")
CMYK = Space("CMYK", 4, "DeviceCMYK")
UNKNOWN = Space("pattern", 0, "a colour space that is not known")


@dataclass(frozen=True)
class Colour:
    """A colour of a space; `parts` are as many numbers as the space has."""

    space: Space
    parts: tuple[float, ...]

    @property
    def inks(self) -> Inks | None:
        """Cyan, magenta, yellow and black, 0 to 1; None where that hangs on a profile, or on a spot colour."""
        if self.space.family == "CMYK" and len(self.parts) == 4:
            cyan, magenta, yellow, black = self.parts
            return cyan, magenta, yellow, black
        if self.space.family == "grey" and self.parts:
            return 0.0, 0.0, 0.0, 1 - self.parts[0]
        if self.space.inks and set(self.space.inks) <= {*_PROCESS, "None"}:
            shares = dict(zip(self.space.inks, self.parts, strict=False))
            cyan, magenta, yellow, black = (shares.get(ink, 0.0) for ink in _PROCESS)
            return cyan, magenta, yellow, black
        return None

    @property
    def total(self) -> float:
        """The ink of all plates together, 1 for one that is full; 0 where it is not known."""
        if self.inks:
            return sum(self.inks)
        if self.space.family == "spot":
            return sum(self.parts) * (4 if self.space.inks == ("All",) else 1)
        return 0.0

    @property
    def is_white(self) -> bool:
        """Whether it leaves the paper as it is."""
        if self.space.family == "RGB":
            return all(part >= 0.999 for part in self.parts)
        return self.inks is not None and sum(self.inks) < 0.001

    def __str__(self) -> str:
        if self.inks and self.space.family == "CMYK":
            return "C{:.0f} M{:.0f} Y{:.0f} K{:.0f}".format(*(100 * ink for ink in self.inks))
        if self.space.family == "RGB" and len(self.parts) == 3:
            return "#" + "".join(f"{round(255 * min(max(part, 0), 1)):02x}" for part in self.parts)
        return " ".join(f"{part:g}" for part in self.parts)


BLACK = Colour(GREY, (0.0,))


def space_of(named: Any, resources: Any = None) -> Space:
    """The colour space that an object or a name in the resources stands for; `UNKNOWN` where it stands for none."""
    try:
        return _space_of(named, resources, 0)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError, pikepdf.PdfError):
        return UNKNOWN


def _space_of(named: Any, resources: Any, depth: int) -> Space:
    if depth > 5:
        return UNKNOWN
    if isinstance(named, pikepdf.Name):
        name = str(named)
        if name in _DEVICE:
            family, count = _DEVICE[name]
            return Space(family, count, {"/G": "DeviceGray"}.get(name, name[1:]))
        known = resources.get("/ColorSpace") if resources is not None else None
        found = known.get(name) if known is not None else None
        return UNKNOWN if found is None else _space_of(found, resources, depth + 1)
    return _space_of_array(list(named), resources, depth)


def _space_of_array(parts: Sequence[Any], resources: Any, depth: int) -> Space:
    kind = str(parts[0])
    if kind == "/ICCBased":
        return icc_space(parts[1])
    if kind in ("/Indexed", "/I"):
        base = _space_of(parts[1], resources, depth + 1)
        return Space(base.family, 1, base.name, base.inks, indexed=True)
    if kind == "/Separation":
        name = str(parts[1])[1:]
        return Space("spot", 1, f"the spot colour {name}", (name,))
    if kind == "/DeviceN":
        inks = tuple(str(name)[1:] for name in parts[1])
        return Space("spot", len(inks), f"the inks {', '.join(inks)}", inks)
    if kind == "/Pattern" and len(parts) > 1:
        return Space("pattern", 0, "Pattern")
    return _space_of(parts[0], resources, depth + 1)


def icc_space(stream: Any) -> Space:
    """The space of an ICC profile, by the number of its components."""
    count = int(stream.get("/N", 0))
    family = _BY_COUNT.get(count)
    if family == "RGB" and bytes(stream.read_bytes()[16:20]) == b"Lab ":
        family = "Lab"
    return Space(family, count, f"ICC-based {family}") if family else UNKNOWN
