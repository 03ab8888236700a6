"""What a clinician reads before approving: all of a leaflet in one locale that can reach a patient, whoever gives it
out. It is kept as JSON, and an approval is tied to the SHA-256 of that.

A clinic's imprint is not part of it, nor what it sets a value to: that stays within bounds that are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Literal

from polyleaf import cldr
from polyleaf.catalog import Catalogs
from polyleaf.catalog.exchange import CatalogPhrases
from polyleaf.catalog.extract import theme_messages
from polyleaf.model import Block, Clinic, Leaflet, ListBlock, Message, Paragraph, Section, Value
from polyleaf.project import Project
from polyleaf.values import format_value

_PLACEHOLDER = re.compile(r"\{(\w+)\}")

Role = Literal["title", "summary", "heading", "paragraph", "bullet", "step", "table heading", "cell", "noun", "theme"]


@dataclass(frozen=True)
class Passage:
    """One text where it stands: its section's key, what it is there, its source and its translation.

    A text with a plural has both forms in `source`, and in `translation` each of the locale's by its category.
    In the language of the source `translation` is empty.
    """

    at: str
    role: Role
    source: tuple[str, ...]
    translation: tuple[tuple[str, str], ...] = ()

    @property
    def texts(self) -> tuple[str, ...]:
        """What stands there in the locale."""
        return tuple(text for _, text in self.translation) or self.source


@dataclass(frozen=True)
class Quantity:
    """A value as its leaflet has it: how it is read in the source and in the locale, and the bounds for clinics."""

    name: str
    written: str
    source: str
    shown: str
    least: str = ""
    most: str = ""


@dataclass(frozen=True)
class Reading:
    """All that is read of a leaflet in a locale. `facts` are the fields of its front matter, `terms` the rows of the
    glossary that are about it.
    """

    leaflet: str
    locale: str
    facts: tuple[tuple[str, str], ...]
    passages: tuple[Passage, ...]
    quantities: tuple[Quantity, ...]
    terms: tuple[tuple[str, ...], ...]
    theme: tuple[Passage, ...]

    def filled(self, text: str, translated: bool) -> str:
        """A text with each value in its place as a patient reads it, in the locale or in the source."""
        known = {one.name: one.shown if translated else one.source for one in self.quantities}
        return _PLACEHOLDER.sub(lambda match: known.get(match[1], match[0]), text)

    def record(self) -> bytes:
        """The reading as JSON, a line a text, so that version control shows what changed."""
        parts = ",\n".join(f'"{name}": {_in_lines(said)}' for name, said in asdict(self).items())
        return f"{{\n{parts}\n}}\n".encode()


def _in_lines(said: object) -> str:
    """A list as JSON with a line an entry, anything else in one line."""
    if not isinstance(said, tuple) or not said:
        return json.dumps(said, ensure_ascii=False)
    entries = ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in said)
    return f"[\n{entries}\n]"


def parse_record(data: bytes) -> Reading:
    """The reading that a record holds. Raises `ValueError` where it holds none."""
    try:
        known: dict[str, Any] = json.loads(data)
        return Reading(
            known["leaflet"],
            known["locale"],
            _tuples(known["facts"]),
            tuple(_passage(one) for one in known["passages"]),
            tuple(Quantity(**one) for one in known["quantities"]),
            _tuples(known["terms"]),
            tuple(_passage(one) for one in known["theme"]),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"no record of a reading: {error}") from None


def _passage(known: Mapping[str, Any]) -> Passage:
    return Passage(known["at"], known["role"], tuple(known["source"]), _tuples(known["translation"]))


def _tuples(rows: Iterable[Sequence[str]]) -> tuple[Any, ...]:
    return tuple(tuple(row) for row in rows)


# What there is to read -----------------------------------------------------------------------------------------------


def reading(project: Project, leaflet: str, locale: str) -> Reading:
    """What the project has for a leaflet in a locale now."""
    source = project.leaflets[leaflet]
    own, theme = project.leaflet_catalogs(leaflet, locale), project.theme_catalogs(locale)
    of_theme = _theme_messages(project, source)
    return Reading(
        leaflet,
        locale,
        tuple(_facts(source)),
        tuple(_read(at, role, message, own) for at, role, message in _outline(source)),
        tuple(_quantity(project, source, name, value, locale) for name, value in source.values.items()),
        tuple(_terms(project, source, locale)),
        tuple(_read(message.msgctxt, "theme", message, theme) for message in of_theme),
    )


def _facts(leaflet: Leaflet) -> Iterator[tuple[str, str]]:
    yield "kind", leaflet.kind
    yield "purpose", leaflet.purpose
    yield "version", leaflet.version
    yield "published", leaflet.published.isoformat()
    yield "review by", leaflet.review_by.isoformat()
    yield from (("author", author) for author in leaflet.authors)
    yield from ((f"left out of {format_}", ", ".join(keys)) for format_, keys in leaflet.left_out.items())
    for source in leaflet.sources:
        parts = (source.title, source.publisher, str(source.year or ""), source.href)
        yield f"source {source.key}", " · ".join(part for part in parts if part)


def _outline(leaflet: Leaflet) -> Iterator[tuple[str, Role, Message]]:
    """Every text in reading order, each as often as it is there; nouns of counted values last."""
    yield "title", "title", leaflet.title
    if leaflet.summary:
        yield "summary", "summary", leaflet.summary
    for section in leaflet.sections:
        yield from _of_section(section)
    yield from (("value", "noun", message) for message in leaflet.messages if message.msgid_plural)


def _of_section(section: Section) -> Iterator[tuple[str, Role, Message]]:
    if section.heading:
        yield section.key, "heading", section.heading
    for block in section.blocks:
        yield from ((section.key, role, message) for role, message in _of_block(block))
    for part in section.parts:
        yield from _of_section(part)


def _of_block(block: Block) -> Iterator[tuple[Role, Message]]:
    if isinstance(block, Paragraph):
        yield "paragraph", block.text
    elif isinstance(block, ListBlock):
        yield from (("step" if block.ordered else "bullet", item) for item in block.items)
    else:
        yield from (("table heading", cell) for cell in block.header)
        yield from (("cell", cell) for row in block.rows for cell in row)


def _theme_messages(project: Project, leaflet: Leaflet) -> list[Message]:
    """The theme's texts that can stand on the leaflet's pages: no headings of sections that it has not."""
    present = {part.key for section in leaflet.sections for part in (section, *section.parts) if part.heading is None}
    hidden = {heading.key for key, heading in project.theme.headings.items() if key not in present}
    return [message for message in theme_messages(project.theme) if message.key not in hidden]


def _read(at: str, role: Role, message: Message, catalogs: Catalogs) -> Passage:
    source = tuple(text for text in (message.msgid, message.msgid_plural) if text)
    entry = catalogs.subject(message).entry
    return Passage(at, role, source, tuple(sorted(entry.forms.items())) if entry else ())


def _quantity(project: Project, leaflet: Leaflet, name: str, value: Value, locale: str) -> Quantity:
    def shown(of: Value, to: str) -> str:
        return shown_value(project, leaflet.name, of, to)

    bounds = value.bounds
    ends = [_single(value, end) for end in (bounds.min, bounds.max)] if bounds else []
    return Quantity(
        name,
        _written(value),
        shown(value, project.source_locale),
        shown(value, locale),
        *(shown(end, locale) for end in ends),
    )


def shown_value(project: Project, leaflet: str, value: Value, locale: str) -> str:
    """A value of a leaflet as a patient reads it."""
    phrases = CatalogPhrases(project.leaflet_catalogs(leaflet, locale), project.theme_catalogs(locale))
    return format_value(value, cldr.locale_of(locale), phrases)


def _single(value: Value, number: Decimal) -> Value:
    return replace(value, low=number, high=None, bounds=None)


def _written(value: Value) -> str:
    """The numbers and the unit as data, whatever a locale makes of them."""
    ends = " to ".join(str(end) for end in (value.low, value.high) if end is not None)
    of = f" of {value.of}" if value.of is not None else ""
    bounds = f", clinics {value.bounds.min} to {value.bounds.max}" if value.bounds else ""
    return f"{value.kind} {ends}{of} {value.unit}".strip() + bounds


def _terms(project: Project, leaflet: Leaflet, locale: str) -> Iterator[tuple[str, ...]]:
    """The rows of the glossary that are about the leaflet's texts, without their notes."""
    glossary = project.glossary(locale)
    if glossary is None:
        return
    found = {term for message in leaflet.messages for term in glossary.terms_in(message.msgid)}
    for term in sorted(found, key=lambda term: term.term):
        yield term.term, term.translation, " | ".join(term.forms), " | ".join(term.forbidden)


def clinic_values(project: Project, leaflet: str) -> Iterator[tuple[str, Clinic, Value]]:
    """What clinics set values of a leaflet to, by the value's name."""
    for name in project.leaflets[leaflet].values:
        for clinic in project.clinics.values():
            if name in clinic.values.get(leaflet, {}):
                yield name, clinic, clinic.values[leaflet][name]


# What changed --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Change:
    """Something that is not as it was. `at` is a section's key, `values`, `glossary`, `theme` or `front matter`;
    `before` and `after` are empty where it is new or gone.
    """

    at: str
    before: str
    after: str


def changes(old: Reading, new: Reading) -> Iterator[Change]:
    """What a reader finds changed, in reading order; what moved is gone and there again."""
    yield from _differing("front matter", _said(old.facts), _said(new.facts))
    yield from _passages_differing(old.passages, new.passages)
    yield from _differing("values", _quantities_said(old), _quantities_said(new))
    yield from _differing("glossary", _said(old.terms), _said(new.terms))
    yield from _passages_differing(old.theme, new.theme, "theme")


def _said(rows: Iterable[Sequence[str]]) -> list[str]:
    return [": ".join(part for part in row if part) for row in rows]


def _quantities_said(of: Reading) -> list[str]:
    said = []
    for one in of.quantities:
        bounds = f"; clinics: {_isolated(one.least)} to {_isolated(one.most)}" if one.least else ""
        said.append(f"{one.name}: {one.source} = {_isolated(one.shown)}{bounds} ({one.written})")
    return said


def _isolated(text: str) -> str:
    """A text in a direction of its own, so that numbers beside it stay where they are (UAX #9, isolates)."""
    return f"\u2068{text}\u2069"


def _passages_differing(old: Sequence[Passage], new: Sequence[Passage], at: str = "") -> Iterator[Change]:
    places = dict.fromkeys(passage.at for passage in (*new, *old))
    for place in places:
        before, after = ([_told(one) for one in side if one.at == place] for side in (old, new))
        yield from _differing(f"{at} {place}".strip(), before, after)


def _told(passage: Passage) -> str:
    kind = "" if passage.role in ("paragraph", "bullet", "theme", "title", "summary") else f"[{passage.role}] "
    bullet = "• " if passage.role == "bullet" else ""
    source = " / ".join(passage.source)
    translation = " / ".join(text for _, text in passage.translation)
    return f"{kind}{bullet}{source}{f' = {_isolated(translation)}' if translation else ''}"


def _differing(at: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    """Runs of texts that differ, the first that went beside the first that came."""
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind != "equal":
            yield from (Change(at, old, new) for old, new in zip_longest(before[a:b], after[c:d], fillvalue=""))
