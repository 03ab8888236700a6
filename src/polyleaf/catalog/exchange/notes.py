"""What a translator is told beside a text."""

from __future__ import annotations

from collections.abc import Iterator

from polyleaf.catalog.exchange.unit import Unit


def notes(unit: Unit) -> Iterator[tuple[str, str]]:
    """Each kind of note with its text: what the writer says, what translators said, values, the glossary."""
    told = {
        "developer": unit.message.comment,
        "translator": "\n".join(unit.remarks),
        "values": values(unit),
        "glossary": "\n".join(unit.glossary),
    }
    return ((kind, text) for kind, text in told.items() if text)


def values(unit: Unit) -> str:
    """What stands on the page in place of each placeholder."""
    return "\n".join(f"{{{name}}} = {text}" for name, text in unit.examples.items())
