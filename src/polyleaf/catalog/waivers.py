"""Findings that a translator has looked at and lets stand, said in the catalog itself with a reason:

# polyleaf: allow T112 "avoid" says it
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

_WAIVER = re.compile(r"\s*polyleaf:\s*allow\b[\s:]*(?P<code>[A-Za-z]+\d+)?[\s:,-]*(?P<reason>.*)", re.IGNORECASE)
NEVER_WAIVED = frozenset({"T101", "T102"})
"""What no reason can make fit to be published: a translation that is missing, or that nobody has confirmed."""


@dataclass(frozen=True)
class Waiver:
    """One line of a catalog that lets a finding stand. `code` is empty where the line names none."""

    code: str
    reason: str

    @property
    def holds(self) -> bool:
        """Whether it lets its finding stand: it names one that can be waived, and says why."""
        return bool(self.code and re.search(r"\w", self.reason)) and self.code not in NEVER_WAIVED


def waivers_in(comments: Iterable[str]) -> tuple[Waiver, ...]:
    """The waivers among a translator's comments (the lines that begin with "# ")."""
    found = (_WAIVER.fullmatch(comment.rstrip()) for comment in comments)
    return tuple(Waiver((match["code"] or "").upper(), match["reason"].strip()) for match in found if match)
