"""L20x and L23x: whether a leaflet says where its statements come from, and what a patient must be told."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from polyleaf import markdown
from polyleaf.checks.leaflets.subject import Remark, Said, Subject, rule
from polyleaf.errors import nearest
from polyleaf.finding import shortened
from polyleaf.model import Block, ListBlock, Paragraph, Section, Table
from polyleaf.sections import SECTIONS

_CLINICAL = frozenset(SECTIONS) - {"preparation", "questions", "checklist"}
"""The sections whose statements rest on sources."""
_INTRODUCES = (":", "：")
_ASKS = ("?", "？", "؟", ";", ";")


# Sources -------------------------------------------------------------------------------------------------------------


@rule("L201", "no-source", "warning")
def no_source(subject: Subject) -> Iterator[Remark]:
    """A clinical statement cites no source.

    Why: a reviewer cannot check what nobody can look up, and a reader cannot read on.

    Instead: cite the source behind the statement, as in [@nice]. A row of a table needs one citation, and so do the
    steps of a numbered list; a line that introduces a list ("... if: [@nice]") can cite for all of it. What the clinic
    does or asks, questions, and lines that introduce something are no statements.

    Source: NHS England, standard for creating health content (references); PIF TICK.
    """
    for section in subject.sections:
        if section.key.partition(".")[0] not in _CLINICAL:
            continue
        statements = list(_statements(subject, section))
        bare = [said for said in statements if not _cites(said)]
        if len(bare) == len(statements) > 1:
            text = f"none of the {len(bare)} statements of {section.key!r} cites a source"
            yield Remark(text, "cite what each rests on, as in [@key]", section.line)
            continue
        for said in bare:
            yield Remark(
                f"no source: {shortened(said.message.msgid)}", "cite what it rests on, as in [@key]", said=said
            )


def _statements(subject: Subject, section: Section) -> Iterator[Said]:
    """The texts of a section that state something, without those of its parts; of a row of a table its first cell."""
    for before, block in pairwise((None, *section.blocks)):
        assert block is not None
        if before is not None and not isinstance(block, Paragraph) and _introduces_with_source(subject, before):
            continue
        said = subject.said(section, block)
        if isinstance(block, Table):
            yield from (cell for cell in said[len(block.header) :] if cell.message is cell.row[0])
        elif isinstance(block, ListBlock) and block.ordered and any(map(_cites, said)):
            yield next(filter(_cites, said))
        else:
            yield from (text for text in said if _states(subject, text))


def _introduces_with_source(subject: Subject, block: Block) -> bool:
    """Whether a block is a line that introduces what follows, and cites for all of it."""
    return (
        isinstance(block, Paragraph)
        and bool(markdown.citations(block.text.msgid))
        and subject.plain(block.text.msgid).endswith(_INTRODUCES)
    )


def _states(subject: Subject, said: Said) -> bool:
    """Whether one of its sentences states something."""
    for start, end in said.sentences:
        sentence = said.text.masked[start:end]
        introduces = sentence.endswith((*_INTRODUCES, *_ASKS))
        if not introduces and not subject.words.find("statements", sentence):
            return True
    return False


def _cites(said: Said) -> bool:
    return any(markdown.citations(cell.msgid) for cell in said.row)


@rule("L202", "unused-source", "warning")
def unused_source(subject: Subject) -> Iterator[Remark]:
    """A source is named in the front matter, and no text cites it.

    Why: it is not printed, and whoever reviews the leaflet cannot tell what rests on it.

    Instead: cite it where a statement rests on it, or remove it.

    Source: this program.
    """
    cited = _cited(subject)
    for source in subject.leaflet.sources:
        if source.key not in cited:
            text = f"the source {source.key!r} is never cited"
            yield Remark(text, f"write [@{source.key}], or remove it", subject.line("sources", source.key))


@rule("L203", "undefined-source", "error", blocks=True)
def undefined_source(subject: Subject) -> Iterator[Remark]:
    """A text cites a source that the front matter does not name.

    Why: the reader would be sent to a source that is not there.

    Instead: add it to `sources`, or correct its key. Meanwhile a draft can be built. It cannot be waived.

    Source: this program.
    """
    known = {source.key for source in subject.leaflet.sources}
    for said in (*subject.headings, *subject.texts):
        for key in dict.fromkeys(markdown.citations(said.message.msgid)):
            if key not in known:
                at = said.message.msgid.find(f"[@{key}]")
                hint = nearest(key, known, "add it to `sources:`") if known else "add it to `sources:`"
                yield Remark(f"unknown source [@{key}]", hint, said=said, span=(at, at + len(key) + 3))


def _cited(subject: Subject) -> set[str]:
    return {key for said in (*subject.headings, *subject.texts) for key in markdown.citations(said.message.msgid)}


# What a patient must be told -----------------------------------------------------------------------------------------


@rule("L231", "no-do-nothing", "error")
def no_do_nothing(subject: Subject) -> Iterator[Remark]:
    """A leaflet before consent names alternatives, and not that of doing nothing.

    Why: a consent is valid where the patient knew of every reasonable alternative, no treatment among them.

    Instead: say what happens without treatment: "You can do nothing. ...".

    Source: Montgomery v Lanarkshire [2015] UKSC 11; GMC, Decision making and consent (2020), 10; EIDO's practice.
    """
    if subject.leaflet.purpose != "pre-consent" or not subject.words.knows("alternatives"):
        return
    section = _section(subject, "alternatives")
    texts = [said.text.masked for said in subject.within("alternatives")]
    if section is not None and texts and not any(subject.words.find("alternatives", text) for text in texts):
        text = "the alternatives do not say that a patient can do nothing"
        yield Remark(text, "add an item: You can do nothing, and what happens then", section.line)


@rule("L232", "no-emergency", "error")
def no_emergency(subject: Subject) -> Iterator[Remark]:
    """The warning signs do not say which of them are an emergency.

    Why: who calls the clinic with chest pain loses the time in which an ambulance helps.

    Instead: add the part "### warning-signs.emergency". The clinic's emergency number is printed with it.

    Source: NHS service manual, care cards (how urgent, and where to turn).
    """
    section = _section(subject, "warning-signs")
    if section is not None and all(part.key != "warning-signs.emergency" for part in section.parts):
        text = "no warning sign is said to be an emergency"
        yield Remark(text, "add ### warning-signs.emergency", section.line)


_PARTS = ("absolute", "relative", "caution")


@rule("L233", "unsorted-contraindications", "warning")
def unsorted_contraindications(subject: Subject) -> Iterator[Remark]:
    """A contraindication does not say whether it rules the treatment out, or calls for care.

    Why: who takes the one for the other is treated at a risk, or goes without treatment for nothing.

    Instead: put each item below ### contraindications.absolute, .relative or .caution.

    Source: UIP consensus 2023 on sclerotherapy, whose three degrees these are; SmPC guideline (2009), 4.3 and 4.4.
    """
    section = _section(subject, "contraindications")
    for block in section.blocks if section else ():
        if section is not None and isinstance(block, (ListBlock, Table)):
            said = subject.said(section, block)
            hint = f"put it below {', '.join(f'### contraindications.{part}' for part in _PARTS)}"
            yield Remark(f"a list of contraindications of no degree: {_beginning(said[0])}", hint, said=said[0])


@rule("L234", "contraindication-degree", "warning")
def contraindication_degree(subject: Subject) -> Iterator[Remark]:
    """A contraindication is said to be of another degree than the part that it stands in.

    Why: under "you must not have it" a "talk to us" leaves a reader in doubt, and so does a "never" under "tell us".

    Instead: move it to the other part, or say it in words of its own part.

    Source: SmPC guideline (2009), 4.3 (contraindications are absolute) and 4.4 (warnings).
    """
    of_part = {"absolute": "hedged", "relative": "absolute", "caution": "absolute"}
    for said in subject.within("contraindications"):
        label = of_part.get(said.section.partition(".")[2])
        for match in subject.words.find("contraindications", said.text.masked, label) if label else ():
            word = said.text.text[match.start : match.end]
            text = f'"{word}" under {said.section}: {_beginning(said)}'
            yield Remark(text, "move it to another part, or say it otherwise", said=said, span=(match.start, match.end))


def _section(subject: Subject, key: str) -> Section | None:
    return next((section for section in subject.leaflet.sections if section.key == key), None)


def _beginning(said: Said) -> str:
    return shortened(said.message.msgid)
