"""What an edition depends on, by content: facts that rendering used, each under a key, with a digest of what it says.

A key is a tuple of text. Its first part is the kind:

    message    domain, locale, context, text    what a catalog has for a message
    drafted    domain, locale                   whether a machine drafted the catalog
    approval   leaflet, locale                  who approved it, if that holds
    leaflet    name, field                      a part of a leaflet
    clinic     name, field                      a part of an imprint; `values.LEAFLET` for what it sets in a leaflet
    heading    section                          a standard heading of the theme
    file       name                             a file of the theme
    pairs                                       the colours that stand on one another in the theme
    languages  leaflet                          the languages that the leaflet can be had in
    fonts      locale                           the faces of a locale
    exporter   name                             the package that offers an exporter, and its code
    option     name                             what the build or the configuration asks for
    program    name                             the version of a program that renders
"""

from __future__ import annotations

import ctypes
import hashlib
import json
import platform
import unicodedata
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Literal

from polyleaf import fonts, plugins
from polyleaf.catalog import Catalogs
from polyleaf.model import Approval, Clinic, Edition, Leaflet, Message
from polyleaf.print_terms import PrintTerms
from polyleaf.project import Project
from polyleaf.signoff.standing import Standing, standing
from polyleaf.theme import Theme

Mode = Literal["checked", "draft", "release"]
Key = tuple[str, ...]

# Of what is not here: a name is part of the edition, `messages` are those of the other fields once more.
_PLACES = ("name", "path", "messages", "waivers_at", "lines")
_LEAFLET_FIELDS = tuple(f.name for f in fields(Leaflet) if f.name not in _PLACES)
_PRINT_OPTIONS = tuple(f"print.{f.name}" for f in fields(PrintTerms))
_CLINIC_FIELDS = tuple(f.name for f in fields(Clinic) if f.name not in ("name", "path", "values", "lines"))
_LIBRARIES = (
    *("weasyprint", "pydyf", "tinyhtml5", "tinycss2", "cssselect2", "fonttools", "pillow", "babel", "jinja2"),
    *("markupsafe", "markdown-it-py", "phonenumbers", "pikepdf", "segno", "page-validation", "pdfua"),
)
_PROGRAMS = ("polyleaf", "python", "unicode", "zlib", "pango", "harfbuzz", *_LIBRARIES)
# How many parts of a key name the set that it is kept in. Sets that many editions share are stored and looked at once.
_SHARED = {"message": 3, "leaflet": 2, "clinic": 2, "file": 1}
# Places and notes to translators are not shown.
_UNSEEN = {"path", "file", "line", "comment"}


@dataclass(frozen=True)
class FactSet:
    """Facts of one kind and place as they were at some time, which many editions share. `id` is the facts' digest."""

    id: str
    facts: tuple[tuple[Key, str], ...]

    @classmethod
    def of(cls, facts: Iterable[tuple[Key, str]]) -> FactSet:
        """The set of some facts, whatever their order."""
        ordered = tuple(sorted(facts))
        return cls(_digest(json.dumps(ordered, ensure_ascii=False).encode()), ordered)

    @classmethod
    def parse(cls, text: str) -> FactSet:
        """A set from its JSON. Raises `ValueError` where that is damaged."""
        try:
            return cls.of((tuple(map(str, key)), str(digest)) for key, digest in json.loads(text))
        except TypeError as error:
            raise ValueError(str(error)) from None

    def json(self) -> str:
        """The facts as JSON, which `parse` reads."""
        return json.dumps(self.facts, ensure_ascii=False)


class Facts:
    """What a project says now, fact by fact. Each is worked out once."""

    def __init__(self, project: Project, mode: Mode) -> None:
        self.mode = mode
        self._project = project
        terms = {f"print.{name}": _digest(repr(term).encode()) for name, term in vars(project.print_terms).items()}
        self._options = {
            "mode": mode,
            "source_locale": project.source_locale,
            "same_size": str(project.same_size),
            **terms,
        }
        self._known: dict[Key, str] = {}
        self._sets: dict[frozenset[Key], FactSet] = {}
        self._holding: dict[str, bool] = {}
        self._complete: dict[tuple[str, str], bool] = {}
        self._standings: dict[tuple[str, str], Standing] = {}

    def digest(self, key: Key) -> str:
        """The digest of a fact; empty where the project has no such thing."""
        if key not in self._known:
            self._known[key] = self._work_out(key)
        return self._known[key]

    def sets(self, keys: Iterable[Key]) -> tuple[FactSet, ...]:
        """The facts under some keys as they are now, in a steady order."""
        groups: dict[Key, list[Key]] = defaultdict(list)
        for key in keys:
            groups[key[: _SHARED.get(key[0], 0)]].append(key)
        found = []
        for _, group in sorted(groups.items()):
            members = frozenset(group)
            if members not in self._sets:
                self._sets[members] = FactSet.of((key, self.digest(key)) for key in group)
            found.append(self._sets[members])
        return tuple(found)

    def hold(self, known: FactSet) -> bool:
        """Whether all facts of a set are still what they were."""
        if known.id not in self._holding:
            self._holding[known.id] = not self.changed(known)
        return self._holding[known.id]

    def changed(self, known: FactSet) -> list[Key]:
        """The keys of the facts that are not what they were."""
        return [key for key, digest in known.facts if self.digest(key) != digest]

    def languages(self, leaflet: str) -> list[str]:
        """The locales that a leaflet can be had in: in a draft all, otherwise those that are wholly translated."""
        everywhere = self.mode == "draft"
        return [name for name in self._project.locales if everywhere or self._is_complete(leaflet, name)]

    def standing(self, leaflet: str, locale: str) -> Standing:
        """How the approval of a leaflet in a locale stands; nobody approves a pseudo-locale."""
        if (leaflet, locale) not in self._standings:
            self._standings[leaflet, locale] = standing(self._project, leaflet, locale)
        return self._standings[leaflet, locale]

    def approval(self, leaflet: str, locale: str) -> Approval | None:
        """The approval of a leaflet in a locale, if it holds."""
        found = self.standing(leaflet, locale)
        return found.approval if found.holds else None

    def always_read(self, edition: Edition) -> Iterator[Key]:
        """The keys of what every edition is made of."""
        leaflet, locale = edition.leaflet, edition.locale
        yield "drafted", leaflet, locale
        yield "approval", leaflet, locale
        yield from (("leaflet", leaflet, field) for field in _LEAFLET_FIELDS)
        yield from (("clinic", edition.clinic, field) for field in (*_CLINIC_FIELDS, f"values.{leaflet}"))
        sections = self._project.leaflets[leaflet].sections
        for section in (part for whole in sections for part in (whole, *whole.parts)):
            if section.heading is None:
                yield "heading", section.key
        if edition.format == "web" or (edition.is_paged and self._project.same_size):
            yield "languages", leaflet
        if edition.is_export:
            yield "exporter", edition.format
        else:
            yield "fonts", locale
            yield ("pairs",)
        asked = ["mode", "source_locale"]
        asked += ["same_size"] if edition.is_paged else []
        asked += _PRINT_OPTIONS if edition.is_for_press else ()
        yield from (("option", name) for name in asked)
        yield from (("program", name) for name in _PROGRAMS)

    def _is_complete(self, leaflet: str, locale: str) -> bool:
        """Whether every message of the leaflet and every heading of the theme can be published in a locale."""
        if (leaflet, locale) not in self._complete:
            of_leaflet = _published(
                self._project.leaflet_catalogs(leaflet, locale), self._project.leaflets[leaflet].messages
            )
            headings = tuple(self._project.theme.headings.values())
            of_theme = _published(self._project.theme_catalogs(locale), headings)
            self._complete[leaflet, locale] = of_leaflet and of_theme
        return self._complete[leaflet, locale]

    def _work_out(self, key: Key) -> str:
        project, found = self._project, ""
        match key:
            case ("message", domain, locale, context, text) if (domain, locale) in project.catalogs:
                found = _digest(project.catalogs[domain, locale].content((context, text)).encode())
            case ("drafted", domain, locale) if (domain, locale) in project.catalogs:
                found = str(project.catalogs[domain, locale].machine_drafted)
            case ("approval", leaflet, locale) if leaflet in project.leaflets:
                found = repr(self.approval(leaflet, locale))
            case ("leaflet", name, field) if name in project.leaflets:
                found = _digest(_seen(getattr(project.leaflets[name], field)).encode())
            case ("clinic", name, field) if name in project.clinics:
                found = _digest(_seen(_of_clinic(project.clinics[name], field)).encode())
            case ("heading" | "file" | "pairs", *_):
                found = _of_theme(project.theme, key)
            case ("languages", leaflet) if leaflet in project.leaflets:
                found = " ".join(self.languages(leaflet))
            case ("fonts", locale):
                found = " ".join(fonts.face_names(locale))
            case ("exporter", name):
                found = plugins.version_of(plugins.EXPORTERS, name)
            case ("option", name):
                found = self._options.get(name, "")
            case ("program", name):
                found = programs().get(name, "")
        return found


_TOLD = {
    "drafted": "how the catalog {} in {} came about",
    "approval": "the approval of {} in {}",
    "leaflet": "the {1} of the leaflet {0}",
    "clinic": "the {1} of the clinic {0}",
    "heading": "the theme's heading for {}",
    "file": "the theme's file {}",
    "pairs": "the colours that stand on one another in the theme",
    "languages": "the languages of the leaflet {}",
    "fonts": "the fonts of {}",
    "exporter": "the exporter {}, or the version of its package",
    "option": "the option {}",
    "program": "the version of {}",
}


def told(key: Key) -> str:
    """A key as a person reads it."""
    kind, *names = key
    if kind != "message":
        return _TOLD[kind].format(*names) if kind in _TOLD else " ".join(key)
    domain, locale, context, text = names
    short = text if len(text) <= 60 else f"{text[:57].rstrip()}..."
    return f'the translation into {locale} of "{short}" ({domain}, {context})'


def _published(catalogs: Catalogs, messages: Sequence[Message]) -> bool:
    return not any(catalogs.find(message)[1] for message in messages)


def _of_theme(theme: Theme, key: Key) -> str:
    match key:
        case ("heading", section) if section in theme.headings:
            return theme.headings[section].msgid
        case ("file", name) if name in theme.files:
            return _digest(theme.files[name])
        case ("pairs",):
            return _digest(_seen(theme.pairs).encode())
    return ""


def _of_clinic(clinic: Clinic, field: str) -> object:
    if field.startswith("values."):
        return clinic.values.get(field.removeprefix("values."), {})
    return getattr(clinic, field)


def _seen(value: object) -> str:
    """A value as text that tells apart whatever readers can tell apart."""
    if is_dataclass(value) and not isinstance(value, type):
        shown = (
            f"{field.name}={_seen(getattr(value, field.name))}" for field in fields(value) if field.name not in _UNSEEN
        )
        return f"{type(value).__name__}({', '.join(shown)})"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key!r}: {_seen(value[key])}' for key in value)}}}"
    if isinstance(value, (tuple, list)):
        return f"({', '.join(map(_seen, value))})"
    return repr(value)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


@cache
def programs() -> dict[str, str]:
    """The programs that make a page, with their versions; of this one, a digest of its code."""
    found = {
        "python": platform.python_version(),
        "unicode": unicodedata.unidata_version,
        "zlib": zlib.ZLIB_RUNTIME_VERSION,  # the streams of a PDF
        **_shared_libraries(),
    }
    found["polyleaf"] = f"{version('polyleaf')} {plugins.code_of('polyleaf')}"
    for name in _LIBRARIES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


def _shared_libraries() -> dict[str, str]:
    """Pango and HarfBuzz, which WeasyPrint sets text with. Asked without importing WeasyPrint, which takes long."""
    found = {}
    for program, function, names in (
        ("pango", "pango_version_string", ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll")),
        ("harfbuzz", "hb_version_string", ("libharfbuzz.so.0", "libharfbuzz.dylib", "libharfbuzz-0.dll")),
    ):
        for name in names:
            with suppress(OSError, AttributeError):
                ask = getattr(ctypes.CDLL(name), function)
                ask.restype = ctypes.c_char_p
                found[program] = ask().decode()
                break
    return found
