"""Whether an SVG file is a plain picture: no scripts, nothing read from elsewhere, no entities."""

from __future__ import annotations

import re
from xml.parsers import expat

_REFUSED = {"script", "foreignObject", "iframe", "handler"}
_ELSEWHERE = re.compile(r"url\(\s*['\"]?\s*(?!#|data:image/)|@import", re.IGNORECASE)


def fault(data: bytes) -> str:
    """What keeps the file from being used, with its line, or nothing. Its bytes are only read."""
    found: list[str] = []
    root: list[str] = []
    parser = expat.ParserCreate()

    def note(text: str) -> None:
        found.append(f"{text} on line {parser.CurrentLineNumber}")

    def start(name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        root.append(local)
        if local in _REFUSED:
            note(f"<{name}>")
        for key, value in attributes.items():
            plain = key.rpartition(":")[2].lower()
            if plain.startswith("on"):
                note(f"the attribute {key}")
            elif plain in ("href", "src") and not value.strip().startswith(("#", "data:image/")):
                note(f"an address outside the file: {value[:40]}")
            elif _ELSEWHERE.search(value):
                note("an address outside the file in a style")

    def text(content: str) -> None:
        if _ELSEWHERE.search(content) and "style" in root:
            note("an address outside the file")

    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    parser.EntityDeclHandler = lambda *declared: note("an entity")
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        return f"{expat.errors.messages[error.code]} on line {error.lineno}"
    if root[0] != "svg":
        return f"it begins with <{root[0]}>"
    return found[0] if found else ""
