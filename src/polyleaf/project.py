"""Finds and loads a project: its configuration, leaflets, clinics and theme, with every mistake reported at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from pydantic import Field

from polyleaf import cldr, plugins
from polyleaf.approvals import load_approvals
from polyleaf.catalog import Catalogs, PseudoCatalogs
from polyleaf.catalog.extract import theme_messages
from polyleaf.clinic import load_clinic
from polyleaf.config import Lines, Strict, line_of, load_toml, validate
from polyleaf.errors import PolyleafError, Problem, Problems, nearest
from polyleaf.formats import DEFAULT_FORMATS, FORMATS
from polyleaf.leaflet import load_leaflet
from polyleaf.model import Approval, Clinic, Leaflet, Message, ReadingTarget
from polyleaf.print_terms import PrintFields, PrintTerms, load_print_terms
from polyleaf.theme import Theme, load_theme
from polyleaf.translation.glossary import Glossary, glossary_of
from polyleaf.translation.jargon import Jargon, load_jargon

CONFIG = "polyleaf.toml"
IMPOSED = "imposed"
PROFILES = ("screen", "print", IMPOSED)
"""What a PDF is for; `imposed` is of booklets alone, as the sheets that they are folded of."""
THEME_DOMAIN = "polyleaf"
_LOCALE = re.compile(r"[a-z]{2,3}(_[A-Z][a-z]{3})?(_[A-Z]{2}|_[0-9]{3})?")
NAME = re.compile(r"[a-z0-9]+([-_][a-z0-9]+)*")
"""What a leaflet or clinic may be called: it becomes part of paths and addresses."""
# An exporter's name is the ending of its files. PDFs are the theme's, which would else be written over.
_EXPORT = re.compile(r"(?!.*\.pdf$)[a-z0-9]+([-_][a-z0-9]+)*(\.[a-z0-9]+([-_][a-z0-9]+)*)+")


class _ReadingFields(Strict):
    sentence: int = Field(default=ReadingTarget.sentence, ge=1)
    grade: float = Field(default=ReadingTarget.grade, ge=1)


class _ProjectFields(Strict):
    source_locale: str = "en"
    locales: list[str] = []
    theme: str = "default"
    formats: list[str] = list(DEFAULT_FORMATS)
    profiles: list[str] = list(PROFILES[:1])
    output: str = Field(default="output", min_length=1)
    same_size: bool = False
    reading: _ReadingFields = _ReadingFields()
    print: PrintFields = PrintFields()


@dataclass(frozen=True)
class Project:
    """A loaded project: all that its leaflets are made of, in memory, so that it can be sent to where they are made.

    `locales` begins with the source locale; `catalogs` are keyed by domain and locale, and those of pseudo-locales are
    among them; `approvals` by leaflet and locale. `today` is the day that approvals and reviews are held against.
    `same_size` asks for the same type in all languages of a leaflet.
    """

    root: Path
    config: Path
    source_locale: str
    locales: tuple[str, ...]
    formats: tuple[str, ...]
    profiles: tuple[str, ...]
    theme: Theme
    locales_folder: Path
    output: Path
    same_size: bool
    leaflets: dict[str, Leaflet]
    clinics: dict[str, Clinic]
    catalogs: dict[tuple[str, str], Catalogs]
    approvals: dict[tuple[str, str], Approval]
    today: date
    reading: ReadingTarget
    print_terms: PrintTerms

    def domains(self, locale: str | None = None) -> dict[str, tuple[Message, ...]]:
        """The messages by their domain: all that the project has, or those that a locale has to translate."""
        found = {}
        if self.theme.folder.is_relative_to(self.root) and (locale is None or not _is_source_of_themes(locale)):
            found[THEME_DOMAIN] = theme_messages(self.theme)
        if locale is None or not _is_source(self.source_locale, locale):
            found |= {name: leaflet.messages for name, leaflet in self.leaflets.items()}
        return found

    def leaflet_catalogs(self, leaflet: str, locale: str) -> Catalogs:
        """The catalogs of a leaflet's own messages."""
        return self.catalogs[leaflet, locale]

    def glossary(self, locale: str, domain: str = "") -> Glossary | None:
        """A locale's glossary, its own or that of the locale it inherits from; the theme's texts are English.

        Raises `PolyleafError` where it is broken.
        """
        source = "en" if domain == THEME_DOMAIN else self.source_locale
        return glossary_of(self.locales_folder, list(cldr.parents(locale)), Locale.parse(locale), Locale.parse(source))

    def jargon(self) -> Jargon | None:
        """The words that leaflets explain or do without; None where the project lists none.

        Raises `PolyleafError` where the list is broken.
        """
        path = self.root / "templates/jargon.csv"
        return load_jargon(path, Locale.parse(self.source_locale)) if path.exists() else None

    def theme_catalogs(self, locale: str) -> Catalogs:
        """The catalogs of the theme's messages."""
        return self.catalogs[THEME_DOMAIN, locale]


def starter() -> Path:
    """The folder with the starter project: inside the installed package, or the checkout that it is run from."""
    packaged = Path(str(files("polyleaf"))) / "starter"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[2]


def find_project(start: Path) -> Path:
    """The nearest folder at or above `start` that holds a project's configuration; returns the configuration file."""
    for folder in (start, *start.parents):
        if (folder / CONFIG).is_file():
            return folder / CONFIG
        pyproject = folder / "pyproject.toml"
        if pyproject.is_file() and _has_table(pyproject):
            return pyproject
    hint = "run `polyleaf init DIR` to begin one, or name its folder with -C DIR"
    raise PolyleafError(Problem(f"no Polyleaf project in {start} or above it", hint=hint))


def _has_table(pyproject: Path) -> bool:
    try:
        return "polyleaf" in tomllib.loads(pyproject.read_text(encoding="utf-8")).get("tool", {})
    except (OSError, ValueError, TypeError, RecursionError):
        return False


def print_terms_of(config: Path) -> PrintTerms:
    """What a project's print shop asks for, whatever else is in it. Raises `PolyleafError` for a mistake in that."""
    problems = Problems()
    fields, lines, at = _read_config(config, problems)
    terms = load_print_terms(fields.print, config, lines, (*at, "print"), problems)
    problems.raise_if_any()
    return terms


def load_project(config: Path, today: date | None = None) -> Project:
    """Load all of a project, as of a day. Raises `PolyleafError` with every mistake in its files."""
    problems = Problems()
    fields, lines, at = _read_config(config, problems)
    root = config.parent
    locales = _known_locales(fields, config, lines, at, problems)
    for field, known_names in (("formats", known_formats()), ("profiles", PROFILES)):
        _check_names(field, getattr(fields, field), known_names, (config, line_of(lines, (*at, field))), problems)
    print_terms = load_print_terms(fields.print, config, lines, (*at, "print"), problems)
    theme = Theme(root, {}, {})
    with problems.collect():
        theme = load_theme(_theme_folder(root, fields.theme, config, line_of(lines, (*at, "theme"))))
    leaflets: dict[str, Leaflet] = {}
    leaflet_files = _named_files(root / "templates/leaflets", "*.md", problems)
    for path in leaflet_files:
        with problems.collect():
            leaflets[path.stem] = load_leaflet(path)
    known = {path.stem: leaflets.get(path.stem) for path in leaflet_files}
    clinics: dict[str, Clinic] = {}
    clinic_files = _named_files(root / "templates/clinics", "*.toml", problems)
    for path in clinic_files:
        with problems.collect():
            clinics[path.stem] = load_clinic(path, known)
    _check_present("leaflet", leaflet_files, "templates/leaflets/NAME.md", problems)
    _check_present("clinic", clinic_files, "templates/clinics/NAME.toml", problems)
    project = Project(
        root=root,
        config=config,
        source_locale=fields.source_locale,
        locales=locales,
        formats=tuple(fields.formats),
        profiles=tuple(fields.profiles),
        theme=theme,
        locales_folder=root / "locales",
        output=root / fields.output,
        same_size=fields.same_size,
        leaflets=leaflets,
        clinics=clinics,
        catalogs={},
        approvals={},
        today=today or date.today(),
        reading=ReadingTarget(**dict(fields.reading)),
        print_terms=print_terms,
    )
    _read_catalogs(project, list(known), problems)
    for locale in locales:
        with problems.collect():
            found = load_approvals(project.locales_folder, locale, known)
            project.approvals.update(((leaflet, locale), approval) for leaflet, approval in found.items())
    problems.raise_if_any()
    return project


def _read_config(config: Path, problems: Problems) -> tuple[_ProjectFields, Lines, tuple[str, ...]]:
    """The fields of a configuration, the lines of its keys, and where in the file its table is."""
    data, lines = load_toml(config)
    at: tuple[str, ...] = ()
    if config.name == "pyproject.toml":
        data, at = data.get("tool", {}).get("polyleaf", {}), ("tool", "polyleaf")
    return validate(_ProjectFields, data, config, lines, problems, at), lines, at


def _named_files(folder: Path, pattern: str, problems: Problems) -> list[Path]:
    """The files of a folder in the order of their names, without hidden ones (locks and litter of editors)."""
    found = [path for path in sorted(folder.glob(pattern)) if not path.name.startswith(".")]
    for path in found:
        if not NAME.fullmatch(path.stem) or path.stem == THEME_DOMAIN:
            problems.add(f"{path.stem!r} cannot be a name", path, 1, "rename it: small letters, digits and hyphens")
    return [path for path in found if NAME.fullmatch(path.stem)]


def _check_present(what: str, found: Sequence[Path], where: str, problems: Problems) -> None:
    if not found:
        problems.add(f"the project has no {what}", hint=f"write {where}, or run `polyleaf init` in an empty folder")


def _known_locales(fields: Any, config: Path, lines: Lines, at: tuple[str, ...], problems: Problems) -> tuple[str, ...]:
    """The project's locales that CLDR knows, the source locale first."""
    known = []
    line = line_of(lines, (*at, "locales"))
    for name in [fields.source_locale, *fields.locales]:
        with problems.collect():
            known.append(check_locale(name, config, line))
    return tuple(dict.fromkeys(known))


def known_formats() -> tuple[str, ...]:
    """The formats that can be asked for: the theme's, and those of the exporters that are installed."""
    return *FORMATS, *(name for name in plugins.known(plugins.EXPORTERS) if _EXPORT.fullmatch(name))


def check_locale(name: str, file: Path | None = None, line: int | None = None) -> str:
    """The name, if CLDR knows a locale by it that people write. Raises `PolyleafError`."""
    if name in cldr.PSEUDO_LOCALES:
        text = f"{name!r} is a pseudo-locale: the program makes its texts, and nobody translates them"
        seen, written = f"polyleaf build -l {name}", f"polyleaf catalog pseudo -l {name} -o DIR"
        hint = f"leave it out here; `{seen}` shows it, and `{written}` writes its texts"
        raise PolyleafError(Problem(text, file, line, hint))
    try:
        if not _LOCALE.fullmatch(name) or name == "root":
            raise ValueError(name)
        parsed = str(Locale.parse(name))
    except (UnknownLocaleError, ValueError, TypeError):
        hint = "write a CLDR locale such as pt_BR or zh_Hans"
        raise PolyleafError(Problem(f"unknown locale {name!r}", file, line, hint)) from None
    if cldr.script(parsed) != cldr.script(name) or not parsed.startswith(name.partition("_")[0]):
        text = f"locale {name!r} is not spelled as CLDR spells it"
        raise PolyleafError(Problem(text, file, line, f"write {parsed!r}"))
    return name


def _check_names(
    field: str, names: Sequence[str], known: Sequence[str], at: tuple[Path, int | None], problems: Problems
) -> None:
    for name in names:
        if name not in known:
            problems.add(f"unknown {field.removesuffix('s')} {name!r}", *at, nearest(name, known))


def _theme_folder(root: Path, name: str, config: Path, line: int | None) -> Path:
    """The theme's folder: the project's own, else the one that comes with the program."""
    candidates = [root / "templates/themes" / name, starter() / "templates/themes" / name]
    for folder in candidates:
        if (folder / "theme.toml").is_file():
            return folder
    hint = f"it is looked for in {candidates[0]}"
    raise PolyleafError(Problem(f"unknown theme {name!r}", config, line, hint))


def _is_source(source: str, locale: str) -> bool:
    return source in cldr.parents(locale)


def _is_source_of_themes(locale: str) -> bool:
    """The texts of themes are written in English, whatever the leaflets are written in."""
    return locale not in cldr.PSEUDO_LOCALES and cldr.locale_of(locale).language == "en"


def _read_catalogs(project: Project, leaflets: Sequence[str], problems: Problems) -> None:
    """Read every catalog, so that a broken one is found before anything is built."""
    of_theme = [project.locales_folder]
    if not project.theme.folder.is_relative_to(project.root):
        of_theme.append(starter() / "locales")
    source = cldr.locale_of(project.source_locale)
    for name in project.locales:
        locale = cldr.locale_of(name)
        is_source = _is_source(project.source_locale, name)
        for domain in (THEME_DOMAIN, *leaflets):
            with problems.collect():
                if domain == THEME_DOMAIN:
                    read = Catalogs(of_theme, domain, locale, Locale("en"), _is_source_of_themes(name))
                else:
                    read = Catalogs([project.locales_folder], domain, locale, source, is_source)
                project.catalogs[domain, name] = read
    for name in cldr.PSEUDO_LOCALES:
        project.catalogs[THEME_DOMAIN, name] = PseudoCatalogs(name, Locale("en"))
        project.catalogs.update(((domain, name), PseudoCatalogs(name, source)) for domain in leaflets)
