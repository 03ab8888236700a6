"""The repository's catalogs are whole, well-formed, and say how they came about."""

from __future__ import annotations

import re
import subprocess
from gettext import c2py  # the standard library reads plural expressions as gettext does
from pathlib import Path

import polib
import pytest
from babel import Locale, localedata
from conftest import LEAFLETS, LOCALES, REPOSITORY

from polyleaf.catalog.extract import theme_messages
from polyleaf.catalog.plurals import categories, plural_forms_header
from polyleaf.leaflet import load_leaflet
from polyleaf.theme import load_theme

DOMAINS = ("polyleaf", *LEAFLETS)


def catalog(locale: str, domain: str) -> Path:
    return REPOSITORY / "locales" / locale / "LC_MESSAGES" / f"{domain}.po"


def messages(domain: str) -> list[tuple[str, str]]:
    if domain == "polyleaf":
        return [message.key for message in theme_messages(load_theme(REPOSITORY / "templates/themes/default"))]
    return [message.key for message in load_leaflet(REPOSITORY / f"templates/leaflets/{domain}.md").messages]


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("locale", LOCALES)
def test_a_catalog_has_every_message_in_the_order_of_the_document(locale: str, domain: str) -> None:
    entries = polib.pofile(str(catalog(locale, domain)))
    assert [(entry.msgctxt, entry.msgid) for entry in entries] == messages(domain)
    for entry in entries:
        assert not entry.fuzzy
        assert all(entry.msgstr_plural.values()) if entry.msgid_plural else entry.msgstr
        assert ("python-brace-format" in entry.flags) == ("{" in entry.msgid)


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("locale", LOCALES)
def test_gettext_itself_finds_nothing_wrong(locale: str, domain: str) -> None:
    command = ["msgfmt", "--check-format", "--check-domain", "-o", "/dev/null", catalog(locale, domain)]
    run = subprocess.run(command, check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("domain", DOMAINS)
@pytest.mark.parametrize("locale", LOCALES)
def test_a_catalog_says_that_a_machine_drafted_it(locale: str, domain: str) -> None:
    entries = polib.pofile(str(catalog(locale, domain)))
    assert "Drafted by machine" in entries.header
    assert entries.metadata["X-Polyleaf-Origin"].startswith("machine-drafted")
    assert entries.metadata["Plural-Forms"] == plural_forms_header(Locale.parse(locale))


@pytest.mark.parametrize("domain", LEAFLETS)
@pytest.mark.parametrize("locale", LOCALES)
def test_no_number_is_typed_into_a_translation(locale: str, domain: str) -> None:
    for entry in polib.pofile(str(catalog(locale, domain))):
        for text in (entry.msgstr, *entry.msgstr_plural.values()):
            assert not re.search(r"\d", re.sub(r"\{\w+\}|\[@\w+\]", "", text)), text


@pytest.mark.parametrize("locale", LOCALES)
def test_one_source_is_translated_in_one_way_in_every_leaflet(locale: str) -> None:
    seen: dict[tuple[str, str], str] = {}
    for domain in LEAFLETS:
        for entry in polib.pofile(str(catalog(locale, domain))):
            if not entry.msgid_plural:
                assert seen.setdefault((entry.msgctxt, entry.msgid), entry.msgstr) == entry.msgstr


@pytest.mark.parametrize("name", sorted(localedata.locale_identifiers()))
def test_the_plural_header_agrees_with_cldr_in_every_locale(name: str) -> None:
    """As gettext evaluates it, which knows n alone."""
    locale = Locale.parse(name)
    count, expression = re.fullmatch(r"nplurals=(\d+); plural=(.*);", plural_forms_header(locale)).groups()  # type: ignore[union-attr]
    assert not re.search(r"[a-mo-z]", expression)
    used = categories(locale)
    assert int(count) == len(used)
    plural = c2py(expression)
    for n in (*range(0, 130), 1000, 1_000_000):
        assert used[plural(n)] == locale.plural_form(n), n
