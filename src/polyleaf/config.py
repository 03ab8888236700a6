"""Reading of configuration: YAML and TOML with the lines of their keys, and pydantic's findings as problems."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from polyleaf.errors import PolyleafError, Problem, Problems, nearest

# Controls, line separators, and the embeddings and overrides that make text run backwards (UAX #9, 2.1 and 2.2).
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]")

Lines = Mapping[tuple[str, ...], int]
M = TypeVar("M", bound="Strict")


class Strict(BaseModel):
    """A part of a configuration file: no unknown fields, no silent conversion of text to numbers."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def read_text(path: Path) -> str:
    """Read a text file as UTF-8, with or without a byte order mark."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise PolyleafError(Problem("the file is not UTF-8", path, line, "save it as UTF-8")) from None
    except OSError as error:
        raise PolyleafError(Problem(f"cannot be read: {error.strerror}", path)) from None
    problems = Problems()
    for number, content in enumerate(text.split("\n"), start=1):
        for char in sorted(set(_UNWANTED.findall(content.removesuffix("\r")))):
            name = unicodedata.name(char, "a control character")
            problems.add(f"U+{ord(char):04X} ({name}) does not belong in a text", path, number, "delete it")
    problems.raise_if_any()
    return text


class _Loader(yaml.SafeLoader):
    """Reads plain numbers only: YAML 1.1 takes 010 for 8 and 1:30 for 90. No aliases, and a date has its line."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":int", ":float", ":timestamp"))]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="an alias (*)", problem_mark=self.peek_event().start_mark)  # type: ignore[no-untyped-call]
        return super().compose_node(parent, index)

    def day(self, node: yaml.ScalarNode) -> date:
        try:
            return date.fromisoformat(node.value)
        except ValueError as error:
            raise yaml.MarkedYAMLError(problem=str(error), problem_mark=node.start_mark) from None


for _kind, _pattern in (
    ("int", r"[-+]?(0|[1-9]\d{0,17})$"),
    ("float", r"[-+]?\d{1,18}\.\d{1,18}$"),
    ("timestamp", r"\d{4}-\d\d-\d\d$"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", re.compile(_pattern, re.ASCII), list("-+0123456789"))
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.day)


def load_yaml(text: str, path: Path, first_line: int = 1) -> tuple[dict[str, Any], dict[tuple[str, ...], int]]:
    """Read a YAML mapping that starts on line `first_line` of its file: the data, and the line of every key."""
    try:
        node = yaml.compose(text, Loader=_Loader)
        data = yaml.load(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + first_line if mark else first_line
        hint = "quote text that has a colon, a # or a bracket in it"
        raise PolyleafError(Problem(f"broken YAML: {error.problem or error}", path, line, hint)) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise PolyleafError(Problem(f"broken YAML: {error}", path, first_line)) from None
    if not isinstance(data, dict):
        raise PolyleafError(Problem("expected fields such as `title: ...`", path, first_line))
    lines: dict[tuple[str, ...], int] = {}
    _note_lines(node, (), first_line, lines, path)
    return data, lines


def _note_lines(
    node: yaml.Node | None, at: tuple[str, ...], first_line: int, lines: dict[tuple[str, ...], int], path: Path
) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*at, str(key.value))
            line = key.start_mark.line + first_line
            if here in lines:
                raise PolyleafError(Problem(f"{key.value!r} is there twice", path, line, "keep one of them"))
            lines[here] = line
            _note_lines(value, here, first_line, lines, path)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            lines[(*at, str(index))] = value.start_mark.line + first_line
            _note_lines(value, (*at, str(index)), first_line, lines, path)


def load_toml(path: Path) -> tuple[dict[str, Any], dict[tuple[str, ...], int]]:
    """Read a TOML file: the data, and the line of every key and table as far as a plain look finds them."""
    text = read_text(path)
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        at = re.search(r"line (\d+)", str(error))
        raise PolyleafError(Problem(f"broken TOML: {error}", path, int(at[1]) if at else None)) from None
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if match := re.match(r"\s*\[+\s*([^\]]+?)\s*\]+", line):
            table = tuple(part.strip().strip("\"'") for part in match[1].split("."))
            lines.setdefault(table, number)
        elif match := re.match(r"\s*([\w\"'.-]+?)\s*=", line):
            keys = tuple(part.strip("\"'") for part in match[1].split("."))
            lines.setdefault((*table, *keys), number)
    return data, lines


def line_of(lines: Lines, at: tuple[str | int, ...]) -> int | None:
    """The line of a field, or of the nearest field around it."""
    keys = tuple(str(part) for part in at)
    while keys:
        if keys in lines:
            return lines[keys]
        keys = keys[:-1]
    return None


def validate(model: type[M], data: Mapping[str, Any], path: Path, lines: Lines, at: tuple[str, ...] = ()) -> M:
    """Check a mapping against a model; every mistake becomes a problem with its file and line."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        problems = Problems()
        for mistake in error.errors():
            loc = tuple(mistake["loc"])
            name = ".".join(str(part) for part in loc)
            line = line_of(lines, (*at, *loc))
            if mistake["type"] == "extra_forbidden":
                known = _fields_at(model, loc[:-1])
                problems.add(f"unknown field {name!r}", path, line, nearest(str(loc[-1]), known))
            elif mistake["type"] == "missing":
                problems.add(
                    f"the field {name!r} is missing", path, line or line_of(lines, at) or 1, f"add {loc[-1]!r}"
                )
            else:
                problems.add(f"{name}: {mistake['msg'].removeprefix('Value error, ')}", path, line)
        problems.raise_if_any()
        raise


def _fields_at(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    """The field names of the model that stands at a place inside another one."""
    current: type[BaseModel] = model
    for part in loc:
        field = current.model_fields.get(str(part))
        if field is None:
            continue
        nested = _model_in(field.annotation)
        if nested is not None:
            current = nested
    return [field.alias or name for name, field in current.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, (_model_in(arg) for arg in getattr(annotation, "__args__", ()))), None)
