"""Family R: what a text promises or advertises, in its own language, by the lists in `data/promotion/`."""

from __future__ import annotations

from dataclasses import dataclass

from polyleaf.rule import Rule
from polyleaf.translation.pair import Text

RULES: tuple[Rule, ...] = ()


@dataclass(frozen=True)
class Claim:
    """Words of a text that promise or advertise, and from where to where they stand, in characters."""

    rule: Rule
    words: str
    span: tuple[int, int]
    hint: str = ""


def claims(text: Text, purpose: str = "") -> tuple[Claim, ...]:
    """The claims of a text in its order. `purpose` is that of its leaflet: some things are not said in `marketing`."""
    return ()
