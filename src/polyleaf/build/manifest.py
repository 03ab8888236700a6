"""The manifest: what is in the output folder, written as the last thing of a build."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

from polyleaf.build.render import Result
from polyleaf.files import write_atomically
from polyleaf.model import Edition

NAME = "manifest.json"

Entry = dict[str, Any]


def entry(result: Result) -> Entry:
    """One edition as the manifest tells it."""
    edition = result.edition
    return {
        "leaflet": edition.leaflet,
        "locale": edition.locale,
        "clinic": edition.clinic,
        "format": edition.format,
        "profile": edition.profile,
        "path": edition.path,
        "sha256": result.sha256 or None,
        "bytes": result.bytes or None,
        "pages": result.pages,
        "type_size_pt": result.type_size_pt,
        "version": result.version,
        "approved": result.approved,
        "fingerprint": result.fingerprint or None,
        "outcome": result.outcome,
        "findings": [finding.as_dict() for finding in result.findings],
    }


def read(output: Path) -> list[Entry]:
    """The editions of an earlier build, or none where there was none or its manifest is not one.

    An entry whose path is not that of its edition is left out: nobody may be led to another file by it.
    """
    try:
        editions = json.loads((output / NAME).read_text(encoding="utf-8"))["editions"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [known for known in editions if _is_sound(known)] if isinstance(editions, list) else []


def edition_of(known: Entry) -> Edition:
    """The edition that an entry is about."""
    return Edition(known["leaflet"], known["locale"], known["clinic"], known["format"], known["profile"])


def _is_sound(known: object) -> bool:
    if not isinstance(known, dict):
        return False
    names = [known.get(key) for key in ("leaflet", "locale", "clinic", "format", "profile")]
    plain = all(isinstance(name, str) and name and not set("/\\\0") & set(name) and ".." not in name for name in names)
    return plain and known.get("path") == edition_of(known).path


def write(output: Path, made: Iterable[Result], known: Collection[Entry], stale: Iterable[str]) -> None:
    """Write the manifest: these editions, and what earlier builds made of others and is still there."""
    entries = {result.edition.path: entry(result) for result in made}
    gone = {*entries, *stale}
    for old in known:
        if old["path"] not in gone and _is_there(output / old["path"]):
            entries[old["path"]] = old
    # A line an edition: a person can read it, and a difference shows which edition changed.
    lines = ",\n".join(json.dumps(entries[path], ensure_ascii=False) for path in sorted(entries))
    data = f'{{"editions": [\n{lines}\n]}}\n'.encode()
    target = output / NAME
    with suppress(OSError):
        if target.read_bytes() == data:
            return
    write_atomically(target, data)


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a path that no file system has
        return False
