"""The words by which the parts of a page are known, from `data/drafting/` and the theme's standard headings."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

from babel import Locale

from polyleaf.project import starter
from polyleaf.theme import load_theme
from polyleaf.translation.lexicon import Patterns

CONTENTS = "table of contents"
BYLINE = "byline"
_ABOUT_NOTHING = "none"
_SIGNS = {">>": "advertising", "»»": "advertising", "©": "notice of the web site"}


@dataclass(frozen=True)
class Words:
    """What is known of one language. `tables` is its file; `standard` are the headings that leaflets have."""

    locale: Locale
    tables: Mapping[str, Any]
    standard: Mapping[str, str]

    def sections(self, heading: str) -> list[str]:
        """The keys of the sections that a heading stands for, in its order; none where its words are not known."""
        exact = [key for key, text in self.standard.items() if _bare(text) == _bare(heading)]
        if exact:
            return exact[:1]
        keys = _labels(self._headings, heading)
        certain = [key for key in keys if key not in ("about", _ABOUT_NOTHING)]  # "What is it used for?" is no "about"
        return certain or [key for key in keys if key == "about"]

    def cues(self, text: str) -> list[str]:
        """The keys of the sections that a paragraph below a heading of several can belong to."""
        return _labels(self._cues, text)

    def furniture(self, text: str) -> list[str]:
        """The reasons for which a text may be left out, one for each phrase that gives it."""
        found = []
        for match in self._furniture.find(text):
            for label in sorted(match.labels):
                begins = not any(char.isalnum() for char in text[: match.start])
                whole = begins and not any(char.isalnum() for char in text[match.end :])
                if (label != BYLINE or begins) and (label != CONTENTS or whole):
                    found.append(label)
        return found + [label for sign, label in _SIGNS.items() if sign in text]

    def doubtful(self, text: str) -> list[str]:
        """What a text may be that is better looked at by an editor."""
        return _labels(self._doubtful, text)

    def words(self, name: str) -> frozenset[str]:
        """A list about quantities."""
        return frozenset(self.tables["quantities"][name])

    @cached_property
    def _headings(self) -> Patterns:
        return self._patterns("headings")

    @cached_property
    def _cues(self) -> Patterns:
        return self._patterns("cues")

    @cached_property
    def _furniture(self) -> Patterns:
        return self._patterns("furniture")

    @cached_property
    def _doubtful(self) -> Patterns:
        return self._patterns("doubtful")

    def _patterns(self, table: str) -> Patterns:
        labelled = [(pattern, label) for label, patterns in self.tables[table].items() for pattern in patterns]
        return Patterns(labelled, str(self.locale.language))


def _labels(patterns: Patterns, text: str) -> list[str]:
    return list(dict.fromkeys(_flat(sorted(match.labels) for match in patterns.find(text))))


def _flat(lists: Iterable[list[str]]) -> Iterable[str]:
    return (label for labels in lists for label in labels)


def _bare(text: str) -> str:
    return text.casefold().strip(" :?!.")


@cache
def words_of(locale: Locale) -> Words | None:
    """What is known of a locale's language; None where it has no file."""
    path = files("polyleaf").joinpath("data", "drafting", f"{locale.language}.toml")
    if not path.is_file():
        return None
    theme = load_theme(starter() / "templates/themes/default")
    headings = {key: message.msgid for key, message in theme.headings.items()}
    return Words(locale, tomllib.loads(path.read_text(encoding="utf-8")), headings)
