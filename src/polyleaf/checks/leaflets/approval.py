"""A leaflet beside what was approved of it last."""

from __future__ import annotations

from collections.abc import Iterator

from polyleaf.checks.leaflets.subject import Remark, Subject
from polyleaf.project import Project
from polyleaf.reading import changes, parse_record, reading
from polyleaf.rule import rule_of

UNCHANGED = rule_of(
    "L113",
    "version-unchanged",
    "error",
    """The text is not the one that was approved last, and the version is still the same.

    Why: two leaflets with other words and one number cannot be told apart in a folder, on a shelf or in a complaint.

    Instead: give it the next version, and have it approved.

    Source: NHS England, standard for creating health content (version control).
    """,
)
_NOT_THE_TEXT = ("front matter", "glossary", "theme")


def version_unchanged(project: Project, subject: Subject) -> Iterator[Remark]:
    """What `UNCHANGED` finds."""
    name, source = subject.leaflet.name, project.source_locale
    approval = project.approvals.get((name, source))
    if approval is None or approval.version != subject.leaflet.version:
        return
    found = changes(parse_record(approval.record), reading(project, name, source))
    changed = [change.at for change in found if not change.at.startswith(_NOT_THE_TEXT)]
    if changed:
        text = f"version {approval.version} was approved on {approval.on.isoformat()} with another text"
        hint = f"raise `version`; changed: {', '.join(dict.fromkeys(changed))}"
        yield Remark(text, hint, subject.line("version"))
