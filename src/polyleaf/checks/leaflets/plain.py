"""L3xx: whether a leaflet is written so that people read it, and can do what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from polyleaf.checks.leaflets.reading import grade_of
from polyleaf.checks.leaflets.subject import Remark, Said, Subject, rule
from polyleaf.finding import shortened
from polyleaf.leaflet import block_messages
from polyleaf.model import Section
from polyleaf.translation.lexicon import WITHOUT_SPACES

_ENDS = (".", "!", "?", ":", "…", "。", "؟", "।")
_ENOUGH = 60
"""Words from which on a section's grade says something."""


@rule("L301", "long-sentence", "warning")
def long_sentence(subject: Subject) -> Iterator[Remark]:
    """A sentence has more words than the project allows.

    Why: who reads slowly has forgotten its beginning at its end.

    Instead: make it two, or a list. The limit is `reading = {sentence = 20}` in the configuration. A list of words in a
    cell of a table is no sentence.

    Source: NHS service manual, how we write (short sentences); Oxford Guide to Plain English (15 to 20 words).
    """
    if subject.locale.language in WITHOUT_SPACES:
        return
    for said in (*subject.headings, *subject.texts):
        for start, end in said.sentences:
            sentence = subject.plain(said.message.msgid[start:end])
            words = len(sentence.split())
            if words > subject.reading.sentence and (len(said.row) == 1 or sentence.endswith(_ENDS)):
                text = f"a sentence of {words} words, and {subject.reading.sentence} are allowed: {shortened(sentence)}"
                yield Remark(text, "make it two sentences, or a list", said=said, span=(start, end))


@rule("L302", "reading-grade", "warning")
def reading_grade(subject: Subject) -> Iterator[Remark]:
    """The leaflet is harder to read than the project allows.

    Why: half of all adults read no better than a child of 11 (grade 6), and people in pain or fear read worse.

    Instead: shorten sentences, and take shorter words. The target is `reading = {grade = 6}` in the configuration, in
    years of school. English is measured by the Automated Readability Index, German by the first Vienna formula for
    factual texts, and Spanish, French, Italian, Dutch and Russian by their forms of Flesch's reading ease, read as
    grades by Flesch's own table. Other languages are not measured.

    Source: NHS service manual (a reading age of 9 to 11, else 11 to 14); textstat.
    """
    text = _prose(subject, subject.sections)
    grade = grade_of(text, subject.locale) if text else None
    if grade is not None and grade > subject.reading.grade:
        said = f"it takes grade {grade:.1f} to read, and {subject.reading.grade:g} is the target"
        yield Remark(said, "shorten sentences, and take shorter words", subject.leaflet.title.line)


@rule("L303", "section-grade", "note")
def section_grade(subject: Subject) -> Iterator[Remark]:
    """A section is harder to read than the project allows.

    Why: it is the part of the leaflet where readers give up.

    Instead: shorten its sentences, and take shorter words. Sections of fewer than 60 words are not measured.

    Source: as of L302.
    """
    for section in subject.leaflet.sections:
        text = _prose(subject, (section, *section.parts))
        grade = grade_of(text, subject.locale) if len(text.split()) >= _ENOUGH else None
        if grade is not None and grade > subject.reading.grade:
            said = f"{section.key!r} takes grade {grade:.1f} to read, and {subject.reading.grade:g} is the target"
            yield Remark(said, "shorten sentences, and take shorter words", section.line)


def _prose(subject: Subject, sections: Iterable[Section]) -> str:
    """What a reader sees, with a full stop behind each text and no point inside a number."""
    messages = (text for section in sections for block in section.blocks for text in block_messages(block))
    texts = (re.sub(r"(?<=\d)\.(?=\d)", "", subject.plain(message.msgid)) for message in messages)
    return " ".join(text if text.endswith(_ENDS) else f"{text}." for text in texts)


@rule("L311", "vague-instruction", "warning")
def vague_instruction(subject: Subject) -> Iterator[Remark]:
    """An instruction for after the treatment leaves open what to do, or for how long.

    Why: "a few days" is two to one reader, and ten to another.

    Instead: say what, when and for how long, with a value: "Rest for {rest}".

    Source: PEMAT-P (items 20 to 22: actions are said plainly, in manageable steps); CDC Clear Communication Index.
    """
    return _instructions(subject, "vague", "say what to do, and for how long")


@rule("L312", "passive-instruction", "warning")
def passive_instruction(subject: Subject) -> Iterator[Remark]:
    """An instruction for after the treatment does not speak to the reader.

    Why: "should be worn" does not say who does it, and readers take it for advice to somebody else.

    Instead: tell the reader: "Wear it for {stocking}".

    Source: PEMAT-P (items 5 and 21: active voice, addresses the reader); NHS service manual.
    """
    return _instructions(subject, "passive", "tell the reader what to do")


def _instructions(subject: Subject, kind: str, hint: str) -> Iterator[Remark]:
    for said in subject.within("aftercare"):
        for match in subject.words.find("instructions", said.text.masked, kind):
            yield _about(said, match.start, match.end, hint)


def _about(said: Said, start: int, end: int, hint: str) -> Remark:
    text = f'"{said.text.text[start:end]}": {shortened(said.message.msgid)}'
    return Remark(text, hint, said=said, span=(start, end))


@rule("L321", "jargon", "warning")
def jargon(subject: Subject) -> Iterator[Remark]:
    """A word of the clinic stands without plain words for it.

    Why: a reader who does not know it stops, or takes it for something else.

    Instead: write the plain words, or both: "phlebitis (a sore vein)". The words are in `templates/jargon.csv`, a list
    of the project's own; without it nothing is found.

    Source: NHS service manual, A to Z of NHS health writing; PEMAT-P (items 3 and 4).
    """
    for said in (*subject.headings, *subject.texts):
        for word, match in subject.jargon.unexplained(said.text) if subject.jargon else ():
            yield _about(said, match.start, match.end, f'say "{word.plain[0].strip("*")}", or add it in brackets')
