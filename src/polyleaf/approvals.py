"""The files that say who approved what: `locales/LOCALE/approvals.toml`, with what was read beside it.

A table a leaflet, in the order of their names:

    [microsclerotherapy]
    version = "1.0"
    by = "Dr Amal Haddad"
    role = "Consultant dermatologist"
    on = 2026-11-26
    read = "9f86d081..."
    seal = "60303ae2..."

`read` is the SHA-256 of `approved/LEAFLET.json` beside it, which holds what was read, for people and version control.
`seal` is the SHA-256 of all the other fields: it tells what was changed by hand. It keeps nobody out who means to
forge an approval; who may change these files is up to version control.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from filelock import FileLock
from pydantic import Field

from polyleaf.config import Lines, Strict, line_of, load_toml, validate
from polyleaf.errors import PolyleafError, Problem, Problems, nearest
from polyleaf.files import write_together
from polyleaf.model import Approval

_HEAD = """\
# Who approved what. Written by `polyleaf approve`, and not changed by hand: a changed line does not fit its seal.
# What was read is in approved/.
"""
_HEX = r"^[0-9a-f]{64}$"
_MEND = "restore the file from version control, or delete this approval and approve again"


class _Fields(Strict):
    version: str
    by: str = Field(min_length=1)
    role: str = Field(min_length=1)
    on: date
    expires: date | None = None
    read: str = Field(pattern=_HEX, description=_MEND)
    seal: str = Field(pattern=_HEX, description=_MEND)


def approvals_path(folder: Path, locale: str) -> Path:
    """Where the approvals of a locale are, below the folder of all locales."""
    return folder / locale / "approvals.toml"


def record_path(folder: Path, locale: str, leaflet: str) -> Path:
    """Where that lies which was read when a leaflet was approved."""
    return folder / locale / "approved" / f"{leaflet}.json"


def load_approvals(folder: Path, locale: str, leaflets: Collection[str]) -> dict[str, Approval]:
    """The approvals of a locale by leaflet; none where there is no file.

    Raises `PolyleafError` with all that is wrong: what does not parse, an unknown leaflet, what was changed by hand.
    """
    path = approvals_path(folder, locale)
    if not path.exists():
        return {}
    data, lines = load_toml(path)
    problems = Problems()
    found = {}
    for leaflet, given in data.items():
        with problems.collect():
            found[leaflet] = _approval(path, leaflet, given, lines, leaflets)
    problems.raise_if_any()
    return found


def _approval(path: Path, leaflet: str, given: object, lines: Lines, leaflets: Collection[str]) -> Approval:
    line = line_of(lines, (leaflet,))
    if leaflet not in leaflets:
        hint = f"{nearest(leaflet, leaflets, 'there is no such leaflet')}; delete an approval of what is gone"
        raise PolyleafError(Problem(f"an approval of an unknown leaflet {leaflet!r}", path, line, hint))
    problems = Problems()
    fields = validate(_Fields, given, path, lines, problems, (leaflet,))
    problems.raise_if_any()
    approval = Approval(leaflet, **fields.model_dump(exclude={"seal"}))
    if fields.seal != seal_of(approval, path.parent.name):
        line = line_of(lines, (leaflet, "seal"))
        raise PolyleafError(Problem(f"the approval of {leaflet} was changed by hand", path, line, _MEND))
    return replace(approval, record=_record(path, approval, lines))


def _record(path: Path, approval: Approval, lines: Lines) -> bytes:
    at = record_path(path.parents[1], path.parent.name, approval.leaflet)
    try:
        data = at.read_bytes()
    except OSError as error:
        raise PolyleafError(Problem(f"what was approved cannot be read: {error.strerror}", at, None, _MEND)) from None
    if digest_of(data) != approval.read:
        line = line_of(lines, (approval.leaflet, "read"))
        text = f"what is in {at.parent.name}/{at.name} is not what {approval.by} approved"
        raise PolyleafError(Problem(text, path, line, _MEND))
    return data


def digest_of(record: bytes) -> str:
    """The SHA-256 of what was read. Line ends do not matter: git may change them."""
    return hashlib.sha256(record.replace(b"\r\n", b"\n")).hexdigest()


def seal_of(approval: Approval, locale: str) -> str:
    """The SHA-256 of all that an approval says."""
    expires = approval.expires.isoformat() if approval.expires else None
    said = [locale, approval.leaflet, approval.version, approval.by, approval.role, approval.on.isoformat(), expires]
    return hashlib.sha256(json.dumps([*said, approval.read]).encode()).hexdigest()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """While it lasts, nobody else writes an approval of the project, on this machine or on a shared drive."""
    with FileLock(folder / ".approvals.lock"):
        yield


def keep(folder: Path, locale: str, approval: Approval, leaflets: Collection[str]) -> None:
    """Write an approval among the others of its locale, in place of an older one of its leaflet.

    What others wrote meanwhile stays. Raises `PolyleafError` where the file is broken by now.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        known = {**load_approvals(folder, locale, leaflets), approval.leaflet: approval}
        record = record_path(folder, locale, approval.leaflet)
        write_together({record: approval.record, approvals_path(folder, locale): _written(known, locale)})


def _written(approvals: Mapping[str, Approval], locale: str) -> bytes:
    tables = (_table(approvals[leaflet], locale) for leaflet in sorted(approvals))
    return "\n".join((_HEAD, *tables)).encode()


def _table(approval: Approval, locale: str) -> str:
    fields = {"version": approval.version, "by": approval.by, "role": approval.role, "on": approval.on}
    if approval.expires:
        fields["expires"] = approval.expires
    fields |= {"read": approval.read, "seal": seal_of(approval, locale)}
    # A JSON string is a basic string of TOML.
    said = {name: json.dumps(to, ensure_ascii=False) if isinstance(to, str) else to for name, to in fields.items()}
    return "".join([f"[{approval.leaflet}]\n", *(f"{name} = {text}\n" for name, text in said.items())])
