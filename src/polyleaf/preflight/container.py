"""P203 to P205 and P251 to P255: the file as a whole, and the printing condition that it is made for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from polyleaf.finding import shortened
from polyleaf.preflight.register import Remark, rule
from polyleaf.preflight.terms import Expectations

if TYPE_CHECKING:
    from polyleaf.preflight.document import Document

_ACTIVE = {
    "/JavaScript": "a script",
    "/Launch": "an action that starts a program",
    "/SubmitForm": "an action that sends data away",
    "/ImportData": "an action that takes data in",
    "/ResetForm": "an action that empties a form",
    "/Hide": "an action that hides something",
    "/SetOCGState": "an action that hides something",
    "/Trans": "an action that changes how pages turn",
    "/GoTo3DView": "an action of a model in space",
    "/Movie": "a film",
    "/Sound": "a sound",
    "/Rendition": "a film or sound",
}
_PRINTER = b"prtr"


@rule("P202", "encrypted", "error")
def encrypted(document: Document, terms: Expectations) -> Iterator[Remark]:
    """The file is encrypted.

    Why: a print shop cannot open or change it, and a screen reader may be kept out.

    Instead: save it without a password and without restrictions.

    Source: ISO 15930-7 (PDF/X-4); ISO 14289-1 (PDF/UA-1), 7.16.
    """
    if document.pdf.is_encrypted:
        yield Remark("the file is encrypted", "save it without a password and without restrictions")


@rule("P203", "active-content", "error")
def active_content(document: Document, terms: Expectations) -> Iterator[Remark]:
    """The file has a script, or an action that does more than go to a page or an address.

    Why: mail servers and hospitals' computers refuse such files, and a press cannot do anything with it.

    Instead: export it without scripts, forms' actions and media.

    Source: ISO 15930-7 (PDF/X-4); ISO 19005-2 (PDF/A-2), 6.5.
    """
    found = dict.fromkeys(_ACTIVE[kind] for kind in _actions(document) if kind in _ACTIVE)
    for what in found:
        yield Remark(f"the file has {what}", "export it without scripts and actions")


def _actions(document: Document) -> Iterator[str]:
    """The kinds of all actions of the file, wherever they hang."""
    names = document.root.get("/Names")
    if names is not None and "/JavaScript" in names:
        yield "/JavaScript"
    for made in document.dictionaries:
        if "/S" in made and ("/JS" in made or str(made["/S"]) in _ACTIVE):
            yield "/JavaScript" if "/JS" in made else str(made["/S"])


@rule("P204", "embedded-files", "error")
def embedded_files(document: Document, terms: Expectations) -> Iterator[Remark]:
    """Other files are embedded in the file.

    Why: nobody sees them on the page. They can hold what must not leave the clinic, and mail servers refuse them.

    Instead: take them out.

    Source: ISO 19005-2 (PDF/A-2), 6.8.
    """
    count = sum("/EF" in made for made in document.dictionaries)
    if count:
        files = "a file is" if count == 1 else f"{count} files are"
        yield Remark(f"{files} embedded in it", "take out what is attached")


@rule("P205", "damaged", "error")
def damaged(document: Document, terms: Expectations) -> Iterator[Remark]:
    """The file is damaged, and was read as far as it could be mended.

    Why: another program may mend it otherwise, or not at all. A file that was cut off lacks its last pages.

    Instead: export it, copy it or download it again.

    Source: ISO 32000-1, 7.5.
    """
    broken = [(0, text) for text in document.damage[:1]]
    broken += (
        [(0, "a part of its structure is broken, in several places, or inside itself")] if document.tangled else []
    )
    broken += [(page.number, text) for page in document.pages for text in sorted(page.paint.broken)[:1]]
    for number, text in broken:
        where = f"page {number} of the file" if number else "the file"
        yield Remark(f"{where} is damaged: {shortened(text)}", "export, copy or download it again", number)


# The output intent ---------------------------------------------------------------------------------------------------


@rule("P251", "no-output-intent", "error", "print")
def no_output_intent(document: Document, terms: Expectations) -> Iterator[Remark]:
    """The file does not say for which printing condition its colours are made.

    Why: the same CMYK is another colour on other paper, and nobody can tell which was meant.

    Instead: export it as PDF/X-4 with the output profile that the print shop names.

    Source: ISO 15930-7 (PDF/X-4).
    """
    if not _intents(document):
        yield Remark("there is no output intent", "export it as PDF/X-4 with the print shop's output profile")


@rule("P252", "no-output-profile", "error", "print")
def no_output_profile(document: Document, terms: Expectations) -> Iterator[Remark]:
    """The output intent has no profile embedded.

    Why: a name alone is as good as the list in which a program looks it up.

    Instead: embed the profile.

    Source: ISO 15930-7 (PDF/X-4) (a profile beside the file is PDF/X-4p).
    """
    for intent in _intents(document):
        if "/DestOutputProfile" not in intent:
            text = f"the output intent {_condition(intent)!r} has no profile embedded"
            yield Remark(text, "embed the output profile")


@rule("P253", "wrong-output-profile", "error", "print")
def wrong_output_profile(document: Document, terms: Expectations) -> Iterator[Remark]:
    """The profile of the output intent is not that of a CMYK press, or is broken.

    Why: colours would be converted by a wrong table, or the file be refused.

    Instead: embed the ICC profile of the press and the paper, of the class `prtr` and the colour space CMYK.

    Source: ISO 15930-7 (PDF/X-4); ISO 15076-1 (ICC), 7.2.
    """
    for intent in _intents(document):
        if "/DestOutputProfile" in intent and (wrong := _what_is_wrong(intent["/DestOutputProfile"])):
            yield Remark(f"the profile of the output intent {wrong}", "embed the profile that the print shop names")


def _what_is_wrong(stream: Any) -> str:
    """Why a stream is no profile of a CMYK press; empty if it is one."""
    try:
        data = bytes(stream.read_bytes())
    except Exception:  # whatever a filter stumbles over
        return "cannot be read"
    if len(data) < 132 or data[36:40] != b"acsp":
        return "is no ICC profile"
    if int.from_bytes(data[:4], "big") > len(data):
        return f"is cut off: {len(data):,} of {int.from_bytes(data[:4], 'big'):,} bytes are there"
    if data[12:16] != _PRINTER:
        return f"is of the class {data[12:16].decode('latin-1')!r}, not that of an output device"
    if data[16:20] != b"CMYK" or int(stream.get("/N", 0)) != 4:
        return f"is for {data[16:20].decode('latin-1').strip()}, not for CMYK"
    return ""


@rule("P254", "other-condition", "error", "print")
def other_condition(document: Document, terms: Expectations) -> Iterator[Remark]:
    """The output intent names another printing condition than the one that was agreed.

    Why: the colours are made for other paper.

    Instead: export it for the agreed condition.

    Source: ISO 15930-7 (PDF/X-4); the registry of characterisations at color.org.
    """
    names = [_condition(intent) for intent in _intents(document)]
    if terms.condition and names and terms.condition not in names:
        text = f"the output intent is {names[0]!r}, and {terms.condition!r} was agreed"
        yield Remark(text, "export it for the agreed condition")


@rule("P255", "no-pdfx", "error", "print")
def no_pdfx(document: Document, terms: Expectations) -> Iterator[Remark]:
    """The file does not say that it is PDF/X, or whether it is trapped.

    Why: by that a print shop knows that the file is complete. Trapping (colours that overlap a little) is done once.

    Instead: export it as PDF/X-4, with Trapped set to true or false.

    Source: ISO 15930-7 (PDF/X-4).
    """
    if not pdfx_version(document):
        yield Remark("the file does not say that it is PDF/X", "export it as PDF/X-4")
    elif document.info("/Trapped") not in ("/True", "/False"):
        yield Remark("the file does not say whether it is trapped", "set Trapped to false if nobody did trap it")


def pdfx_version(document: Document) -> str:
    """The version of PDF/X that the file claims, such as `PDF/X-4`; empty if none."""
    return document.claim("pdfxid:GTS_PDFXVersion") or document.info("/GTS_PDFXVersion")


def _intents(document: Document) -> list[Any]:
    """The output intents for print."""
    return [intent for intent in _all_intents(document) if str(intent.get("/S")) == "/GTS_PDFX"]


def _all_intents(document: Document) -> list[Any]:
    from pikepdf import Array, Dictionary

    given = document.root.get("/OutputIntents")
    return [intent for intent in given if isinstance(intent, Dictionary)] if isinstance(given, Array) else []


def _condition(intent: Any) -> str:
    return str(intent.get("/OutputConditionIdentifier", intent.get("/OutputCondition", "")))


def prints_in_cmyk(document: Document) -> bool:
    """Whether an output intent of any kind is for a CMYK press."""
    profiles = [intent.get("/DestOutputProfile") for intent in _all_intents(document)]
    return any(profile is not None and int(profile.get("/N", 0)) == 4 for profile in profiles)
