"""Which font sets which script: the same files on every machine, whatever fonts that machine has.

Fonts come as packages (Noto Sans, SIL Open Font License). They are variable fonts, which WeasyPrint instances again on
every rendering; so static faces are made of them once and kept in the platform's cache folder, named by what they were
made of.
"""

from __future__ import annotations

import hashlib
import io
import os
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from math import ceil
from pathlib import Path
from xml.sax.saxutils import escape

from polyleaf import cldr
from polyleaf.files import cache_root, write_atomically

WEIGHTS = (400, 700)


@dataclass(frozen=True)
class Family:
    """A typeface: its CSS name and the variable font that its faces are made of."""

    name: str
    package: str
    file: str


LATIN = Family("Polyleaf Latin", "manimgx_fonts", "NotoSans[wght].ttf")
"""Latin, Cyrillic and Greek; at hand in every locale, for names and addresses."""

_BY_SCRIPT = {
    "Arab": Family("Polyleaf Arabic", "manimgx_fonts", "NotoSansArabic[wght].ttf"),
    "Armn": Family("Polyleaf Armenian", "manimgx_fonts", "NotoSansArmenian[wght].ttf"),
    "Beng": Family("Polyleaf Bengali", "manimgx_fonts", "NotoSansBengali[wght].ttf"),
    "Deva": Family("Polyleaf Devanagari", "manimgx_fonts", "NotoSansDevanagari[wght].ttf"),
    "Ethi": Family("Polyleaf Ethiopic", "manimgx_fonts", "NotoSansEthiopic[wght].ttf"),
    "Geor": Family("Polyleaf Georgian", "manimgx_fonts", "NotoSansGeorgian[wght].ttf"),
    "Gujr": Family("Polyleaf Gujarati", "manimgx_fonts", "NotoSansGujarati[wght].ttf"),
    "Guru": Family("Polyleaf Gurmukhi", "manimgx_fonts", "NotoSansGurmukhi[wght].ttf"),
    "Hans": Family("Polyleaf Han Simplified", "justmytype_intl_cjk", "fonts/ofl/notosanssc/NotoSansSC[wght].ttf"),
    "Hant": Family("Polyleaf Han Traditional", "justmytype_intl_cjk", "fonts/ofl/notosanstc/NotoSansTC[wght].ttf"),
    "Hebr": Family("Polyleaf Hebrew", "manimgx_fonts", "NotoSansHebrew[wght].ttf"),
    "Jpan": Family("Polyleaf Japanese", "justmytype_intl_cjk", "fonts/ofl/notosansjp/NotoSansJP[wght].ttf"),
    "Knda": Family("Polyleaf Kannada", "manimgx_fonts", "NotoSansKannada[wght].ttf"),
    "Kore": Family("Polyleaf Korean", "justmytype_intl_cjk", "fonts/ofl/notosanskr/NotoSansKR[wght].ttf"),
    "Mlym": Family("Polyleaf Malayalam", "manimgx_fonts", "NotoSansMalayalam[wght].ttf"),
    "Orya": Family("Polyleaf Oriya", "manimgx_fonts", "NotoSansOriya[wght].ttf"),
    "Sinh": Family("Polyleaf Sinhala", "manimgx_fonts", "NotoSansSinhala[wght].ttf"),
    "Taml": Family("Polyleaf Tamil", "manimgx_fonts", "NotoSansTamil[wght].ttf"),
    "Telu": Family("Polyleaf Telugu", "manimgx_fonts", "NotoSansTelugu[wght].ttf"),
    "Thai": Family("Polyleaf Thai", "manimgx_fonts", "NotoSansThai[wght].ttf"),
}


def families(locale: str) -> tuple[Family, ...]:
    """The font stack of a locale: its script's family first, so that digits and signs match the words."""
    own = _BY_SCRIPT.get(cldr.script(locale))
    return (own, LATIN) if own else (LATIN,)


def cache_folder() -> Path:
    """Where static faces are kept."""
    return cache_root() / "fonts"


def font_faces(*locales: str) -> str:
    """The `@font-face` rules of locales' stacks, with `file:` addresses; makes the faces where they are missing."""
    rules = []
    for family in dict.fromkeys(family for locale in locales for family in families(locale)):
        for weight in WEIGHTS:
            url = static_face(family, weight).as_uri()
            rules.append(
                f'@font-face{{font-family:"{family.name}";font-weight:{weight};font-style:normal;src:url("{url}")}}'
            )
    return "\n".join(rules)


def face_names(locale: str) -> list[str]:
    """The file names of a locale's faces, which tell their version and content."""
    return [_face_name(family, weight) for family in families(locale) for weight in WEIGHTS]


def font_stack(*locales: str) -> str:
    """The value of `font-family` for a locale, or for what is in several languages."""
    return ", ".join(
        f'"{name}"' for name in dict.fromkeys(family.name for each in locales for family in families(each))
    )


_TIMES_X_HEIGHT = 0.448
"""Of Times New Roman, which the EU's guideline on readability names, in em."""
_WITH_SMALL_LETTERS = frozenset({"Armn", "Cyrl", "Geor", "Grek", "Latn"})


def smallest_pt(locale: str, times: float) -> float:
    """The size in pt at which a locale's face looks as large as Times New Roman at the size `times`: by its x-height.

    Rounded up to tenths. A script without small letters has no x-height: its size is `times` itself.
    """
    if cldr.script(locale) not in _WITH_SMALL_LETTERS:
        return times
    return ceil(times * _TIMES_X_HEIGHT / _x_height(families(locale)[0]) * 10) / 10


@cache
def _x_height(family: Family) -> float:
    """In em."""
    from fontTools.ttLib import TTFont

    with TTFont(static_face(family, WEIGHTS[0]), lazy=True) as font:
        return float(font["OS/2"].sxHeight / font["head"].unitsPerEm)


def missing_characters(text: Iterable[str], *locales: str) -> set[str]:
    """The characters that no font of the locales' stacks has a glyph for."""
    covered = frozenset[int]().union(*map(_coverage, locales))
    return {char for part in text for char in part if ord(char) not in covered and not _is_unseen(char)}


def _is_unseen(char: str) -> bool:
    """Controls, spaces, joiners and direction marks need no glyph."""
    return char.isspace() or unicodedata.category(char) in ("Cc", "Cf") or char in "\ufe0e\ufe0f"


@cache
def _coverage(locale: str) -> frozenset[int]:
    from fontTools.ttLib import TTFont

    covered: set[int] = set()
    for family in families(locale):
        with TTFont(static_face(family, WEIGHTS[0]), lazy=True) as font:
            covered.update(font.getBestCmap())
    return frozenset(covered)


@cache
def static_face(family: Family, weight: int) -> Path:
    """The static face of a family in a weight, made now if the cache lacks it or holds a damaged one."""
    target = cache_folder() / _face_name(family, weight)
    if not _is_whole(target):
        _make_static(_source(family), weight, target)
        write_atomically(_sum_of(target), hashlib.sha256(target.read_bytes()).hexdigest().encode())
    return target


def _source(family: Family) -> Path:
    return Path(str(files(family.package))) / family.file


@cache
def _face_name(family: Family, weight: int) -> str:
    """Named by what the face is made of."""
    source = _source(family)
    digest = hashlib.sha256(source.read_bytes() + version("fonttools").encode()).hexdigest()[:16]
    return f"{source.name.partition('[')[0]}-{weight}-{digest}.ttf"


def _sum_of(face: Path) -> Path:
    return face.with_suffix(".sha256")


def _is_whole(face: Path) -> bool:
    try:
        return hashlib.sha256(face.read_bytes()).hexdigest().encode() == _sum_of(face).read_bytes()
    except OSError:
        return False


def _make_static(source: Path, weight: int, target: Path) -> None:
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    made = io.BytesIO()
    # The time of making must not get into the file: it is the same everywhere.
    with TTFont(source, recalcTimestamp=False) as font:
        axes = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes}
        instantiateVariableFont(font, {**axes, "wght": weight}).save(made)
    write_atomically(target, made.getvalue())


def isolate_from_system() -> None:
    """Hide the machine's own fonts from fontconfig. Must run before the first rendering of a process."""
    folder = cache_folder().resolve()
    config = folder / "fonts.conf"
    kept = escape(str(folder / "fontconfig"))
    text = f'<?xml version="1.0"?>\n<fontconfig><cachedir>{kept}</cachedir></fontconfig>\n'.encode()
    if not config.is_file() or config.read_bytes() != text:
        write_atomically(config, text)
    os.environ["FONTCONFIG_FILE"] = str(config)
