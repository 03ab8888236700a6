"""What a print shop asks of a PDF: the table `[print]` of the configuration, on top of a preset."""

from __future__ import annotations

import errno
import struct
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from pydantic import Field

from polyleaf.config import Lines, Strict, line_of
from polyleaf.errors import PolyleafError, Problem, Problems, nearest

DEFAULT_PRESET = "offset-coated"
SHORTEST_SLUG = 4
"""Millimetres that crop marks take: they stand 1 mm off the bleed and are 3 mm long at least."""
_LARGEST_PROFILE = 20 * 1024**2
_ICC_HINT = "ask the print shop for the ICC profile of its press and paper"


@dataclass(frozen=True)
class PrintTerms:
    """What a print shop asks for. `bleed`, `slug`, `safe_area` and `paper_thickness` are in mm, `ink_limit` is in
    percent of all inks.

    `icc` is an output profile of the printing condition, which `condition` names as `registry` has it. The slug is the
    strip outside the bleed, where crop marks stand.
    """

    bleed: float
    slug: float
    marks: bool
    icc: bytes = field(repr=False)
    condition: str
    registry: str
    ink_limit: float
    smallest_hairline_pt: float
    image_ppi: float
    safe_area: float
    paper_thickness: float


class PrintFields(Strict):
    """The table as it is written. What is left out is the preset's."""

    preset: str = DEFAULT_PRESET
    bleed: float | None = Field(default=None, ge=0, le=20)
    slug: float | None = Field(default=None, ge=0, le=50)
    marks: bool | None = None
    icc: str | None = Field(default=None, min_length=1)
    condition: str | None = Field(default=None, min_length=1)
    registry: str | None = Field(default=None, min_length=1)
    ink_limit: float | None = Field(default=None, ge=100, le=400)
    smallest_hairline_pt: float | None = Field(default=None, gt=0, le=5)
    image_ppi: float | None = Field(default=None, ge=50, le=2400)
    safe_area: float | None = Field(default=None, ge=0, le=50)
    paper_thickness: float | None = Field(default=None, ge=0, le=1)


def load_print_terms(
    fields: PrintFields, config: Path, lines: Lines, at: tuple[str, ...], problems: Problems
) -> PrintTerms:
    """The terms of a configuration's table, whose mistakes become problems. `at` is where the table stands in it."""

    def add(name: str, text: str, hint: str) -> None:
        problems.add(text, config, line_of(lines, (*at, name)) or 1, hint)

    known = presets()
    if fields.preset not in known:
        add("preset", f"unknown preset {fields.preset!r}", nearest(fields.preset, known))
    preset = known.get(fields.preset, known[DEFAULT_PRESET])
    given = {name: value for name, value in fields if name not in ("preset", "icc") and value is not None}
    if fields.icc is None and not preset["icc"]:
        add("preset", f"the preset {fields.preset!r} needs a profile", f'{_ICC_HINT}, and write icc = "FILE.icc"')
    if fields.icc is not None and "condition" not in given:
        hint = 'write what the print shop calls it: condition = "FOGRA51", say'
        add("icc", "the profile's printing condition has no name", hint)
    if fields.icc is None and given.get("condition", preset.get("condition")) != preset.get("condition"):
        add("condition", "another printing condition needs a profile of its own", _ICC_HINT)
    terms: dict[str, Any] = {"condition": "", **preset, **given}
    if terms["marks"] and terms["slug"] < SHORTEST_SLUG:
        hint = f"write slug = {SHORTEST_SLUG} or more, or marks = false"
        add("slug", f"crop marks do not fit into a slug of {terms['slug']:g} mm", hint)
    with problems.collect():
        if fields.icc is not None:
            terms["icc"] = _own_profile(fields.icc, config, line_of(lines, (*at, "icc")))
    return PrintTerms(**terms)


@cache
def presets() -> dict[str, dict[str, Any]]:
    """The fields of every preset by its name, with the profile as bytes."""
    data = files("polyleaf") / "data"
    found = tomllib.loads((data / "print.toml").read_text(encoding="utf-8"))
    return {
        name: {**fields, "icc": (data / "icc" / fields["icc"]).read_bytes() if "icc" in fields else b""}
        for name, fields in found.items()
    }


def _own_profile(name: str, config: Path, line: int | None) -> bytes:
    """A printer's own profile. Raises `PolyleafError` where it cannot be printed by."""
    path = config.parent / name
    try:
        data = _read_profile(path)
    except OSError as error:
        hint = "the path is relative to the configuration"
        told = f"icc: {path} cannot be read: {error.strerror}"
        raise PolyleafError(Problem(told, config, line, hint)) from None
    if len(data) > _LARGEST_PROFILE:
        wrong = f"is larger than {_LARGEST_PROFILE // 1024**2} MB, as no profile is"
    else:
        wrong = fault(data)
    if wrong:
        raise PolyleafError(Problem(f"icc: {path} {wrong}", config, line, _ICC_HINT))
    return data


def _read_profile(path: Path) -> bytes:
    """The bytes of a file, as far as one too many. Raises `OSError`, for what is no file too."""
    try:
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise OSError(errno.EINVAL, "It is no file")
        with path.open("rb") as file:
            return file.read(_LARGEST_PROFILE + 1)
    except ValueError:
        raise OSError(errno.EINVAL, "No file can have this name") from None


# ICC.1:2010, 7.2 and 7.3: the header's fields, and the table of tags behind it.
_HEADER, _TAG = 128, 12
_NEEDED_TAGS = (b"A2B0", b"B2A0", b"wtpt")


def fault(icc: bytes) -> str:
    """What keeps a file from being the output profile of a CMYK printing condition, or nothing."""
    wrong = _fault_of_header(icc) if len(icc) > _HEADER + 4 and icc[36:40] == b"acsp" else "is no ICC profile"
    return wrong or _fault_of_tags(icc) or _fault_in_use(icc)


def _fault_of_header(icc: bytes) -> str:
    size, count = int.from_bytes(icc[:4], "big"), int.from_bytes(icc[_HEADER : _HEADER + 4], "big")
    if len(icc) < max(size, _HEADER + 4 + count * _TAG):
        return f"is truncated: it has {len(icc)} of {max(size, _HEADER + 4 + count * _TAG)} bytes"
    kind, space = icc[12:16], icc[16:20]
    if space != b"CMYK":
        return f"is a profile for {_readable(space)}, not for CMYK"
    if kind != b"prtr":
        return f"is no output profile: its class is {_readable(kind)!r}, not 'prtr'"
    return ""


def _fault_of_tags(icc: bytes) -> str:
    count = int.from_bytes(icc[_HEADER : _HEADER + 4], "big")
    tags = [struct.unpack_from(">4sII", icc, _HEADER + 4 + index * _TAG) for index in range(count)]
    if any(offset + length > len(icc) for _, offset, length in tags):
        return "is truncated: a part lies beyond its end"
    missing = [tag.decode() for tag in _NEEDED_TAGS if tag not in {name for name, _, _ in tags}]
    return f"lacks {', '.join(missing)}" if missing else ""


def _readable(signature: bytes) -> str:
    return signature.decode("ascii", "replace").strip()


def _fault_in_use(icc: bytes) -> str:
    """What the colour engine says to it."""
    from io import BytesIO

    from PIL import ImageCms

    try:
        ImageCms.buildTransform(
            ImageCms.createProfile("sRGB"),
            ImageCms.ImageCmsProfile(BytesIO(icc)),
            "RGB",
            "CMYK",
            ImageCms.Intent.RELATIVE_COLORIMETRIC,
        )
    except (ImageCms.PyCMSError, OSError, ValueError) as error:
        return f"cannot be used: {error}"
    return ""
