"""Whether a leaflet in a locale may be released: signed, as it is now, in date and free of errors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from polyleaf.approvals import digest_of
from polyleaf.checks.leaflets import check_leaflets
from polyleaf.checks.translations import check_project
from polyleaf.finding import Finding
from polyleaf.model import Approval
from polyleaf.project import THEME_DOMAIN, Project
from polyleaf.reading import reading

State = Literal["approved", "waiting", "errors", "expired", "stale", "none"]


@dataclass(frozen=True)
class Standing:
    """What an approval comes to.

    none      nobody has approved it
    stale     something that a patient reads has changed since
    expired   it was good until a day that is past
    errors    the checks find errors in it
    waiting   it is in order itself, and the leaflet in its source language is not approved
    approved  it may be released
    """

    leaflet: str
    locale: str
    state: State
    approval: Approval | None = None
    reason: str = ""

    @property
    def holds(self) -> bool:
        """Whether the edition goes out without a mark."""
        return self.state == "approved"


def standing(project: Project, leaflet: str, locale: str) -> Standing:
    """How the approval of a leaflet in a locale stands on the project's day."""
    approval = project.approvals.get((leaflet, locale))
    if approval is None:
        return Standing(leaflet, locale, "none", reason="nobody has approved it")
    state, reason = _judged(project, approval, locale)
    return Standing(leaflet, locale, state, approval, reason)


def _judged(project: Project, approval: Approval, locale: str) -> tuple[State, str]:
    leaflet = approval.leaflet
    if approval.expires and approval.expires < project.today:
        return "expired", f"it was good until {approval.expires.isoformat()}"
    if digest_of(reading(project, leaflet, locale).record()) != approval.read:
        return "stale", f"it has changed since; `polyleaf review {leaflet} -l {locale}` shows what"
    if found := list(errors(project, leaflet, locale)):
        return "errors", f"{len(found)} errors: [{found[0].code}] {found[0].message}"
    if locale != project.source_locale and not standing(project, leaflet, project.source_locale).holds:
        return "waiting", f"the leaflet itself ({project.source_locale}) is not approved"
    return "approved", ""


def errors(project: Project, leaflet: str, locale: str, thorough: bool = False) -> Iterator[Finding]:
    """What keeps a leaflet from being approved in a locale: the errors of its text or translation, and of the theme's.

    A thorough look asks a language model too, which takes a second or two.
    """
    return (finding for finding in findings(project, leaflet, locale, thorough) if finding.severity == "error")


def findings(project: Project, leaflet: str, locale: str, thorough: bool = True) -> Iterator[Finding]:
    """All that the checks say of a leaflet in a locale."""
    domains = project.domains(locale)
    wanted = {domain: domains[domain] for domain in (leaflet, THEME_DOMAIN) if domain in domains}
    as_written = check_leaflets(project, [leaflet] if locale == project.source_locale else [])
    for checked in chain(as_written, check_project(project, {locale: wanted}, thorough)):
        yield from (finding.below(project.root) for finding in checked.findings)
