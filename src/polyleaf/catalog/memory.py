"""A translation memory out of a project's own catalogs: what was translated once is offered again, to be confirmed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

from polyleaf.catalog.document import PoDocument, PoEntry, Previous

_NEAR = 0.75  # characters in common, of both sentences; below it a suggestion is more work than a blank


@dataclass(frozen=True)
class Match:
    """A confirmed translation of the same or nearly the same sentence. `likeness` is 1 where it is the same."""

    domain: str
    entry: PoEntry
    likeness: float


class Memory:
    """The confirmed translations of one locale, over all contexts and leaflets."""

    def __init__(self, documents: Iterable[PoDocument]) -> None:
        self._known: list[tuple[str, PoEntry]] = []
        self._exact: dict[tuple[str, str], tuple[str, PoEntry]] = {}
        for document in documents:
            for entry in document.entries:
                if not entry.obsolete and not entry.fuzzy and all(entry.msgstr.values()):
                    self._known.append((document.path.stem, entry))
                    self._exact.setdefault(_text(entry), (document.path.stem, entry))

    def match(self, wanted: PoEntry) -> Match | None:
        """The likest translation, if one is near enough."""
        if found := self._exact.get(_text(wanted)):
            return Match(*found, 1.0)
        best: Match | None = None
        matcher = SequenceMatcher(b=wanted.msgid, autojunk=False)
        for domain, entry in self._candidates(wanted):
            least = best.likeness if best else _NEAR
            matcher.set_seq1(entry.msgid)
            if matcher.real_quick_ratio() > least and matcher.quick_ratio() > least and matcher.ratio() > least:
                best = Match(domain, entry, matcher.ratio())
        return best

    def _candidates(self, wanted: PoEntry) -> Iterator[tuple[str, PoEntry]]:
        return (
            (domain, entry)
            for domain, entry in self._known
            if (entry.msgid_plural is None) == (wanted.msgid_plural is None) and len(entry.msgstr) == len(wanted.msgstr)
        )


def suggest(document: PoDocument, memory: Memory) -> Iterator[PoEntry]:
    """Fill what is not translated with what is like it, as fuzzy and with its origin; yields the entries."""
    for entry in document.entries:
        if not entry.obsolete and not entry.translated and (match := memory.match(entry)):
            origin = match.entry
            entry.change(
                msgstr=dict(origin.msgstr),
                flags=("fuzzy", *(flag for flag in entry.flags if flag != "fuzzy")),
                previous=Previous(origin.msgctxt, origin.msgid, origin.msgid_plural),
                comments=(*entry.comments, f" Suggested by Polyleaf from {match.domain}, {_percent(match)} alike."),
            )
            yield entry


def _text(entry: PoEntry) -> tuple[str, str]:
    return entry.msgid, entry.msgid_plural or ""


def _percent(match: Match) -> str:
    return f"{int(match.likeness * 100)}%"  # never 100% where it is not the same
