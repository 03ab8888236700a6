"""Whether pages came out as their edition asks."""

from __future__ import annotations

from pathlib import Path

from polyleaf.finding import Finding
from polyleaf.rule import rule_of

COMPLAINT = rule_of(
    "P102",
    "layout-complaint",
    "error",
    """WeasyPrint could not do what the theme or the logo asks for.

    Why: something is missing on the page, or looks other than it should.

    Instead: mend the template, the style sheet or the picture that the message names.

    Source: WeasyPrint's log.
    """,
)
TOO_LONG = rule_of(
    "P103",
    "too-long",
    "error",
    """The text does not fit into the pages of the format in the smallest type that is allowed.

    Why: smaller type cannot be read by many of those whom the leaflet is for.

    Instead: shorten the text or its translation.

    Source: NHS England, Accessible Information Standard; UKAAF, clear print (12 point, never under 11 here).
    """,
)


def complaint(text: str) -> Finding:
    """A finding for what WeasyPrint said."""
    return Finding(COMPLAINT.code, COMPLAINT.severity, f"WeasyPrint: {text}", "mend the theme or the logo")


def too_long(leaflet: Path, pages: int, allowed: int, smallest: float) -> Finding:
    """A finding for a leaflet that takes more pages than its format has; the type size is in points."""
    text = f"it takes {pages} pages at {smallest} pt, and {allowed} are allowed"
    return Finding(TOO_LONG.code, TOO_LONG.severity, text, "shorten the text or its translation", leaflet.as_posix(), 1)
