"""Family L: everything that is asked of a leaflet in the language that it is written in, and family R of its texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from babel import Locale

from polyleaf.catalog.verify import LEAFLET
from polyleaf.checks.translations import Checked
from polyleaf.finding import Finding
from polyleaf.model import Leaflet, Message
from polyleaf.project import Project
from polyleaf.rule import Rule
from polyleaf.translation import promotion
from polyleaf.translation.pair import Text

RULES: tuple[Rule, ...] = ()
"""The rules of this family; those of promotion are `promotion.RULES`."""


def check_leaflets(project: Project, names: Iterable[str]) -> Iterator[Checked]:
    """Check leaflet after leaflet: first it as a whole, then message after message."""
    for name in names:
        leaflet = project.leaflets[name]
        yield Checked(project.source_locale, name, tuple(_of_leaflet(project, leaflet)))
        for message in leaflet.messages:
            yield Checked(project.source_locale, name, tuple(_of_message(project, leaflet, message)))


def _of_leaflet(project: Project, leaflet: Leaflet) -> Iterator[Finding]:
    """What is to be said of a leaflet as a whole."""
    yield from ()


def _of_message(project: Project, leaflet: Leaflet, message: Message) -> Iterator[Finding]:
    """What is to be said of one of its texts."""
    for claim in promotion.claims(Text(message.msgid, Locale.parse(project.source_locale), LEAFLET), leaflet.purpose):
        yield Finding(
            claim.rule.code,
            claim.rule.severity,
            f'"{claim.words}"',
            claim.hint,
            str(message.file or leaflet.path),
            message.line,
            leaflet.name,
            project.source_locale,
            msgctxt=message.msgctxt,
            msgid=message.msgid,
            msgid_span=claim.span,
        )
