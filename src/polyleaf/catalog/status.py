"""How far a translation is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from polyleaf.catalog.lookup import Catalogs
from polyleaf.model import Message

_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_PLACEHOLDER = re.compile(r"\{\w+\}|\[@[^\]]*\]")


@dataclass(frozen=True)
class Status:
    """The messages of one domain in one locale, counted; `words_left` are words of the source."""

    domain: str
    locale: str
    messages: int
    translated: int
    fuzzy: int
    missing: int
    words_left: int
    findings: int
    approved: bool = False
    stale: bool = False


def status(domain: str, locale: str, messages: Sequence[Message], catalogs: Catalogs) -> Status:
    """Count what a translator has done and what is left; `findings` are those that a build would refuse.

    Whether it is approved takes more than catalogs: that is for whoever knows to say.
    """
    fuzzy = missing = findings = words = 0
    for message in messages:
        codes = {finding.code for finding in catalogs.find(message)[1]}
        fuzzy += "T102" in codes
        missing += "T101" in codes
        findings += bool(codes - {"T101", "T102"})
        words += words_of(message) if codes & {"T101", "T102"} else 0
    done = len(messages) - fuzzy - missing
    return Status(domain, locale, len(messages), done, fuzzy, missing, words, findings)


def words_of(message: Message) -> int:
    """The words that a translator has to translate."""
    return len(_WORD.findall(_PLACEHOLDER.sub(" ", f"{message.msgid} {message.msgid_plural}")))
