"""A101 to A103: what independent programs say of a file, told as theirs.

`page-validation` holds files to all of PDF/UA-1 and PDF/A that a program can see, `pdfua` to a part of PDF/UA-1. Where
our own checks found the same, they are named there as agreeing, and nothing is told twice.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from polyleaf.finding import Finding
from polyleaf.preflight.register import Remark, rule
from polyleaf.preflight.terms import Expectations

if TYPE_CHECKING:
    from polyleaf.preflight.document import Document

_LEVELS = frozenset(("1a", "1b", "2a", "2b", "2u", "3a", "3b", "3u"))


@rule("A101", "pdf-ua", "error")
def pdf_ua(document: Document, terms: Expectations) -> Iterator[Remark]:
    """`page-validation` finds that the file does not conform to PDF/UA-1.

    A file for print is held to it if it claims to conform.

    Why: what is missing there is what a screen reader stumbles over.

    Instead: mend what the message names where the file was made.

    Source: ISO 14289-1 (PDF/UA-1), as page-validation reads it.
    """
    if terms.profile == "screen" or document.claim("pdfuaid:part"):
        yield from _by_page_validation(document, "ua1", "PDF/UA-1")


@rule("A102", "pdf-ua-second", "error")
def pdf_ua_second(document: Document, terms: Expectations) -> Iterator[Remark]:
    """`pdfua` finds that the file does not conform to PDF/UA-1. It looks at less than `page-validation`, and by itself.

    Why: two programs that were written apart seldom overlook the same.

    Instead: mend what the message names where the file was made.

    Source: ISO 14289-1 (PDF/UA-1) and WCAG 2.1, as pdfua reads them.
    """
    if terms.second_opinion and (terms.profile == "screen" or document.claim("pdfuaid:part")):
        yield from _by_pdfua(document)


@rule("A103", "pdf-a", "error")
def pdf_a(document: Document, terms: Expectations) -> Iterator[Remark]:
    """`page-validation` finds that the file does not conform to the level of PDF/A that it claims or has to have.

    Why: an archive refuses it, and in some years it may look otherwise.

    Instead: mend what the message names where the file was made, or do not claim it.

    Source: ISO 19005 (PDF/A), as page-validation reads it.
    """
    claimed = (document.claim("pdfaid:part") + document.claim("pdfaid:conformance")).lower()
    for level in dict.fromkeys(filter(None, (terms.pdfa.lower(), claimed))):
        if level in _LEVELS:
            yield from _by_page_validation(document, level, f"PDF/A-{level}")


def _by_page_validation(document: Document, profile: str, name: str) -> Iterator[Remark]:
    import page

    try:
        report = page.validate_pdf_bytes(document.data, profile=profile)
    except page.PageError as error:
        yield Remark(f"page-validation could not read the file: {error}", "export it again")
        return
    counts = Counter(failure.rule_id for failure in report.failures)
    first = {failure.rule_id: failure for failure in reversed(report.failures)}
    for code in sorted(first):
        more = f" ({counts[code]} times)" if counts[code] > 1 else ""
        yield Remark(f"page-validation, {name}, {code}: {first[code].message}{more}", "mend it where the file was made")


def _by_pdfua(document: Document) -> Iterator[Remark]:
    import tempfile
    from pathlib import Path

    import pdfua

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "looked-at.pdf"  # pdfua reads files alone
        path.write_bytes(document.data)
        try:
            report = pdfua.validate(str(path))
        except pdfua.PdfuaError as error:
            yield Remark(f"pdfua could not read the file: {error}", "export it again")
            return
    found = [each for each in report.findings if each.severity > pdfua.Severity.INFO]
    counts = Counter(each.rule_id for each in found)
    first = {each.rule_id: each for each in reversed(found)}
    for code in sorted(first):
        more = f" ({counts[code]} times)" if counts[code] > 1 else ""
        each = first[code]
        yield Remark(f"pdfua, {code}: {each.message}{more}", each.remediation or "", each.location.page or 0)


# What is found twice -------------------------------------------------------------------------------------------------

_NAMED = re.compile(r"\b(PDFUA1-[A-Z0-9-]+|UA-\d\d-\d\d\d)\b")
_SAME = {
    "PDFUA1-ENCRYPTION": "P202",
    "PDFUA1-FONT-EMBEDDING": "P221",
    "PDFUA1-NOTDEF": "P222",
    "PDFUA1-TAGGED-DOCUMENT": "A104",
    "PDFUA1-STRUCT-TREE-ROOT-001": "A104",
    "PDFUA1-METADATA-STRUCTURE": "A104",
    "PDFUA1-CONTENT-TAGGING": "A104",
    "PDFUA1-LINK-LINK-TAG": "A104",
    "PDFUA1-ANNOTATION-ANNOT-TAG": "A104",
    "PDFUA1-METADATA-TITLE": "A105",
    "PDFUA1-VIEWER-PREFERENCES": "A105",
    "PDFUA1-METADATA-LANGUAGE": "A106",
    "PDFUA1-LANGUAGE-TAG": "A106",
    "PDFUA1-TEXT-LANGUAGE": "A106",
    "PDFUA1-OUTLINE-LANGUAGE": "A106",
    "PDFUA1-ALT-TEXT-LANGUAGE": "A106",
    "PDFUA1-ACTUAL-TEXT-LANGUAGE": "A106",
    "PDFUA1-SPAN-ACTUAL-TEXT-LANGUAGE": "A106",
    "PDFUA1-ANNOTATION-CONTENTS-LANGUAGE": "A106",
    "PDFUA1-FONT-UNICODE": "A108",
    "UA-01": "A104",
    "UA-06": "A106",
    "UA-07": "A105",
}
"""The rules of theirs, by the beginnings of their names, and the rule of ours that is about the same."""


def folded(found: Sequence[Finding]) -> Iterator[Finding]:
    """The findings, without those of others that say what one of ours says: that names them as agreeing."""
    own = {finding.code for finding in found}
    agreeing: dict[str, list[str]] = defaultdict(list)
    left = []
    for finding in found:
        theirs = _NAMED.search(finding.message) if finding.code in ("A101", "A102") else None
        same = next((code for start, code in _SAME.items() if theirs and theirs[0].startswith(start)), "")
        if theirs and same in own:
            judge = "page-validation" if finding.code == "A101" else "pdfua"
            agreeing[same].append(f"{judge}: {theirs[0]}")
        else:
            left.append(finding)
    for finding in left:
        names = agreeing.pop(finding.code, None)
        yield replace(finding, message=f"{finding.message} [{'; '.join(names)}]") if names else finding
