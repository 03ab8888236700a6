"""ZIP packages of Office files from anywhere: refused where they could harm, before anything is made of them."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from pathlib import Path
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from polyleaf.errors import PolyleafError, Problem

DOCUMENT_TYPE = "a document type (<!DOCTYPE>), which could bring in other files or grow without end"
_MOST_PARTS = 10_000


def check_package(data: bytes, path: Path, what: str, largest: int, hint: str) -> None:
    """Refuse absurd sizes, and document types with entities: what no Office program writes and could take all memory.

    `what` names the file in messages ("workbook"), `largest` is in bytes unpacked, `hint` says how to make another.
    """
    try:
        with ZipFile(BytesIO(data)) as package:
            parts = package.infolist()
            unpacked = sum(part.file_size for part in parts)
            if unpacked > largest:
                message = f"the {what} unpacks to {unpacked >> 20} MB, and at most {largest >> 20} MB are read"
                raise PolyleafError(Problem(message, path, hint="import it in several files"))
            if len(parts) > _MOST_PARTS:
                raise PolyleafError(Problem(f"the {what} has {len(parts)} parts", path, hint=hint))
            for part in parts:
                _refuse_document_type(package.read(part), path, part.filename, hint)
    except (BadZipFile, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        # zipfile raises NotImplementedError for a compression it does not know, RuntimeError for an encrypted part.
        raise PolyleafError(Problem(f"the {what} cannot be read: {error}", path, hint=hint)) from None


def _refuse_document_type(data: bytes, path: Path, part: str, hint: str) -> None:
    """Raise `PolyleafError` where a part of a package declares a document type. What is no XML has none."""

    def refuse(*declared: object) -> None:
        raise PolyleafError(Problem(f"its part {part} has {DOCUMENT_TYPE}", path, hint=hint))

    def begin(name: str, attributes: object) -> None:
        raise _BegunError

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = begin
    with suppress(_BegunError, expat.ExpatError, LookupError, ValueError):
        parser.Parse(data, True)


class _BegunError(Exception):
    """The first element has begun: no document type can follow."""
