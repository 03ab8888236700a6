"""What a check reports."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

Severity = Literal["error", "warning", "note"]


@dataclass(frozen=True)
class Finding:
    """One thing that a person should look at, with its place as far as it has one. `file` uses forward slashes.

    The spans are what it is about in the source and in the translation: from where to where, in characters.
    """

    code: str
    severity: Severity
    message: str
    hint: str = ""
    file: str = ""
    line: int = 0
    leaflet: str = ""
    locale: str = ""
    clinic: str = ""
    msgctxt: str = ""
    msgid: str = ""
    msgstr: str = ""
    msgid_span: tuple[int, int] | None = None
    msgstr_span: tuple[int, int] | None = None
    page: int = 0

    def as_dict(self) -> dict[str, Any]:
        """The fields that apply, for JSON."""
        return {key: value for key, value in asdict(self).items() if value}

    def below(self, root: Path) -> Finding:
        """The finding with its file as seen from a folder, if it lies there."""
        path = Path(self.file)
        inside = self.file and path.is_relative_to(root)
        return replace(self, file=path.relative_to(root).as_posix()) if inside else self

    @property
    def place(self) -> str:
        """`file:line`, or what there is of it."""
        return f"{self.file}:{self.line}" if self.line else self.file


def shortened(text: str) -> str:
    """A text as a message quotes it: its beginning, where it is long."""
    return text if len(text) <= 60 else text[:57].rstrip() + "..."
