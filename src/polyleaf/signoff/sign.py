"""Signing: who may, what keeps from it, and the record of it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from polyleaf import cldr
from polyleaf.approvals import digest_of, keep
from polyleaf.catalog.document import read_document
from polyleaf.catalog.upkeep import path_of
from polyleaf.config import unwanted
from polyleaf.errors import Problems
from polyleaf.model import Approval
from polyleaf.project import Project
from polyleaf.reading import Reading

_TITLES = frozenset(
    ["dr", "prof", "professor", "doctor", "mr", "mrs", "ms", "miss", "mx", "sir", "dame", "herr", "frau", "md", "phd"]
)
_NOBODY = {"full name", "name", "translator", "automatically generated", "unknown", "n/a", "none"}


def check_signer(project: Project, leaflet: str, locale: str, by: str, role: str, expires: date | None) -> None:
    """Raise `PolyleafError` with all that keeps a person from signing, but for what the checks find."""
    problems = Problems()
    for option, said in (("--by", by), ("--role", role)):
        if not said.strip():
            problems.add(f"{option} is empty", hint=f'write {option} "..."')
        for char in unwanted(said) + ["a line end"] * ("\n" in said):
            problems.add(f"{char} does not belong in {option}")
    if expires and expires < project.today:
        problems.add(f"an approval until {expires.isoformat()} is past already", hint="give a later day to --expires")
    if locale in cldr.PSEUDO_LOCALES:
        problems.add(f"{locale} is a pseudo-locale, which nobody approves")
    for translator in () if locale == project.source_locale else translators(project, leaflet, locale):
        if is_same_person(by, translator):
            hint = "another person approves what one has translated"
            path = path_of(project.locales_folder, locale, leaflet)
            problems.add(f"the catalog names {translator} as its translator", path, 1, hint)
    problems.raise_if_any()


def translators(project: Project, leaflet: str, locale: str) -> tuple[str, ...]:
    """Who translated a leaflet, as far as its catalog names somebody (its header `Last-Translator`)."""
    path = path_of(project.locales_folder, locale, leaflet)
    if not path.is_file():
        return ()
    said = read_document(path).metadata.get("Last-Translator", "").strip()
    return (said,) if said and _name(said) not in _NOBODY else ()


def is_same_person(one: str, other: str) -> bool:
    """Whether two ways of naming somebody mean one person: `Dr A. Haddad` and `Amal Haddad <amal@clinic.example>`.

    Titles and capitals make no difference, an initial stands for a name, and one address is enough.
    """
    addresses = [set(re.findall(r"[\w.+-]+@[\w.-]+", name.casefold())) for name in (one, other)]
    if addresses[0] & addresses[1]:
        return True
    names = [_name(name).split() for name in (one, other)]
    shorter, longer = sorted(names, key=len)
    return bool(shorter) and all(any(_is_short_for(word, of) for of in longer) for word in shorter)


def _is_short_for(word: str, of: str) -> bool:
    return word == of or (1 in (len(word), len(of)) and word[0] == of[0])


def _name(said: str) -> str:
    """A name in small letters without its title, its address and its accents."""
    plain = unicodedata.normalize("NFKD", re.sub(r"<[^>]*>|\([^)]*\)|\S+@\S+", " ", said).casefold())
    words = re.findall(r"\w+", "".join(char for char in plain if not unicodedata.combining(char)))
    return " ".join(word for word in words if word not in _TITLES)


def sign(project: Project, read: Reading, by: str, role: str, expires: date | None) -> Approval:
    """Record that somebody approves what was read. Raises `PolyleafError` where the approvals are broken by now."""
    record = read.record()
    version = project.leaflets[read.leaflet].version
    approval = Approval(
        read.leaflet, version, by.strip(), role.strip(), project.today, digest_of(record), expires, record
    )
    keep(project.locales_folder, read.locale, approval, project.leaflets)
    return approval
