"""The register of the checks, and what they yield. Light: who wants the rules alone reads no PDF."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from polyleaf.finding import Finding, Severity, shortened
from polyleaf.preflight.terms import Expectations, Profile
from polyleaf.rule import Rule, rule_of

if TYPE_CHECKING:
    from polyleaf.preflight.document import Document, Page
    from polyleaf.preflight.marks import Mark

Place = tuple["Page", "Mark"]


@dataclass(frozen=True)
class Remark:
    """What a check says: of a page (they count from 1), or of the document."""

    message: str
    hint: str
    page: int = 0


Look = Callable[["Document", Expectations], Iterator[Remark]]


@dataclass(frozen=True)
class Check:
    """A rule, the profiles that it is held to, and the function that looks."""

    rule: Rule
    profiles: tuple[Profile, ...]
    look: Look

    def findings(self, document: Document, terms: Expectations) -> Iterator[Finding]:
        """What it finds, in the order of the pages."""
        for remark in self.look(document, terms):
            yield Finding(self.rule.code, self.rule.severity, remark.message, remark.hint, page=remark.page)


CHECKS: list[Check] = []
"""All checks, in the order in which their modules were imported and they are written there."""


def rule(code: str, name: str, severity: Severity, *profiles: Profile) -> Callable[[Look], Look]:
    """Register a check; its docstring explains the rule. Without profiles it counts for both."""

    def register(look: Look) -> Look:
        CHECKS.append(Check(rule_of(code, name, severity, look.__doc__ or ""), profiles or ("screen", "print"), look))
        return look

    return register


def told(places: Iterable[Place], what: Callable[[Mark], str], hint: str) -> Iterator[Remark]:
    """One remark for all marks of a page that are told in the same words, at the place of the first."""
    alike: dict[tuple[int, str], list[Place]] = defaultdict(list)
    for page, mark in places:
        alike[page.number, what(mark)].append((page, mark))
    for (number, words), found in alike.items():
        page, mark = found[0]
        more = f", and {len(found) - 1} more like it on this page" if len(found) > 1 else ""
        quoted = f": {shortened(mark.text.strip())!r}" if mark.text.strip() else ""
        yield Remark(f"{words}{quoted} ({page.place(mark.box)}{more})", hint, number)
