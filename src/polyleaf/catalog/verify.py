"""What keeps one translation from being published: the least that is asked of every build."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from babel import Locale

from polyleaf import markdown
from polyleaf.catalog.numbers import numbers, says_numbers_in_words
from polyleaf.catalog.read import Catalog, Entry
from polyleaf.finding import Finding
from polyleaf.model import Message


def verify(
    message: Message, entry: Entry | None, catalog: Catalog, locale: Locale, source: Locale
) -> Iterator[Finding]:
    """Yield what keeps a translation from being published.

    T101: it is missing. T102: it is fuzzy, so nobody has confirmed it. T103: a placeholder was lost, added or doubled,
    so that a number would be missing or wrong. T104: a citation was lost, added or doubled. T105: a number in digits
    is another one, is missing, or is there though the source says none; compared by value (CLDR, number symbols).
    """

    def finding(code: str, text: str, hint: str) -> Finding:
        return Finding(
            code,
            "error",
            text,
            hint,
            catalog.path.as_posix(),
            entry.line if entry else 0,
            locale=str(locale),
            msgctxt=message.msgctxt,
            msgid=message.msgid,
        )

    if entry is None or any(markdown.is_blank(text) for text in entry.forms.values()):
        yield finding("T101", f"not translated: {_short(message.msgid)}", "translate it, or build with --draft")
        return
    if entry.fuzzy:
        yield finding("T102", f"fuzzy: {_short(message.msgid)}", "confirm the translation and remove its fuzzy flag")
        return
    for text in entry.forms.values():
        for code, names, what, write in (
            ("T103", markdown.placeholders, "placeholder", "{{{}}}"),
            ("T104", markdown.citations, "citation", "[@{}]"),
        ):
            for name, change in _differences(names(message.msgid), names(text)):
                yield finding(
                    code, f"{what} {write.format(name)} {change}: {_short(text)}", "keep each as the source has it"
                )
        if not message.msgid_plural:
            for number, change in _number_differences(message.msgid, text, locale, source):
                hint = "say each number as the source does, in digits; a quantity is best a value of the leaflet"
                yield finding("T105", f"the number {number:f} {change}: {_short(text)}", hint)


def _number_differences(msgid: str, text: str, locale: Locale, source: Locale) -> Iterator[tuple[Decimal, str]]:
    wanted, found = Counter(numbers(msgid, source)), Counter(numbers(text, locale))
    for number in wanted - found:
        yield number.normalize(), "is not in the translation"
    if not says_numbers_in_words(msgid, source):
        for number in found - wanted:
            yield number.normalize(), "is not in the source"


def _differences(source: list[str], translation: list[str]) -> Iterator[tuple[str, str]]:
    wanted, found = Counter(source), Counter(translation)
    for name in dict.fromkeys([*source, *translation]):
        if found[name] < wanted[name]:
            yield name, "was lost"
        elif name not in wanted:
            yield name, "is not in the source"
        elif found[name] > wanted[name]:
            yield name, "is there too often"


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57].rstrip() + "..."
