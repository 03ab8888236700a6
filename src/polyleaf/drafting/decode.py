"""Bytes of a page as text: by its byte order mark, by what it says of itself, or by what it can only be."""

from __future__ import annotations

import codecs
import re
from pathlib import Path

from polyleaf.drafting.block import Remark
from polyleaf.errors import PolyleafError, Problem

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w:.-]+)|<\?xml[^>]{0,99}encoding=["']([\w.-]+)""", re.IGNORECASE
)
_HEAD = 4096  # bytes; browsers look for a declaration in the first 1024
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_KNOWN_FILES = {b"%PDF": "a PDF", b"PK\x03\x04": "a ZIP archive", b"\xd0\xcf\x11\xe0": "an old Office file"}
_COMMON = ("windows-1252", "iso-8859-15", "macintosh")
_NAME_IT = "name it with --encoding, such as --encoding windows-1252, or save the file as UTF-8"


def decoded(data: bytes, path: Path, encoding: str = "", declares: bool = False) -> tuple[str, tuple[Remark, ...]]:
    """The text, and what is not sure about it. `declares`: the file can say its own encoding, as HTML can.

    Raises `PolyleafError` where it is no text, or text in an encoding that nobody knows.
    """
    marked = next((codec for mark, codec in _MARKS if data.startswith(mark)), "")
    if not marked and not encoding:
        _refuse_binary(data, path)
    if marked or encoding:
        return _strict(data, path, marked or encoding, "is meant to be"), ()
    said = _DECLARED.search(data[:_HEAD]) if declares else None
    if said is None:
        return _guessed(data, path)
    return _as_declared(data, path, (said[1] or said[2]).decode("ascii"))


def _refuse_binary(data: bytes, path: Path) -> None:
    what = next((name for begin, name in _KNOWN_FILES.items() if data.startswith(begin)), "")
    found = _BINARY.search(data)
    if not what and found is None:
        return
    line = data[: found.start()].count(b"\n") + 1 if found else 1
    hint = "pages are HTML, DOCX, Markdown or plain text; text in UTF-16 begins with a byte order mark"
    message = f"this is {what}, whatever its name says" if what else "this is no text: it holds control characters"
    raise PolyleafError(Problem(message, path, line, hint))


def _strict(data: bytes, path: Path, name: str, how: str) -> str:
    """The text in an encoding that was named; browsers' names for encodings are known, and what they mean by them."""
    import webencodings

    known = webencodings.lookup(name)
    try:
        codec = codecs.lookup(known.codec_info.name if known else name).name
        text = data.decode("utf-8-sig" if codec == "utf-8" else codec)
        return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")  # NUL ends a text for parsers
    except (LookupError, ValueError) as error:
        if isinstance(error, UnicodeDecodeError):
            line = data[: error.start].count(b"\n") + 1
            message = f"the text {how} {name}, and byte 0x{data[error.start]:02X} is none of that"
            raise PolyleafError(Problem(message, path, line, _hint(data))) from None
        raise PolyleafError(Problem(f"the encoding {name!r} is not known", path, 1, _NAME_IT)) from None


def _hint(data: bytes) -> str:
    fits = next((name for name in ("utf-8", *_COMMON) if _can_be(data, name)), "")
    return f"it could be --encoding {fits}" if fits else _NAME_IT


def _can_be(data: bytes, name: str) -> bool:
    try:
        data.decode("cp1252" if name == "windows-1252" else name)
    except ValueError:
        return False
    return True


def _as_declared(data: bytes, path: Path, name: str) -> tuple[str, tuple[Remark, ...]]:
    """As the page says, unless it is UTF-8 beyond doubt: no other text looks like it by chance."""
    import webencodings

    known = webencodings.lookup(name)
    if known is not None and known.name != "utf-8" and not data.isascii() and _can_be(data, "utf-8"):
        told = Remark(1, f"the page says that it is {name}, and it was read as UTF-8, which it is")
        return _strict(data, path, "utf-8", "is"), (told,)
    return _strict(data, path, name, "says that it is"), ()


def _guessed(data: bytes, path: Path) -> tuple[str, tuple[Remark, ...]]:
    """UTF-8, else what it looks most like."""
    from charset_normalizer import from_bytes

    if _can_be(data, "utf-8"):
        return _strict(data, path, "utf-8", "is"), ()
    if _can_be(data, "windows-1252"):  # what browsers take for it too, in the West
        guess = "windows-1252"
    else:
        best = from_bytes(data).best()
        guess = best.encoding if best is not None else ""
    if not guess:
        message = "the encoding of the text cannot be told: it is not UTF-8"
        raise PolyleafError(Problem(message, path, _first_foreign(data), _NAME_IT))
    told = Remark(
        _first_foreign(data), f"its encoding is not said: it was read as {guess}; look at signs such as £ and °"
    )
    return _strict(data, path, guess, "was taken for"), (told,)


def _first_foreign(data: bytes) -> int:
    """The line of the first byte that is not ASCII."""
    return next((data[:place].count(b"\n") + 1 for place, byte in enumerate(data) if byte > 127), 1)
