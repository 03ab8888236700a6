"""L1xx: whether a leaflet has the parts and the dates that its readers rely on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from polyleaf.checks.leaflets.subject import Remark, Subject, rule
from polyleaf.sections import required_sections
from polyleaf.values import format_day

_YEARS = 3


@rule("L101", "missing-section", "error", blocks=True)
def missing_section(subject: Subject) -> Iterator[Remark]:
    """A section that a leaflet of this kind and purpose must have is missing.

    Why: a reader expects it, and without it cannot consent, or does not know when to call for help.

    Instead: add the section. Meanwhile a draft can be built.

    Source: EMA, QRD template; PIF TICK; EIDO's practice for leaflets before consent.
    """
    leaflet = subject.leaflet
    present = {section.key for section in leaflet.sections}
    for key in required_sections(leaflet.kind, leaflet.purpose):
        if key not in present:
            hint = f"a {leaflet.purpose} leaflet of kind {leaflet.kind} needs it: add ## {key}"
            yield Remark(f"the section {key!r} is missing", hint, subject.line("kind"))


@rule("L102", "empty-section", "error", blocks=True)
def empty_section(subject: Subject) -> Iterator[Remark]:
    """A heading has nothing below it.

    Why: a reader takes it for a page that went missing.

    Instead: fill the section or remove its heading. Meanwhile a draft can be built. It cannot be waived.

    Source: this program.
    """
    for section in subject.sections:
        if not section.blocks and not section.parts:
            yield Remark(f"section {section.key!r} is empty", "fill it or remove it", section.line)


@rule("L111", "review-past", "error")
def review_past(subject: Subject) -> Iterator[Remark]:
    """The day by which a leaflet was to be reviewed is past.

    Why: what it says may be wrong by now, and each page shows the date. A leaflet without the date cannot be loaded at
    all.

    Instead: have it reviewed, and set `review_by` to the next day for it.

    Source: PIF TICK; NHS England, standard for creating health content.
    """
    due = subject.leaflet.review_by
    if due < subject.today:
        text = f"the review was due by {format_day(due, subject.locale)}"
        yield Remark(text, "have it reviewed, then set review_by", subject.line("review_by"))


@rule("L112", "review-too-late", "error")
def review_too_late(subject: Subject) -> Iterator[Remark]:
    """The review is more than three years after the publication.

    Why: medicine changes faster than that.

    Instead: set `review_by` to three years after `published`, or earlier.

    Source: PIF TICK (at most every three years).
    """
    latest = _years_after(subject.leaflet.published)
    if subject.leaflet.review_by > latest:
        text = f"the review is more than {_YEARS} years after the publication"
        yield Remark(text, f"set review_by to {latest.isoformat()} or earlier", subject.line("review_by"))


def _years_after(day: date) -> date:
    """The same day in three years; 29 February becomes 1 March."""
    try:
        return day.replace(year=day.year + _YEARS)
    except ValueError:
        return date(day.year + _YEARS, 3, 1)
