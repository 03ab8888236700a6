"""Reading of configuration: YAML and TOML with the lines of their keys, and pydantic's findings as problems."""

from __future__ import annotations

import csv
import re
import tomllib
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from polyleaf.errors import PolyleafError, Problem, Problems, nearest

# Controls, line separators, and the embeddings and overrides that make text run backwards (UAX #9, 2.1 and 2.2).
_UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]")

Lines = Mapping[tuple[str, ...], int]
M = TypeVar("M", bound="Strict")


class Strict(BaseModel):
    """A part of a configuration file: no unknown fields, no silent conversion of one kind of value to another."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, str_strip_whitespace=True)


def read_text(path: Path, strict: bool = True) -> str:
    """Read a text file as UTF-8, with or without a byte order mark. If strict, it has no control characters."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise PolyleafError(Problem("the file is not UTF-8", path, line, "save it as UTF-8")) from None
    except OSError as error:
        raise PolyleafError(Problem(f"cannot be read: {error.strerror}", path)) from None
    problems = Problems()
    for number, content in enumerate(text.split("\n") if strict else (), start=1):
        for char in unwanted(content.removesuffix("\r")):
            problems.add(f"{char} does not belong in a text", path, number, "delete it")
    problems.raise_if_any()
    return text


def unwanted(text: str) -> list[str]:
    """The characters of a text that no file of a project may hold, each once, by its code and name."""
    return [
        f"U+{ord(char):04X} ({unicodedata.name(char, 'a control character')})"
        for char in sorted(set(_UNWANTED.findall(text)))
    ]


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
        raise PolyleafError(Problem(f"broken YAML: {error}", path, first_line, "mend what it says")) from None
    if not isinstance(data, dict):
        hint = "write one field a line: its name, a colon, a space and its value"
        raise PolyleafError(Problem("expected fields such as `title: ...`", path, first_line, hint))
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


def load_csv(
    path: Path, columns: Sequence[str], needed: Sequence[str], what: str
) -> Iterator[tuple[dict[str, str | None], int]]:
    """The rows of a CSV file by their columns, each with the line that it ends on. `what` names the file to a person.

    Raises `PolyleafError`.
    """
    # Strict: a quote that is opened and never closed would swallow all the rows after it.
    reader = csv.DictReader(read_text(path).splitlines(keepends=True), strict=True)
    line = 0
    try:
        given = [name.strip().lower() for name in reader.fieldnames or ()]
        _check_columns(given, path, columns, needed, what)
        reader.fieldnames = given
        line = reader.line_num
        for row in reader:
            line = reader.line_num
            yield row, line
    except csv.Error as error:
        hint = "put a text with commas or quotes in double quotes, and write a quote inside it twice"
        raise PolyleafError(Problem(f"this is no row of a CSV file: {error}", path, line + 1, hint)) from None


def _check_columns(given: Sequence[str], path: Path, columns: Sequence[str], needed: Sequence[str], what: str) -> None:
    problems = Problems()
    for name in needed:
        if name not in given:
            problems.add(f"the {what} has no column {name!r}", path, 1, f"its columns are {', '.join(columns)}")
    for name in given:
        if name not in columns:
            problems.add(f"unknown column {name!r}", path, 1, nearest(name, columns))
    problems.raise_if_any()


def load_toml(path: Path) -> tuple[dict[str, Any], dict[tuple[str, ...], int]]:
    """Read a TOML file: the data, and the line of every key and table as far as a plain look finds them."""
    text = read_text(path)
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        at = re.search(r"line (\d+)", str(error))
        hint = "write text in double quotes, lists in [ ], and every name once"
        raise PolyleafError(Problem(f"broken TOML: {error}", path, int(at[1]) if at else None, hint)) from None
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if match := re.match(r"\s*(\[\[?)\s*([^\]]+?)\s*\]+", line):
            table = tuple(part.strip().strip("\"'") for part in match[2].split("."))
            lines.setdefault(table, number)
            if match[1] == "[[":  # one of several: its place in the list is part of its fields' names
                entries = sum(1 for known in lines if known[:-1] == table and known[-1].isdigit())
                table = (*table, str(entries))
                lines[table] = number
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


def validate(model: type[M], data: object, path: Path, lines: Lines, problems: Problems, at: tuple[str, ...] = ()) -> M:
    """Check a mapping against a model; every mistake becomes a problem with its file and line.

    What comes back after mistakes has those fields alone that are in order or have a default, so that what hangs on
    them can still be checked.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        mistakes = error.errors()
    for mistake in mistakes:
        loc = tuple(mistake["loc"])
        name = ".".join(str(part) for part in loc) or ".".join(at)
        line = line_of(lines, (*at, *loc)) or line_of(lines, at) or 1
        message, hint = _in_words(model, mistake, name)
        problems.add(message, path, line, hint)
    wrong = {mistake["loc"][0] for mistake in mistakes if mistake["loc"]}
    given = data if isinstance(data, dict) else {}
    sound = {
        name: TypeAdapter(cast(Any, field.annotation)).validate_python(given[name])
        for name, field in model.model_fields.items()
        if name in given and name not in wrong
    }
    return model.model_construct(**sound)


_EXPECTED = {
    "string_type": ("text", 'write it in quotes: "1.0"'),
    "int_type": ("a whole number", "write digits without quotes"),
    "float_type": ("a number", "write digits without quotes"),
    "bool_type": ("true or false", "write true or false without quotes"),
    "list_type": ("a list", 'write it in square brackets: ["one", "two"]'),
    "dict_type": ("names with their values", "write one name a line, each with its value"),
    "model_type": ("fields", "write one field a line, each with its value"),
    "date_type": ("a date", "write year-month-day without quotes: 2026-11-24"),
    "string_too_short": ("some text", "write it, or remove the field if it may be left out"),
    "too_short": ("at least one entry", "add one"),
}
"""What was expected, and the way out, by pydantic's type of mistake."""


def _in_words(model: type[BaseModel], mistake: Any, name: str) -> tuple[str, str]:
    """A mistake that pydantic found as a message with its hint."""
    kind, loc, given = mistake["type"], mistake["loc"], mistake["input"]
    if kind in _EXPECTED:
        expected, hint = _EXPECTED[kind]
        return f"{name}: expected {expected}" + (f", found {given!r}" if given else ""), hint
    match kind:
        case "extra_forbidden":
            told = f"unknown field {name!r}", nearest(str(loc[-1]), _fields_at(model, loc[:-1]))
        case "missing":
            told = f"the field {name!r} is missing", f"add {loc[-1]!r}"
        case "literal_error":
            known = re.findall(r"'([^']+)'", mistake["ctx"]["expected"])
            told = f"{name}: unknown {str(given)!r}", nearest(str(given), known)
        case "string_pattern_mismatch":
            told = f"{name}: {given!r} is not written as it must be", _hint_of(model, loc)
        case "greater_than" | "greater_than_equal" | "less_than" | "less_than_equal":
            bound = mistake["msg"].removeprefix("Input should be ")
            told = f"{name}: {given!r} is not {bound}", _range_of(model, loc)
        case "string_too_long":
            told = f"{name}: longer than {mistake['ctx']['max_length']} characters", "shorten it"
        case _:
            message, _, hint = mistake["msg"].removeprefix("Value error, ").partition("; ")
            told = f"{name}: {message}", hint
    return told


def _hint_of(model: type[BaseModel], loc: tuple[str | int, ...]) -> str:
    """What the description of a field says about how it is written."""
    field = _model_at(model, loc[:-1]).model_fields.get(str(loc[-1]))
    return (field.description if field else None) or "see another one of the project's files"


def _range_of(model: type[BaseModel], loc: tuple[str | int, ...]) -> str:
    """The numbers that a field can be, as a hint."""
    field = _model_at(model, loc[:-1]).model_fields.get(str(loc[-1]))
    words = {"gt": "above", "ge": "from", "lt": "below", "le": "up to"}
    bounds = [
        f"{word} {getattr(part, name):g}"
        for name, word in words.items()
        for part in (field.metadata if field else ())
        if hasattr(part, name)
    ]
    return f"write a number {' '.join(bounds)}"


def _fields_at(model: type[BaseModel], loc: tuple[str | int, ...]) -> list[str]:
    """The field names of the model that stands at a place inside another one."""
    return [field.alias or name for name, field in _model_at(model, loc).model_fields.items()]


def _model_at(model: type[BaseModel], loc: tuple[str | int, ...]) -> type[BaseModel]:
    current: type[BaseModel] = model
    for part in loc:
        field = current.model_fields.get(str(part))
        if field is None:
            continue
        nested = _model_in(field.annotation)
        if nested is not None:
            current = nested
    return current


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, (_model_in(arg) for arg in getattr(annotation, "__args__", ()))), None)
