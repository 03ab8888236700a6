"""The manifest: what is in the output folder, written as the last thing of a build."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from polyleaf.build.render import Result
from polyleaf.files import write_atomically

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
        "sha256": hashlib.sha256(result.data).hexdigest() if result.data else None,
        "bytes": len(result.data) if result.data else None,
        "pages": result.pages,
        "type_size_pt": result.type_size_pt,
        "version": result.version,
        "approved": result.approved,
        "fingerprint": result.fingerprint or None,
        "outcome": result.outcome,
        "findings": [finding.as_dict() for finding in result.findings],
    }


def read(output: Path) -> list[Entry]:
    """The editions of an earlier build, or none where there was none or its manifest is not one."""
    try:
        editions = json.loads((output / NAME).read_text(encoding="utf-8"))["editions"]
        return [known for known in editions if isinstance(known["path"], str)]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # a path that no file system has
        return False


def write(output: Path, made: Iterable[Entry]) -> None:
    """Write the manifest: these editions, and what earlier builds made of others and is still there."""
    entries = {edition["path"]: edition for edition in made}
    kept = [old for old in read(output) if old["path"] not in entries and _is_there(output / old["path"])]
    editions = sorted([*kept, *entries.values()], key=lambda edition: str(edition["path"]))
    text = json.dumps({"editions": editions}, ensure_ascii=False, indent=1) + "\n"
    write_atomically(output / NAME, text.encode())
