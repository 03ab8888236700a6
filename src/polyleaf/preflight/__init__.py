"""Preflight: whether a PDF, anybody's, is fit for the screen or for a print shop.

    findings(data, Expectations(profile="print", format="a4"))

Everything that reads PDFs is imported when it is first used; the rules can be had without.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from polyleaf.finding import Finding
from polyleaf.preflight import access, container, ink, judges, pages, proof, typography
from polyleaf.preflight.register import CHECKS
from polyleaf.preflight.terms import FORMATS, PROFILES, Expectations, Expected, Profile
from polyleaf.rule import Rule, rule_of

if TYPE_CHECKING:
    from polyleaf.preflight.document import Document

__all__ = ["FORMATS", "PROFILES", "RULES", "Expectations", "Expected", "Looked", "Profile", "findings", "look_at"]

UNREADABLE = rule_of(
    "P201",
    "unreadable",
    "error",
    """The file is no PDF, is empty, or is damaged so much that nothing of it can be read.

    Why: nobody else can read it either.

    Instead: export it, copy it or download it again.

    Source: ISO 32000-1, 7.5.
    """,
)
ENCRYPTED = "P202"
_FAMILIES = (container, pages, typography, ink, proof, access, judges)
"""The modules whose checks were registered when they were imported."""
RULES: tuple[Rule, ...] = (UNREADABLE, *(check.rule for check in CHECKS))


@dataclass(frozen=True)
class Looked:
    """What came of looking at one file: the profile that it was held to, and why that one."""

    findings: tuple[Finding, ...]
    profile: Profile | None = None
    because: str = ""
    pages: int = 0


def findings(data: bytes, expectations: Expectations) -> tuple[Finding, ...]:
    """All that is wrong with a PDF, by what it is held to. Never raises for what the file is like."""
    return look_at(data, expectations, expectations.profile).findings


def look_at(
    data: bytes, expectations: Expectations, profile: Profile | None = None, tick: Callable[[int], None] | None = None
) -> Looked:
    """Hold a PDF to what is expected, in the profile that is given or that it shows by itself.

    `tick` is called with the number of pages, and then with 0 after each. Never raises for what the file is like.
    """
    from polyleaf.preflight.document import Document, UnreadableError

    try:
        document = Document(data, tick)
    except UnreadableError as error:
        return Looked((_unreadable(str(error), error.encrypted),), profile)
    with document:
        chosen, because = (profile, "") if profile else _profile_of(document)
        terms = replace(expectations, profile=chosen)
        found = [finding for check in CHECKS if chosen in check.profiles for finding in check.findings(document, terms)]
        return Looked(tuple(judges.folded(found)), chosen, because, document.page_count)


def _unreadable(message: str, encrypted: bool) -> Finding:
    if encrypted:
        return Finding(ENCRYPTED, UNREADABLE.severity, message, "save it without a password")
    return Finding(UNREADABLE.code, UNREADABLE.severity, message, "export, copy or download it again")


def _profile_of(document: Document) -> tuple[Profile, str]:
    """What a file seems to be made for, and by what that can be seen."""
    if version := container.pdfx_version(document):
        return "print", f"it says that it is {version}"
    if container.prints_in_cmyk(document):
        return "print", "its output intent is CMYK"
    if document.is_tagged:
        return "screen", "it is tagged"
    if any(page.trim is not None and page.trim != page.media for page in document.pages):
        return "print", "it says where its pages are cut"
    return "screen", "nothing in it is made for print"
