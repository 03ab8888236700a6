"""Brings a catalog up to its source: what is unchanged stays as it stands, to the last byte."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from polyleaf import markdown
from polyleaf.catalog.document import PoDocument, PoEntry, Previous
from polyleaf.model import Message

_ALIKE = 0.6  # from which on a changed sentence is taken for the old one, as in gettext's msgmerge
_BRACES = "python-brace-format"

Typo = Callable[[str, str], bool]
"""Whether a change from one msgid to another only corrects spelling, so that its translations still hold."""


@dataclass
class Changes:
    """What an update did, by the key of each message."""

    added: list[tuple[str, str]] = field(default_factory=list)
    suggested: list[tuple[str, str]] = field(default_factory=list)
    carried: list[tuple[str, str]] = field(default_factory=list)
    removed: list[tuple[str, str]] = field(default_factory=list)
    revived: list[tuple[str, str]] = field(default_factory=list)
    described: list[tuple[str, str]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return any((self.added, self.suggested, self.carried, self.removed, self.revived, self.described))


def update(
    document: PoDocument, messages: Sequence[Message], forms: int, is_typo: Typo = lambda old, new: False
) -> Changes:
    """Make a document hold these messages, in their order as far as they are new; `forms` are its plural forms.

    A message whose source changed keeps its translation as a fuzzy suggestion, with the source that it was made of; one
    of another context is never taken. A message that is gone becomes obsolete, and comes back with its source.
    """
    changes = Changes()
    live = {entry.key: entry for entry in document.entries if not entry.obsolete}
    dead = {entry.key: entry for entry in document.entries if entry.obsolete and entry.translated}
    wanted = {message.key for message in messages}
    gone = [entry for key, entry in live.items() if key not in wanted]
    new = [message for message in messages if message.key not in live and message.key not in dead]
    heirs = _heirs(gone, new)
    before: PoEntry | None = None
    for message in messages:
        entry = live.get(message.key)
        if entry is None and message.key in dead:
            entry = dead[message.key]
            document.remove(entry)
            entry.change(obsolete=False)
            document.insert(entry, before)
            changes.revived.append(message.key)
        elif entry is None and message.key in heirs:
            entry = heirs[message.key]
            _follow(entry, message, is_typo, changes)
        elif entry is None:
            entry = new_entry(message, forms)
            document.insert(entry, before)
            changes.added.append(message.key)
        elif (entry.msgid_plural or "") != message.msgid_plural:
            _count_anew(entry, message, forms)
            changes.suggested.append(message.key)
        elif _describe(entry, message):
            changes.described.append(message.key)
        before = entry
    inherited = {id(entry) for entry in heirs.values()}
    _bury(document, [entry for entry in gone if id(entry) not in inherited], changes)
    return changes


def _heirs(gone: Sequence[PoEntry], new: Sequence[Message]) -> dict[tuple[str, str], PoEntry]:
    """Which entry without a source goes on as which new message: the most alike first, within a context."""
    by_context: dict[str, list[PoEntry]] = defaultdict(list)
    for entry in gone:
        if entry.translated:
            by_context[entry.msgctxt or ""].append(entry)
    pairs = []
    for position, message in enumerate(new):
        matcher = SequenceMatcher(b=message.msgid, autojunk=False)
        for entry in by_context[message.msgctxt]:
            if (entry.msgid_plural is None) == (not message.msgid_plural):
                matcher.set_seq1(entry.msgid)
                if matcher.quick_ratio() >= _ALIKE and (likeness := matcher.ratio()) >= _ALIKE:
                    pairs.append((-likeness, position, message, entry))
    heirs: dict[tuple[str, str], PoEntry] = {}
    taken: set[int] = set()
    for _, _, message, entry in sorted(pairs, key=lambda pair: pair[:2]):
        if message.key not in heirs and id(entry) not in taken:
            heirs[message.key] = entry
            taken.add(id(entry))
    return heirs


def _follow(entry: PoEntry, message: Message, is_typo: Typo, changes: Changes) -> None:
    """Let an entry go on under a changed source."""
    typo = is_typo(entry.msgid, message.msgid)
    if typo:
        entry.change(msgid=message.msgid, msgid_plural=message.msgid_plural or None)
        changes.carried.append(message.key)
    else:
        # A suggestion that was never confirmed is still of the source before the last.
        source = (
            entry.previous if entry.fuzzy and entry.previous.msgid else Previous(None, entry.msgid, entry.msgid_plural)
        )
        entry.change(
            msgid=message.msgid,
            msgid_plural=message.msgid_plural or None,
            previous=source,
            flags=("fuzzy", *(flag for flag in entry.flags if flag != "fuzzy")),
        )
        changes.suggested.append(message.key)
    _describe(entry, message)


def _count_anew(entry: PoEntry, message: Message, forms: int) -> None:
    """A message that got a plural, lost it, or has another one: what was translated is a suggestion for each form."""
    texts = [
        entry.msgstr.get(number) or entry.msgstr.get(0, "") for number in range(forms if message.msgid_plural else 1)
    ]
    flags = tuple(flag for flag in entry.flags if flag != "fuzzy")
    entry.change(
        previous=Previous(None, entry.msgid, entry.msgid_plural) if entry.translated else entry.previous,
        flags=("fuzzy", *flags) if entry.translated else flags,
        msgid_plural=message.msgid_plural or None,
        msgstr=dict(enumerate(texts)),
    )
    _describe(entry, message)


def _describe(entry: PoEntry, message: Message) -> bool:
    """Bring the program's own comments and flags up to date; those of people stay."""
    flags = tuple(flag for flag in entry.flags if flag != _BRACES or _flags(message))
    missing = tuple(flag for flag in _flags(message) if flag not in flags)
    return entry.change(extracted=_extracted(message), flags=(*flags, *missing))


def _extracted(message: Message) -> tuple[str, ...]:
    return tuple(line.strip() for line in message.comment.split("\n")) if message.comment else ()


def _flags(message: Message) -> tuple[str, ...]:
    return (_BRACES,) if markdown.placeholders(message.msgid) or markdown.placeholders(message.msgid_plural) else ()


def new_entry(message: Message, forms: int) -> PoEntry:
    """An entry without a translation."""
    return PoEntry(
        message.msgid,
        dict.fromkeys(range(forms if message.msgid_plural else 1), ""),
        message.msgctxt or None,
        message.msgid_plural or None,
        extracted=_extracted(message),
        flags=_flags(message),
    )


def _bury(document: PoDocument, entries: Sequence[PoEntry], changes: Changes) -> None:
    """A translation without a source waits at the end of the file; what was never translated goes."""
    document.remove(*entries)
    for entry in entries:
        changes.removed.append(entry.key)
        if entry.translated:
            entry.change(obsolete=True, extracted=(), references=())
            document.append(entry)
