"""The proof as it is signed: a block for each edition, with its pages as small as they fit beside one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from babel import Locale

from polyleaf import cldr
from polyleaf.errors import PolyleafError, Problem
from polyleaf.finding import Finding
from polyleaf.page import direction, language_name
from polyleaf.project import Project
from polyleaf.proof.gather import Gathered, Proofed
from polyleaf.proof.thumbnails import framed, sizes_mm
from polyleaf.report.findings import counted, severities
from polyleaf.signoff.form import filled, laid_out, printed

_SCALES = (6, 8, 10, 12)
_WIDTH_MM = 180
_HEIGHT_MM = 64
"""Of the pages of an edition: three editions with pages of A4 fit on a page of the proof."""
_GAP_MM = 3
_BORDER_MM = 0.4
_BELOW_MM = 4.8
"""A page's number, and the gap below it."""


@dataclass(frozen=True)
class Thumbnail:
    """A page of an edition, with the size of its frame in mm; `key` tells all frames apart."""

    key: str
    number: int
    width: float
    height: float


@dataclass(frozen=True)
class Block:
    """What the proof says of one edition; `scale` is how many times smaller its pages are."""

    title: str
    title_lang: str
    language: str
    own_language: str
    lang: str
    direction: str
    clinic: str
    format: str
    profile: str
    type_size: str
    version: str
    approved: bool
    path: str
    sha256: str
    scale: int
    thumbnails: tuple[Thumbnail, ...]
    findings: tuple[Finding, ...]


def proof(project: Project, gathered: Gathered) -> bytes:
    """The proof as PDF, the same bytes for the same editions on the same day.

    Raises `PolyleafError` where a file cannot be shown.
    """
    blocks = [_block(project, edition, number) for number, edition in enumerate(gathered.editions)]
    locales = list(dict.fromkeys(["en", project.source_locale, *(each.edition.locale for each in gathered.editions)]))
    findings = gathered.findings
    html = filled(
        "proof.html",
        locales,
        project=project.root.name,
        date=project.today.isoformat(),
        editions=blocks,
        pages=sum(len(block.thumbnails) for block in blocks),
        errors=sum(finding.severity == "error" for finding in findings),
        severities=severities(findings),
        unapproved=sum(not block.approved for block in blocks),
        counted=counted,
        gap=_GAP_MM,
    )
    layout = laid_out(html, locales)
    places = layout.places("data-frame")
    frames = [[(each.number - 1, places[each.key]) for each in block.thumbnails] for block in blocks]
    return framed(printed(layout), zip((each.data for each in gathered.editions), frames, strict=True))


def _block(project: Project, proofed: Proofed, number: int) -> Block:
    edition = proofed.edition
    locale = cldr.locale_of(edition.locale)
    sizes = _sizes(proofed)
    scale = scale_of(sizes)
    return Block(
        title=project.leaflets[edition.leaflet].title.msgid,
        title_lang=project.source_locale.replace("_", "-"),
        language=locale.get_display_name(Locale("en")) or edition.locale,
        own_language=language_name(edition.locale),
        lang=edition.locale.replace("_", "-"),
        direction=direction(locale),
        clinic=project.clinics[edition.clinic].title,
        format=edition.format,
        profile=edition.profile,
        type_size=f"{proofed.type_size_pt:g} pt" if proofed.type_size_pt else "–",
        version=proofed.version,
        approved=proofed.approved,
        path=edition.path,
        sha256=proofed.sha256[:16],
        scale=scale,
        thumbnails=tuple(_thumbnails(sizes, scale, number)),
        findings=proofed.findings,
    )


def _sizes(proofed: Proofed) -> Sequence[tuple[float, float]]:
    try:
        return sizes_mm(proofed.data)
    except ValueError as error:
        hint = "build it again with --force"
        raise PolyleafError(Problem(f"{proofed.edition.path} cannot be shown: {error}", hint=hint)) from None


def _thumbnails(sizes: Sequence[tuple[float, float]], scale: int, edition: int) -> Iterator[Thumbnail]:
    for page, (width, height) in enumerate(sizes, start=1):
        yield Thumbnail(f"{edition}-{page}", page, round(width / scale, 2), round(height / scale, 2))


def scale_of(sizes: Sequence[tuple[float, float]]) -> int:
    """How many times smaller pages are shown: as large as goes without an edition taking more than its share."""
    return next((scale for scale in _SCALES if _height_mm(sizes, scale) <= _HEIGHT_MM), _SCALES[-1])


def _height_mm(sizes: Sequence[tuple[float, float]], scale: int) -> float:
    """How high the rows of pages are together."""
    widest = max(width for width, _ in sizes) / scale + _BORDER_MM
    highest = max(height for _, height in sizes) / scale + _BORDER_MM
    a_row = max(1, int((_WIDTH_MM + _GAP_MM) / (widest + _GAP_MM)))
    return -(-len(sizes) // a_row) * (highest + _BELOW_MM)
