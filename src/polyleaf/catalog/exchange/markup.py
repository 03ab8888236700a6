"""XML as plain nodes with their lines. A document type is refused, and with it every entity that it could declare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from polyleaf.errors import PolyleafError, Problem
from polyleaf.package import DOCUMENT_TYPE

_DEEPEST = 100  # levels of elements; the files of translation tools have about ten
_MEND = "fetch the file from your translation tool again"


@dataclass
class Node:
    """An element. What has text among its children is written as it stands, without indentation."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: list[Node | str] = field(default_factory=list)
    line: int = 0

    @property
    def text(self) -> str:
        """All text inside."""
        return "".join(child if isinstance(child, str) else child.text for child in self.children)

    def all(self, *tags: str) -> list[Node]:
        """The children with one of these names."""
        return [child for child in self.children if isinstance(child, Node) and child.tag in tags]

    def first(self, tag: str) -> Node | None:
        """The first child with a name."""
        return next(iter(self.all(tag)), None)

    def below(self, tag: str) -> Iterator[Node]:
        """Every element with a name at any depth, without looking into those that have it."""
        for child in self.children:
            if isinstance(child, Node):
                if child.tag == tag:
                    yield child
                else:
                    yield from child.below(tag)


def element(tag: str, attributes: Mapping[str, str | None] | None = None, *children: Node | str) -> Node:
    """An element to write; attributes that are None are left out."""
    given = {name: value for name, value in (attributes or {}).items() if value is not None}
    return Node(tag, given, list(children))


def written(root: Node) -> bytes:
    """The document's bytes, in UTF-8."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{_written(root, 0)}\n'.encode()


def _written(node: Node, depth: int) -> str:
    attributes = "".join(f" {name}={quoteattr(value)}" for name, value in node.attributes.items())
    if not node.children:
        return f"<{node.tag}{attributes}/>"
    parts = [escape(child) if isinstance(child, str) else _written(child, depth + 1) for child in node.children]
    if any(isinstance(child, str) for child in node.children):
        return f"<{node.tag}{attributes}>{''.join(parts)}</{node.tag}>"
    lines = "".join(f"\n{' ' * (depth + 1)}{part}" for part in parts)
    return f"<{node.tag}{attributes}>{lines}\n{' ' * depth}</{node.tag}>"


def read(data: bytes, path: Path, prefixes: Mapping[str, str]) -> Node:
    """The root element of an XML file. `prefixes` says what stands before a name for each known namespace.

    Raises `PolyleafError` where it is not well-formed, has a document type, or is nested absurdly deep.
    """
    return _Reader(path, prefixes).read(data)


class _Reader:
    """Builds nodes from expat's events. Namespaces that `prefixes` lacks stay in the name: `{uri}name`."""

    def __init__(self, path: Path, prefixes: Mapping[str, str]) -> None:
        self._path = path
        self._prefixes = prefixes
        self._open: list[Node] = [Node("")]
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = self._document_type
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = lambda name: self._open.pop()
        self._parser.CharacterDataHandler = self._text

    def read(self, data: bytes) -> Node:
        try:
            self._parser.Parse(data, True)
        except expat.ExpatError as error:
            raise self._error(f"broken XML: {expat.ErrorString(error.code)}", error.lineno) from None
        except (LookupError, ValueError) as error:  # an encoding that Python or expat does not know
            raise self._error(f"broken XML: {error}", 1) from None
        return next(child for child in self._open[0].children if isinstance(child, Node))

    def _document_type(self, *declared: object) -> None:
        line = self._parser.CurrentLineNumber
        raise self._error(f"the file has {DOCUMENT_TYPE}", line, "take it out, or save the file without it")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        line = self._parser.CurrentLineNumber
        if len(self._open) > _DEEPEST:
            raise self._error(f"XML nested more than {_DEEPEST} levels deep", line)
        node = Node(self._named(name), {self._named(key): value for key, value in attributes.items()}, line=line)
        self._open[-1].children.append(node)
        self._open.append(node)

    def _text(self, text: str) -> None:
        self._open[-1].children.append(text)

    def _named(self, name: str) -> str:
        namespace, _, local = name.rpartition(" ")
        if not namespace:
            return local
        return f"{self._prefixes[namespace]}{local}" if namespace in self._prefixes else f"{{{namespace}}}{local}"

    def _error(self, message: str, line: int, hint: str = _MEND) -> PolyleafError:
        return PolyleafError(Problem(message, self._path, line, hint))
