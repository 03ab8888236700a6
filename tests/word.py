"""Small Word documents, written by hand: paragraphs with styles, lists, a table, a text box, a header and a comment."""

from __future__ import annotations

from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_STYLES = {"Title": "Title", "H1": "heading 1", "H2": "heading 2", "List": "List Paragraph"}


def paragraph(text: str, style: str = "", strong: bool = False, listed: int = 0) -> str:
    """A paragraph; `listed` is 1 in a bulleted list and 2 in a numbered one."""
    numbering = f'<w:numPr><w:ilvl w:val="0"/><w:numId w:val="{listed}"/></w:numPr>' if listed else ""
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    bold = "<w:rPr><w:b/></w:rPr>" if strong else ""
    return f"<w:p><w:pPr>{styled}{numbering}</w:pPr>{_run(text, bold)}</w:p>"


def _run(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def table(*rows: tuple[str, ...]) -> str:
    """A table of paragraphs."""
    cells = ("".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def box(text: str) -> str:
    """A shape with a text that is not part of the running text."""
    inside = f"<w:p><w:r><w:fldSimple><w:r><w:t>{text}</w:t></w:r></w:fldSimple></w:r></w:p>"
    return f"<w:p><w:r><w:object><w:unheardOf>{inside}</w:unheardOf></w:object></w:r></w:p>"


def document(*blocks: str, header: str = "", comment: str = "", before: str = "") -> bytes:
    """A document of these blocks. `before` stands before the root element of its main part."""
    parts = {
        "[Content_Types].xml": _content_types(),
        "_rels/.rels": _relations({"officeDocument": "word/document.xml"}),
        "word/_rels/document.xml.rels": _relations({"styles": "styles.xml", "numbering": "numbering.xml"}),
        "word/styles.xml": _styles(),
        "word/numbering.xml": _numbering(),
        "word/document.xml": before + _part("document", f"<w:body>{''.join(blocks)}</w:body>"),
    }
    if header:
        parts["word/header1.xml"] = _part("hdr", paragraph(header))
    if comment:
        parts["word/comments.xml"] = _part("comments", f'<w:comment w:id="0">{paragraph(comment)}</w:comment>')
    return package(parts)


def package(parts: dict[str, str]) -> bytes:
    """A ZIP file of these parts."""
    data = BytesIO()
    with ZipFile(data, "w", ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return data.getvalue()


def _part(name: str, inside: str) -> str:
    return f'<w:{name} xmlns:w="{_MAIN}">{inside}</w:{name}>'


def _content_types() -> str:
    kinds = {"document": "document.main", "styles": "styles", "numbering": "numbering"}
    parts = "".join(
        f'<Override PartName="/word/{name}.xml" ContentType="{_TYPE}.{kind}+xml"/>' for name, kind in kinds.items()
    )
    xml = '<Default Extension="xml" ContentType="application/xml"/>'
    relations = f'<Default Extension="rels" ContentType="{_PACKAGE.split("/2006", maxsplit=1)[0]}"/>'
    return f'<Types xmlns="{_PACKAGE}/content-types">{relations}{xml}{parts}</Types>'


def _relations(targets: dict[str, str]) -> str:
    found = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets.items())
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{found}</Relationships>'


def _styles() -> str:
    styles = (
        f'<w:style w:type="paragraph" w:styleId="{key}"><w:name w:val="{name}"/></w:style>'
        for key, name in _STYLES.items()
    )
    return _part("styles", "".join(styles))


def _numbering() -> str:
    forms = {1: "bullet", 2: "decimal"}
    levels = "".join(
        f'<w:abstractNum w:abstractNumId="{n}"><w:lvl w:ilvl="0"><w:numFmt w:val="{form}"/></w:lvl></w:abstractNum>'
        for n, form in forms.items()
    )
    numbers = "".join(f'<w:num w:numId="{n}"><w:abstractNumId w:val="{n}"/></w:num>' for n in forms)
    return _part("numbering", levels + numbers)
