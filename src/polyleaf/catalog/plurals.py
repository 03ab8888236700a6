"""Plural forms of catalogs by CLDR, not by gettext's or Babel's own tables, which disagree with it."""

from __future__ import annotations

import re

from babel import Locale
from babel.plural import to_gettext

_ORDER = ("zero", "one", "two", "few", "many", "other")


def categories(locale: Locale) -> tuple[str, ...]:
    """The locale's plural categories in CLDR's order, which is the order of `msgstr[0]`, `msgstr[1]`, ..."""
    used = set(locale.plural_form.tags) | {"other"}
    return tuple(category for category in _ORDER if category in used)


def plural_forms_header(locale: Locale) -> str:
    """The `Plural-Forms` header that goes with `categories`."""
    # gettext knows n alone. CLDR's operand e is the exponent of "1.2e6", which whole numbers do not have.
    return re.sub(r"\be\b", "0", to_gettext(locale.plural_form))


def forms_of_header(header: str) -> int | None:
    """How many forms a `Plural-Forms` header says that there are; None if it does not say."""
    match = re.search(r"nplurals\s*=\s*(\d+)", header)
    return int(match[1]) if match else None
