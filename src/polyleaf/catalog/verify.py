"""What is asked of a catalog's translations: all of it for a person who checks them, and what keeps one from being
published for a build.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel import Locale

from polyleaf import markdown
from polyleaf.catalog.read import Entry
from polyleaf.finding import Finding, shortened
from polyleaf.model import Message, Waiver
from polyleaf.rule import Rule, rule_of
from polyleaf.translation.pair import Fault, Pair, Syntax, Text
from polyleaf.translation.rules import PAIR_RULES, faults
from polyleaf.waivers import UNUSED, WITHOUT_REASON, after_waivers, holds

LEAFLET = Syntax(markdown=True)
"""How a leaflet's messages are written."""

MISSING = rule_of(
    "T101",
    "missing",
    "error",
    """A message is not translated.

    Why: a leaflet is in one language, or it is not given out; nothing is shown in place of a translation.

    Instead: translate it. To see the rest meanwhile, build with --draft.

    Source: GNU gettext manual, "Untranslated Entries".
    """,
)
FUZZY = rule_of(
    "T102",
    "fuzzy",
    "error",
    """A translation is marked as fuzzy: nobody has confirmed it.

    Why: it was made for another source, or suggested from another leaflet, and may say something else.

    Instead: compare it with the source, correct it, and remove its fuzzy flag.

    Source: GNU gettext manual, "Fuzzy Entries".
    """,
)
RULES: tuple[Rule, ...] = (MISSING, FUZZY, *(known.rule for known in PAIR_RULES), WITHOUT_REASON, UNUSED)


@dataclass(frozen=True)
class Subject:
    """One message and its entry in a catalog, if it has one."""

    message: Message
    entry: Entry | None
    path: Path
    locale: Locale
    source: Locale
    syntax: Syntax = LEAFLET

    def finding(self, rule: Rule, text: str, hint: str, fault: Fault | None = None, form: str = "") -> Finding:
        """A finding with the place of the entry. `form` is the text of the translation that it is about."""
        return Finding(
            rule.code,
            (fault.severity if fault else None) or rule.severity,
            text,
            hint,
            self.path.as_posix(),
            self.entry.line if self.entry else 0,
            locale=str(self.locale),
            msgctxt=self.message.msgctxt,
            msgid=self.message.msgid,
            msgstr=form,
            # Of a message with a plural it is the plural that a translation is held against.
            msgid_span=fault.source_span if fault and not self.message.msgid_plural else None,
            msgstr_span=fault.target_span if fault else None,
        )


@lru_cache(maxsize=1 << 16)  # every clinic asks, and a project that is watched asks again and again
def verify(subject: Subject) -> tuple[Finding, ...]:
    """What keeps a translation from being published."""
    found = _found(subject, blocking=True)
    waived = {waiver.code for waiver in _waivers(subject) if holds(waiver)}
    return tuple(finding for finding in found if finding.severity == "error" and finding.code not in waived)


def examine(subject: Subject, more: Iterable[Finding] = ()) -> Iterator[Finding]:
    """All that is to be said of a translation, with `more` that was found of it elsewhere, after its waivers."""
    found = [*_found(subject), *more]

    def note(rule: Rule, text: str, waiver: Waiver) -> Finding:
        hint = "delete the line" if rule is UNUSED else "write: # polyleaf: allow T112 and why"
        return subject.finding(rule, text, hint)

    yield from after_waivers(found, _waivers(subject), note)


def _waivers(subject: Subject) -> tuple[Waiver, ...]:
    return subject.entry.waivers if subject.entry else ()


def _found(subject: Subject, blocking: bool = False) -> list[Finding]:
    entry, msgid = subject.entry, subject.message.msgid
    if entry is None or any(_is_blank(text, subject.syntax) for text in entry.forms.values()):
        hint = "translate it, or build with --draft"
        return [subject.finding(MISSING, f"not translated: {shortened(msgid)}", hint)]
    if entry.fuzzy:
        hint = "confirm the translation and remove its fuzzy flag"
        return [subject.finding(FUZZY, f"fuzzy: {shortened(msgid)}", hint, form=entry.forms.get("other", ""))]
    found = []
    for form in dict.fromkeys(entry.forms.values()):
        pair, alternative = pairs(subject, form)
        rules = [known for known in PAIR_RULES if known.blocks(pair)] if blocking else PAIR_RULES
        for rule, fault in faults(pair, alternative, rules):
            text = f"{fault.message}: {shortened(form)}"
            found.append(subject.finding(rule.rule, text, fault.hint, fault, form))
    return list(dict.fromkeys(found))


def is_confirmed(entry: Entry, syntax: Syntax) -> bool:
    """Whether a person stands for every form of a translation, so that what it says can be judged."""
    return not entry.fuzzy and not any(_is_blank(text, syntax) for text in entry.forms.values())


def _is_blank(text: str, syntax: Syntax) -> bool:
    """Whether a translation would show nothing."""
    return markdown.is_blank(text) if syntax.markdown else not text


def pairs(subject: Subject, form: str) -> tuple[Pair, Pair | None]:
    """A form of a translation with its source: the plural where there is one, else the singular as another way."""
    message, target = subject.message, Text(form, subject.locale, subject.syntax)
    plural = bool(message.msgid_plural)
    sources = [text for text in (message.msgid_plural, message.msgid) if text]
    made = [Pair(Text(text, subject.source, subject.syntax), target, message.msgctxt, plural) for text in sources]
    return made[0], made[1] if len(made) > 1 else None
