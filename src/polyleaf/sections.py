"""The standard sections of a leaflet, and which of them a leaflet of some kind must have.

The keys follow the EMA's QRD template in giving every leaflet the same headings, and PIF TICK and EIDO in what must
be said before consent. The headings that a reader sees are the theme's.
"""

from __future__ import annotations

from typing import Literal, get_args

LeafletKind = Literal["procedure", "aftercare"]
Purpose = Literal["marketing", "pre-consent", "aftercare"]

SECTIONS: dict[str, tuple[str, ...]] = {
    "about": (),
    "key-points": (),
    "indications": (),
    "contraindications": ("absolute", "relative", "caution"),
    "alternatives": (),
    "preparation": (),
    "procedure": (),
    "benefits": (),
    "risks": (),
    "aftercare": ("first-day", "first-days", "later"),
    "warning-signs": ("emergency", "same-day", "clinic"),
    "follow-up": (),
    "questions": (),
    "checklist": (),
}
"""Section keys with the parts that have standard headings."""

KINDS: tuple[str, ...] = get_args(LeafletKind)
PURPOSES: tuple[str, ...] = get_args(Purpose)

STANDARD_KEYS = frozenset(SECTIONS) | {f"{key}.{part}" for key, parts in SECTIONS.items() for part in parts}

SOURCES = "sources"
"""The list of sources, which can be left out of a format as sections can."""
NEVER_LEFT_OUT = ("key-points", "contraindications", "alternatives", "risks", "aftercare", "warning-signs")
"""What everybody is told who is given a leaflet: what keeps them safe, and what they must know to consent."""

_ALWAYS = ("key-points", "about", "aftercare", "warning-signs")
_OF_A_PROCEDURE = ("indications", "contraindications", "procedure", "risks")
_BEFORE_CONSENT = ("alternatives", "benefits", "questions")


def required_sections(kind: str, purpose: str) -> tuple[str, ...]:
    """The sections that a leaflet of this kind and purpose must have."""
    required: tuple[str, ...] = _ALWAYS
    if kind == "procedure":
        required += _OF_A_PROCEDURE
    if purpose == "pre-consent":
        required += _BEFORE_CONSENT
    return required
