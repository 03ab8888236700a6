"""Findings that a person has looked at and lets stand, with a reason: a translator in the catalog, a writer above the
text in the leaflet.

    # polyleaf: allow T112 "avoid" says it
    <!-- polyleaf: allow L201 what everybody knows -->
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from polyleaf.finding import Finding
from polyleaf.model import Waiver
from polyleaf.rule import Rule, rule_of

_WAIVER = re.compile(r"\s*polyleaf:\s*allow\b[\s:]*(?P<code>[A-Za-z]+\d+)?[\s:,-]*(?P<reason>.*)", re.IGNORECASE)
NEVER_WAIVED = frozenset({"T101", "T102", "L102", "L203"})
"""What no reason can make fit to be published: a translation that is missing, or that nobody has confirmed; a heading
with nothing below it; a source that nobody has named.
"""

WITHOUT_REASON = rule_of(
    "T151",
    "waiver-without-reason",
    "error",
    """A waiver has no reason or no code, or names what cannot be waived.

    Why: who comes later has to know why a finding was let stand. What is missing or fuzzy cannot be published for any
    reason.

    Instead: write it as "# polyleaf: allow T112 the verb says it", in a leaflet above the text as
    "<!-- polyleaf: allow L201 what everybody knows -->", and for the whole leaflet in its front matter as
    "waivers: {L302: the names of medicines are long}".

    Source: this program.
    """,
)
UNUSED = rule_of(
    "T152",
    "waiver-unused",
    "warning",
    """A waiver waives nothing: where it stands there is no such finding.

    Why: it would hide the next one.

    Instead: delete the line.

    Source: this program.
    """,
)


def waivers_in(comments: Iterable[str], line: int = 0) -> tuple[Waiver, ...]:
    """The waivers among comments, without the marks that make them comments."""
    found = (_WAIVER.fullmatch(comment.rstrip()) for comment in comments)
    return tuple(Waiver((match["code"] or "").upper(), match["reason"].strip(), line) for match in found if match)


def holds(waiver: Waiver) -> bool:
    """Whether it lets its finding stand: it names one that can be waived, and says why."""
    return bool(waiver.code and re.search(r"\w", waiver.reason)) and waiver.code not in NEVER_WAIVED


def after_waivers(
    found: Sequence[Finding], waivers: Sequence[Waiver], note: Callable[[Rule, str, Waiver], Finding]
) -> Iterator[Finding]:
    """The findings that no waiver lets stand, and what is wrong with the waivers; `note` makes a finding about one."""
    waived = {waiver.code for waiver in waivers if holds(waiver)}
    yield from (finding for finding in found if finding.code not in waived)
    for waiver in waivers:
        if not holds(waiver):
            yield note(WITHOUT_REASON, _what_is_wrong(waiver), waiver)
        elif all(finding.code != waiver.code for finding in found):
            yield note(UNUSED, f"the waiver of {waiver.code} waives nothing", waiver)


def _what_is_wrong(waiver: Waiver) -> str:
    if not waiver.code:
        return "a waiver names the code of its finding"
    if waiver.code in NEVER_WAIVED:
        return f"{waiver.code} cannot be waived"
    return f"the waiver of {waiver.code} gives no reason"
