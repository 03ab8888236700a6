"""Family L: everything that is asked of a leaflet in the language that it is written in, and family R of its texts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from babel import Locale

from polyleaf.checks.leaflets import content, form, numbers, plain
from polyleaf.checks.leaflets.approval import UNCHANGED, version_unchanged
from polyleaf.checks.leaflets.subject import LEAFLET_RULES, Remark, Subject, finding_of
from polyleaf.checks.leaflets.words import words_of
from polyleaf.checks.translations import Checked
from polyleaf.finding import Finding
from polyleaf.model import Leaflet, Table, Waiver
from polyleaf.project import Project
from polyleaf.rule import Rule
from polyleaf.translation import promotion
from polyleaf.translation.jargon import Jargon
from polyleaf.waivers import UNUSED, after_waivers, holds

__all__ = ["RULES", "check_leaflets", "unfit"]

RULES: tuple[Rule, ...] = (*(known.rule for known in LEAFLET_RULES), UNCHANGED)
"""The rules of this family; those of promotion are `promotion.RULES`."""

_MODULES = (content, form, numbers, plain)  # imported for the checks that they register


def check_leaflets(project: Project, names: Iterable[str]) -> Iterator[Checked]:
    """Check leaflet after leaflet, each in the order of its lines."""
    jargon = project.jargon()
    for name in names:
        subject = _subject(project, name, jargon)
        found = [*_found(subject), *_beside_the_last(project, subject)]
        findings = sorted(_after_waivers(subject, found), key=lambda finding: finding.line)
        yield Checked(project.source_locale, name, tuple(findings), len(subject.leaflet.messages))


def unfit(project: Project, name: str) -> tuple[Finding, ...]:
    """What keeps a leaflet from being published in any language."""
    subject = _subject(project, name, None)
    waived = {waiver.code for waiver in subject.leaflet.waivers if holds(waiver)}
    found = (finding for known in LEAFLET_RULES if known.blocks for finding in known.findings(subject))
    return tuple(finding for finding in found if finding.code not in waived)


def _subject(project: Project, name: str, jargon: Jargon | None) -> Subject:
    locale = Locale.parse(project.source_locale)
    return Subject(project.leaflets[name], locale, project.today, project.reading, words_of(locale), jargon)


def _found(subject: Subject) -> Iterator[Finding]:
    for known in LEAFLET_RULES:
        yield from known.findings(subject)
    for said in (*subject.headings, *subject.texts):
        for claim in promotion.claims(said.text, subject.leaflet.purpose):
            yield finding_of(subject, claim.rule, Remark(f'"{claim.words}"', claim.hint, said=said, span=claim.span))


def _beside_the_last(project: Project, subject: Subject) -> Iterator[Finding]:
    return (finding_of(subject, UNCHANGED, remark) for remark in version_unchanged(project, subject))


# Waivers -------------------------------------------------------------------------------------------------------------


def _after_waivers(subject: Subject, found: Iterable[Finding]) -> Iterator[Finding]:
    """The findings that no waiver of their place lets stand, and what is wrong with the waivers.

    A waiver of the front matter is for what is found there, that is, of the leaflet as a whole; one in the body is for
    the block or the heading that it stands above.
    """
    leaflet = subject.leaflet
    waivers = {0: leaflet.waivers, **leaflet.waivers_at}
    tables, front = _tables(leaflet), max(leaflet.lines.values())
    at: dict[int, list[Finding]] = defaultdict(list)
    for finding in found:
        at[0 if finding.line <= front else tables.get(finding.line, finding.line)].append(finding)

    def note(rule: Rule, text: str, waiver: Waiver) -> Finding:
        hint = "delete it" if rule is UNUSED else "write: <!-- polyleaf: allow L201 and why -->"
        return finding_of(subject, rule, Remark(text, hint, waiver.line))

    for place in {**waivers, **at}:
        yield from after_waivers(at[place], waivers.get(place, ()), note)


def _tables(leaflet: Leaflet) -> dict[int, int]:
    """The line of each row of a table, and that of its heading row: no comment can stand above a row."""
    parts = [part for section in leaflet.sections for part in (section, *section.parts)]
    tables = (block for part in parts for block in part.blocks if isinstance(block, Table))
    return {row[0].line: table.header[0].line for table in tables for row in table.rows}
