"""Preflight: whether a PDF, anybody's, is fit for the screen or for a print shop.

    findings(data, Expectations(profile="print", format="a4"))

Everything that reads PDFs is imported when it is first used; the rules can be had without.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from polyleaf.finding import Finding
from polyleaf.preflight import access, completeness, container, ink, judges, pages, typography
from polyleaf.preflight.completeness import expectations_of
from polyleaf.preflight.register import CHECKS
from polyleaf.preflight.terms import FORMATS, PROFILES, Expectations, Expected, Profile, by_edition, by_terms
from polyleaf.rule import Rule, rule_of

if TYPE_CHECKING:
    from polyleaf.preflight.document import Document

__all__ = [
    "FORMATS",
    "PROFILES",
    "RULES",
    "Expectations",
    "Expected",
    "Looked",
    "Profile",
    "by_edition",
    "by_terms",
    "expectations_of",
    "findings",
    "look_at",
]

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
BEYOND_LIMITS = rule_of(
    "P206",
    "beyond-limits",
    "error",
    """Looking at the file takes more time or memory than any leaflet does, or is too much for an independent program.

    Why: it keeps a viewer or the print shop's program busy for as long, or breaks it, and may be made to.

    Instead: export it anew and simpler: flatten it, or take out what repeats itself.

    Source: this program.
    """,
)
ENCRYPTED, DAMAGED = "P202", "P205"
JUDGES = frozenset(check.rule.code for check in CHECKS if check.look.__module__ == judges.__name__)
"""The checks that ask the programs of others."""
_FAMILIES = (container, pages, typography, ink, completeness, access, judges)
"""The modules whose checks were registered when they were imported."""
RULES: tuple[Rule, ...] = (UNREADABLE, BEYOND_LIMITS, *(check.rule for check in CHECKS))


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
    data: bytes,
    expectations: Expectations,
    profile: Profile | None = None,
    tick: Callable[[int], None] | None = None,
    begin: Callable[[str], None] | None = None,
) -> Looked:
    """Hold a PDF to what is expected, in the profile that is given or that it shows by itself.

    `tick` is called with the number of pages, and then with 0 after each, `begin` with the code of each check.
    Never raises for what the file is like.
    """
    from polyleaf.preflight.document import Document, UnreadableError, held_to_limits

    with _silence(), held_to_limits():
        try:
            document = Document(data, tick)
        except UnreadableError as error:
            return Looked((_unreadable(str(error), error.encrypted),))
        with document:
            return _looked(document, expectations, profile, begin or (lambda _: None))


def _looked(
    document: Document, expectations: Expectations, profile: Profile | None, begin: Callable[[str], None]
) -> Looked:
    chosen, because = (profile, "") if profile else _profile_of(document)
    terms = replace(expectations, profile=chosen)
    found = _found(document, terms, begin)
    return Looked(tuple(judges.folded(found)), chosen, because, document.page_count)


def _found(document: Document, terms: Expectations, begin: Callable[[str], None]) -> list[Finding]:
    """What all checks find. What one stumbles over is a finding too: a file can be broken in any way."""
    found: list[Finding] = []
    stumbled: list[str] = []
    endless = _is_endless(document)  # other programs would not find an end
    for check in CHECKS:
        if terms.profile in check.profiles and (check.rule.code not in JUDGES or (terms.judged and not endless)):
            begin(check.rule.code)
            try:
                found += check.findings(document, terms)
            except MemoryError:
                raise
            except Exception:
                stumbled.append(check.rule.code)
    if stumbled:
        text = f"the file is damaged, and {', '.join(sorted(stumbled))} could not be looked at"
        found.append(Finding(DAMAGED, UNREADABLE.severity, text, "export, copy or download it again"))
    return found


def _is_endless(document: Document) -> bool:
    try:
        return document.endless
    except MemoryError:
        raise
    except Exception:  # a file can be broken in any way
        return False


@contextmanager
def _silence() -> Iterator[None]:
    """What libraries log of a broken file is told as findings, and nobody reads it twice."""
    loggers = [logging.getLogger(name) for name in ("fontTools", "pikepdf", "PIL")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _unreadable(message: str, encrypted: bool) -> Finding:
    if encrypted:
        return Finding(ENCRYPTED, UNREADABLE.severity, message, "save it without a password")
    return Finding(UNREADABLE.code, UNREADABLE.severity, message, "export, copy or download it again")


def _profile_of(document: Document) -> tuple[Profile, str]:
    """What a file seems to be made for, and by what that can be seen."""
    try:
        return _shown_profile(document)
    except MemoryError:
        raise
    except Exception:  # a file can be broken in any way
        return "screen", "it is damaged"


def _shown_profile(document: Document) -> tuple[Profile, str]:
    if version := container.pdfx_version(document):
        return "print", f"it says that it is {version}"
    if container.prints_in_cmyk(document):
        return "print", "its output intent is CMYK"
    if document.is_tagged:
        return "screen", "it is tagged"
    if any(page.trim is not None and page.trim != page.media for page in document.pages):
        return "print", "it says where its pages are cut"
    return "screen", "nothing in it is made for print"
