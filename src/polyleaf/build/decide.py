"""Decides on what sheet a leaflet is set: once for all clinics of one shape, since fitting takes several layouts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import inf

from polyleaf.build.fingerprint import Facts, Key
from polyleaf.build.typeset import Typesetter
from polyleaf.clinic import typical
from polyleaf.fit import TooLong
from polyleaf.html import Sheet
from polyleaf.model import Edition
from polyleaf.project import Project


@dataclass(frozen=True)
class Decision:
    """The sheet for a leaflet in a locale with imprints of one shape, and the pages that it fills; None if none fits.

    `of` says for which; `at_most` is how large its type could be, in points. `reads` are the keys of the facts that it
    rests on: every edition that uses it depends on them, whichever of them it was made for.
    """

    of: tuple[str, ...]
    sheet: Sheet | None
    pages: int
    reads: frozenset[Key]
    at_most: float = inf


class Decisions:
    """The sheets for the leaflets of one project, each decided when it is first asked for.

    `new` are those that were decided since somebody cleared it; what was learnt is not among them.
    """

    def __init__(self, project: Project, facts: Facts, typesetter: Typesetter) -> None:
        self.new: list[Decision] = []
        self._project = project
        self._facts = facts
        self._typesetter = typesetter
        self._made: dict[tuple[str, ...], Decision] = {}

    def learn(self, decisions: Iterable[Decision]) -> None:
        """Take over what others decided for the same project: whoever decides comes to the same."""
        self._made.update((decision.of, decision) for decision in decisions)

    def sheet_for(self, edition: Edition) -> Decision:
        """The sheet for an edition: in projects that ask for it, in type of one size in all its languages."""
        if not self._project.same_size:
            return self._alone(edition)
        of = *decided_for(self._project, edition), "same size"
        if of not in self._made:
            size, reads = self._same_size(edition)
            alone = self._alone(edition, size)
            self._make(replace(alone, of=of, reads=alone.reads | reads))
        return self._made[of]

    def _same_size(self, edition: Edition) -> tuple[float, frozenset[Key]]:
        """The largest type that fits in every language in which the leaflet can be had, and what that rests on.

        A language that may not be set so small keeps the smallest type that it is allowed.
        """
        languages = [replace(edition, locale=locale) for locale in self._facts.languages(edition.leaflet)]
        size, reads = inf, frozenset[Key]()
        while languages:
            decisions = [self._alone(language, size) for language in languages]
            for language, decision in zip(languages, decisions, strict=True):
                reads |= decision.reads | set(self._facts.always_read(language))
            smallest = min((decision.sheet.size for decision in decisions if decision.sheet), default=size)
            if smallest >= size:  # smaller type can fill other pages, so that is asked again
                break
            size = smallest
        return size, reads

    def _alone(self, edition: Edition, at_most: float = inf) -> Decision:
        """The sheet for one language, whatever the others have."""
        of = decided_for(self._project, edition)
        of = (*of, f"{at_most:g} pt") if at_most < inf else of
        if of not in self._made:
            self._facts.standing(edition.leaflet, edition.locale)  # asks for every message, if it has to
            self._typesetter.noted(edition)  # so that nothing is left of what was asked before
            imprint = typical(self._project.clinics[edition.clinic])
            page = self._typesetter.page(replace(edition, profile="screen"), imprint)  # a bleed changes no layout
            fitted = self._typesetter.fitted(page, at_most)
            sheet, pages = (None, fitted.pages) if isinstance(fitted, TooLong) else (fitted[0], fitted[1].pages)
            self._make(Decision(of, sheet, pages, frozenset(self._typesetter.noted(edition)), at_most))
        return self._made[of]

    def _make(self, decision: Decision) -> None:
        self._made[decision.of] = decision
        self.new.append(decision)


def decided_for(project: Project, edition: Edition) -> tuple[str, ...]:
    """What a decision is made for: a leaflet in a locale and a format, and imprints of one shape."""
    return edition.leaflet, edition.locale, edition.format, repr(typical(project.clinics[edition.clinic]))
