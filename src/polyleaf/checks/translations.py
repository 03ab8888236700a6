"""Family T: everything that is asked of a project's translations, or of a PO file of anybody's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from babel import Locale, UnknownLocaleError

from polyleaf.catalog import verify
from polyleaf.catalog.document import PoDocument, PoEntry, note_repeated, read_document
from polyleaf.catalog.plurals import categories, forms_of_header, plural_forms_header
from polyleaf.catalog.read import Entry
from polyleaf.catalog.verify import Subject, examine, is_confirmed, pairs
from polyleaf.errors import PolyleafError, Problem, Problems
from polyleaf.finding import Finding, shortened
from polyleaf.model import Message
from polyleaf.project import THEME_DOMAIN, Project
from polyleaf.rule import rule_of
from polyleaf.translation import promotion
from polyleaf.translation.glossary import Glossary
from polyleaf.translation.language import other_language
from polyleaf.translation.pair import Fault, Pair, Text, syntax_of
from polyleaf.waivers import waivers_in

LANGUAGE = rule_of(
    "T115",
    "language",
    "error",
    """A translation is in another language.

    Why: somebody pasted it into the wrong catalog, and the reader understands nothing.

    Instead: translate it. Texts of fewer than five words are not judged.

    Source: the models of lingua-language-detector.
    """,
)
INCONSISTENT = rule_of(
    "T125",
    "inconsistent",
    "note",
    """The same source is translated in two ways.

    Why: a reader takes two words for two things. Sometimes a language needs both; then let them stand.

    Instead: choose one of them.

    Source: ISO 17100, 5.3.3 (consistency of terms).
    """,
)
PLURALS = rule_of(
    "T126",
    "plural-forms",
    "error",
    """The plural forms are not those that the catalog's header or the language asks for.

    Why: a form would stand for the wrong numbers, or for none.

    Instead: set the header that the hint shows, and give each form.

    Source: CLDR, plural rules (UTS #35 part 3); GNU gettext manual, "Plural forms".
    """,
)
TERM = rule_of(
    "T131",
    "glossary-term",
    "warning",
    """A term of the glossary is not translated as the glossary says.

    Why: a reader who looks for "compression stocking" has to find it under one name.

    Instead: use the glossary's word, or add the inflected form that you used to its `forms`.

    Source: `locales/LOCALE/glossary.csv`.
    """,
)
FORBIDDEN = rule_of(
    "T132",
    "forbidden-word",
    "error",
    """A word that the glossary forbids.

    Why: the glossary's note says it; often it is another thing, or hurts a reader.

    Instead: use the glossary's word.

    Source: `locales/LOCALE/glossary.csv`.
    """,
)

RULES = (LANGUAGE, INCONSISTENT, PLURALS, TERM, FORBIDDEN)
CATALOG_RULES = (*verify.RULES, *RULES, *promotion.RULES)
"""Every rule that is asked of a catalog, without those of finished pages."""


@dataclass(frozen=True)
class Checked:
    """What was found in one message's translation, or in a leaflet as it is written, with all its `messages`.

    `domain` is the leaflet, or the theme's.
    """

    locale: str
    domain: str
    findings: tuple[Finding, ...]
    messages: int = 1


def check_project(
    project: Project, wanted: Mapping[str, Mapping[str, Sequence[Message]]], thorough: bool = True
) -> Iterator[Checked]:
    """Check message after message of the wanted locales and their domains.

    A thorough look asks a language model too, which takes seconds to load.
    """
    for locale, domains in wanted.items():
        subjects = {
            domain: [project.catalogs[domain, locale].subject(message) for message in messages]
            for domain, messages in domains.items()
        }
        differing = inconsistent(subject for of_domain in subjects.values() for subject in of_domain)
        for domain, of_domain in subjects.items():
            glossary = project.glossary(locale, domain)
            leaflet = "" if domain == THEME_DOMAIN else domain
            purpose = project.leaflets[leaflet].purpose if leaflet else ""
            for subject in of_domain:
                more = [*promotional(subject, purpose), *differing.get(id(subject), ())]
                found = check_subject(subject, glossary, more, thorough)
                yield Checked(locale, domain, tuple(replace(finding, leaflet=leaflet) for finding in found))


def check_subject(
    subject: Subject, glossary: Glossary | None = None, more: Iterable[Finding] = (), thorough: bool = True
) -> Iterator[Finding]:
    """All that is to be said of one message's translation, with `more` that was found of it among others."""
    return examine(subject, [*_deeper(subject, glossary, thorough), *more])


def _deeper(subject: Subject, glossary: Glossary | None, thorough: bool) -> Iterator[Finding]:
    """What needs more than the pair itself: a language model, or a glossary."""
    entry = subject.entry
    if entry is None or not is_confirmed(entry, subject.syntax):
        return
    for form in dict.fromkeys(entry.forms.values()):
        pair, _ = pairs(subject, form)
        guess = other_language(pair) if thorough else None
        if guess is not None:
            name = Locale.parse(guess.language).english_name
            text = f"this is {name}, and {subject.locale.english_name} is wanted"
            yield subject.finding(LANGUAGE, text, "translate it", form=form)
        if glossary is not None:
            yield from _terms(subject, pair, glossary)


def _terms(subject: Subject, pair: Pair, glossary: Glossary) -> Iterator[Finding]:
    """Where a translation does not keep to the glossary."""
    form = pair.target.text
    for term, span in glossary.unused(pair):
        text = f'"{term.term}" is "{term.translation}" in the glossary'
        yield subject.finding(TERM, text, term.hint, Fault("", source_span=span), form)
    for term, match in glossary.forbidden(pair):
        fault = Fault("", target_span=(match.start, match.end))
        text = f'the glossary forbids "{form[match.start : match.end]}"'
        yield subject.finding(FORBIDDEN, text, term.hint, fault, form)


def promotional(subject: Subject, purpose: str = "") -> Iterator[Finding]:
    """What a translation promises or advertises; `purpose` is that of its leaflet."""
    if subject.entry is None or not is_confirmed(subject.entry, subject.syntax):
        return
    for form in dict.fromkeys(subject.entry.forms.values()):
        for claim in promotion.claims(Text(form, subject.locale, subject.syntax), purpose):
            fault = Fault("", target_span=claim.span)
            yield subject.finding(claim.rule, f'"{claim.words}"', claim.hint, fault, form)


def inconsistent(subjects: Iterable[Subject]) -> dict[int, list[Finding]]:
    """Messages of one locale with the same source and another translation than the first of them, by their identity."""
    first: dict[tuple[str, str], tuple[Subject, Entry]] = {}
    found: dict[int, list[Finding]] = {}
    for subject in subjects:
        entry, message = subject.entry, subject.message
        if entry is None or not is_confirmed(entry, subject.syntax):
            continue
        other, known = first.setdefault((message.msgid, message.msgid_plural), (subject, entry))
        if entry.forms != known.forms:
            text = f'translated elsewhere as "{shortened(known.forms["other"])}"'
            hint = f"choose one of them, or let both stand; the other is at {other.path.name}:{known.line}"
            found[id(subject)] = [subject.finding(INCONSISTENT, text, hint, form=entry.forms["other"])]
    return found


# A file of anybody's -------------------------------------------------------------------------------------------------


def check_file(document: PoDocument, locale: Locale, source: Locale) -> Iterator[Checked]:
    """Check entry after entry of a PO file."""
    header = document.metadata.get("Plural-Forms", "")
    entries = [entry for entry in document.entries if not entry.obsolete]
    subjects = [_subject(entry, document.path, locale, source) for entry in entries]
    differing = inconsistent(subjects)
    for entry, subject in zip(entries, subjects, strict=True):
        more = [*_plural_forms(entry, subject, header), *differing.get(id(subject), ())]
        yield Checked(str(locale), document.path.stem, tuple(check_subject(subject, more=more)))


def read_any(path: Path) -> PoDocument:
    """Read a PO file of anybody's: characters that a project's own catalogs must not have are left to the checks.

    Raises `PolyleafError` where it does not parse, or says a message twice.
    """
    document = read_document(path, strict=False)
    problems = Problems()
    note_repeated(document, problems)
    problems.raise_if_any()
    return document


def locale_of(document: PoDocument) -> Locale:
    """The locale of a PO file, by its header, else by its path: `de/LC_MESSAGES/django.po`, `de.po`, `de/django.po`.

    Raises `PolyleafError` where nothing says it.
    """
    path = document.path.absolute()
    folders = path.parts[:-1]
    of_gettext = [folders[n - 1] for n in range(len(folders) - 1, 0, -1) if folders[n] == "LC_MESSAGES"]
    for name in (document.metadata.get("Language", ""), *of_gettext, path.stem, path.parent.name):
        if found := _locale(name):
            return found
    line = document.header.line if document.header else 1
    hint = "name it with -l LOCALE"
    raise PolyleafError(Problem("nothing says the language of this catalog", document.path, line, hint))


def source_of(document: PoDocument) -> Locale:
    """The locale that a PO file is translated from, where its header says one; else English."""
    return _locale(document.metadata.get("X-Source-Language", "")) or Locale("en")


_SCRIPTS = {"latin": "Latn", "cyrillic": "Cyrl", "devanagari": "Deva"}


def _locale(name: str) -> Locale | None:
    """The locale that gettext's tools know by a name such as pt-BR, de@formal or sr@latin; None if there is none."""
    plain, _, modifier = name.strip().replace("-", "_").partition("@")
    language, *rest = plain.split("_")
    script = [_SCRIPTS[modifier]] if modifier in _SCRIPTS else []
    with suppress(UnknownLocaleError, ValueError):
        return Locale.parse("_".join([language, *script, *rest]))
    return None


def _subject(entry: PoEntry, path: Path, locale: Locale, source: Locale) -> Subject:
    texts = [text for _, text in sorted(entry.msgstr.items())]
    names = categories(locale)
    if len(names) != len(texts):  # as no plural has; and gettext's own tables have fewer forms for some languages
        names = (*map(str, range(len(texts) - 1)), "other")
    forms = dict(zip(names, texts, strict=True))
    message = Message(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")
    kept = Entry(forms, entry.fuzzy, entry.line, waivers_in(entry.comments))
    syntax = syntax_of(entry.flags, f"{entry.msgid} {entry.msgid_plural or ''}")
    return Subject(message, kept, path, locale, source, syntax)


def _plural_forms(entry: PoEntry, subject: Subject, header: str) -> Iterator[Finding]:
    """Whether an entry has as many forms as the header says, or as the language has where it says nothing."""
    if entry.msgid_plural is None or not entry.translated:
        return
    wanted = forms_of_header(header) if header else len(categories(subject.locale))
    if wanted is not None and sorted(entry.msgstr) != list(range(wanted)):
        text = f"{len(entry.msgstr)} plural forms where there have to be {wanted}"
        yield subject.finding(PLURALS, text, f"set the header Plural-Forms: {plural_forms_header(subject.locale)}")
