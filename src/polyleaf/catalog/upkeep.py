"""Keeps the catalogs of a locale: begins them, brings them up to their source, and gives them their canonical form."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from babel import Locale

from polyleaf import cldr
from polyleaf.catalog.document import PoDocument, PoEntry, parse_document, read_document
from polyleaf.catalog.memory import Memory, suggest
from polyleaf.catalog.plurals import categories, plural_forms_header
from polyleaf.catalog.pseudo import pseudo_forms
from polyleaf.catalog.read import ORIGIN_HEADER, check_language
from polyleaf.catalog.update import Changes, Typo, new_entry, update
from polyleaf.errors import Problems
from polyleaf.files import write_together
from polyleaf.model import Message

Domains = Mapping[str, Sequence[Message]]
"""The messages of every domain: a leaflet's name, or `polyleaf` for the theme's own."""


@dataclass(frozen=True)
class Updated:
    """A catalog as it should be written. `created` says that there was none."""

    document: PoDocument
    changes: Changes
    created: bool

    @property
    def differs(self) -> bool:
        """Whether there is anything to write."""
        return self.created or bool(self.changes)


def path_of(folder: Path, locale: str, domain: str) -> Path:
    """Where the catalog of a domain in a locale is, below the folder of all locales."""
    return folder / locale / "LC_MESSAGES" / f"{domain}.po"


def updated(folder: Path, wanted: Mapping[str, Domains], is_typo: Typo = lambda old, new: False) -> list[Updated]:
    """The catalogs of locales, brought up to their messages; nothing is written yet.

    Raises `PolyleafError` with every mistake in them.
    """
    problems = Problems()
    found = []
    for name, domains in wanted.items():
        locale = cldr.locale_of(name)
        for domain, messages in domains.items():
            path = path_of(folder, name, domain)
            exists = path.is_file()
            with problems.collect():
                document = read_document(path) if exists else begun(path, locale)
                check_language(document, locale)
                changes = update(document, messages, len(categories(locale)), is_typo)
                found.append(Updated(document, changes, not exists))
    problems.raise_if_any()
    return found


def with_suggestions(folder: Path, found: Sequence[Updated], domains: Iterable[str]) -> None:
    """Offer, for what is not translated, what any catalog of the same locale says for the same or a like sentence.

    `domains` are all that the project has, whether or not they are brought up to date now.
    """
    by_locale: dict[Path, list[Updated]] = defaultdict(list)
    for catalog in found:
        by_locale[catalog.document.path.parent].append(catalog)
    for at, catalogs in by_locale.items():
        known = {catalog.document.path: catalog.document for catalog in catalogs}
        others = (at / f"{domain}.po" for domain in domains)
        documents = [*known.values(), *(read_document(path) for path in others if path not in known and path.is_file())]
        memory = Memory(documents)
        for catalog in catalogs:
            catalog.changes.suggested += [entry.key for entry in suggest(catalog.document, memory)]


def begun(path: Path, locale: Locale) -> PoDocument:
    """A catalog with its header alone."""
    name = locale.get_display_name("en") or str(locale)
    return parse_document(_header(f"{name} translation of {path.stem}.", path.stem, locale), path)


def template(path: Path, messages: Sequence[Message]) -> PoDocument:
    """The messages without translations, as translation tools take them for a template (POT)."""
    document = parse_document(_header(f"Messages of {path.stem}.", path.stem, None), path)
    for message in messages:
        document.append(new_entry(message, 2))
    return document


def pseudo_catalog(path: Path, messages: Sequence[Message], name: str) -> PoDocument:
    """The texts of a pseudo-locale, for tools that want them in a file."""
    locale = cldr.locale_of(name)
    fields = {"Language": name, ORIGIN_HEADER: "machine-drafted; pseudo-locale"}
    document = parse_document(
        _header(f"{name} texts of {path.stem}, for tests alone.", path.stem, locale, fields), path
    )
    used = categories(locale)
    for message in messages:
        entry = new_entry(message, len(used))
        forms = pseudo_forms(message, name)
        entry.change(msgstr={n: forms[used[n]] if message.msgid_plural else forms["other"] for n in entry.msgstr})
        document.append(entry)
    return document


def canonical(document: PoDocument, messages: Sequence[Message] = ()) -> bytes:
    """A catalog in its canonical form: unwrapped, one blank line between entries, in the order of the messages, with
    obsolete entries at the end.
    """
    order = {message.key: number for number, message in enumerate(messages)}
    entries: list[PoEntry] = []
    loose: list[str] = []  # comments that stand by themselves go to what follows
    for part in document.parts:
        if isinstance(part, str):
            loose += [line[1:] for line in part.splitlines() if line.strip()]
        else:
            entries.append(replace(part, raw=None, references=(), comments=(*loose, *part.comments)))
            loose = []
    header = entries[:1] if document.header else []
    rest = sorted(entries[len(header) :], key=lambda entry: (entry.obsolete, order.get(entry.key, len(order))))
    texts = [entry.text() for entry in (*header, *rest)] + (["".join(f"#{line}\n" for line in loose)] if loose else [])
    return "\n".join(texts).encode("utf-8")


def save(catalogs: Iterable[Updated]) -> None:
    """Write what differs: all of it, or none where one cannot be written."""
    write_together({catalog.document.path: catalog.document.data() for catalog in catalogs if catalog.differs})


def _header(comment: str, project: str, locale: Locale | None, more: Mapping[str, str] | None = None) -> str:
    fields = {
        "Project-Id-Version": project,
        **({"Language": str(locale)} if locale else {}),
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        **({"Plural-Forms": plural_forms_header(locale)} if locale else {}),
        **(more or {}),
    }
    lines = "".join(f'"{name}: {value}\\n"\n' for name, value in fields.items())
    return f'# {comment}\nmsgid ""\nmsgstr ""\n{lines}'
