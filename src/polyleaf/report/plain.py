"""Text that any reader of a report can take."""

from __future__ import annotations

import re

from polyleaf.finding import Finding

# What XML 1.0 leaves out (2.2, Char): controls but tab and line ends, halves of surrogate pairs, two non-characters.
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def plain(text: str) -> str:
    """The text with U+FFFD for each character that XML cannot hold; a log would take some for commands."""
    return _UNFIT.sub("\ufffd", text)


def advice(finding: Finding) -> str:
    """What was found and, on a line of its own, the way out."""
    return "\n".join(filter(None, (finding.message, finding.hint)))
