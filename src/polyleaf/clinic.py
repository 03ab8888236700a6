"""Reads a clinic: its imprint, phones and the values that it sets, each checked where it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import phonenumbers
from babel import Locale
from phonenumbers import shortnumberinfo
from pydantic import Field, field_validator, model_validator

from polyleaf.config import Lines, Strict, line_of, load_toml, validate
from polyleaf.errors import PolyleafError, Problem, Problems, nearest
from polyleaf.logo import MOST_BYTES, LogoFaultError, read_logo
from polyleaf.model import Clinic, Leaflet, Logo, OpeningHours, Phone, Value
from polyleaf.values import parse_value, within

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_COLOUR = r"^#[0-9a-fA-F]{6}$"
_COLOUR_HINT = 'write six hexadecimal digits after a #: "#0f5c6e"'
_WEBSITE_HINT = "write the address that leaflets are below, without ? or #: https://clinic.example/leaflets"
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")

_EUROPEAN = (
    *("AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS", "IT", "LT"),
    *("LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "RU", "SE", "SI", "SK", "TR", "UA"),
)
EMERGENCY_NUMBERS = {
    **dict.fromkeys(_EUROPEAN, "112"),
    **dict.fromkeys(["GB", "BD", "HK"], "999"),
    **dict.fromkeys(["US", "CA", "MX", "PH"], "911"),
    "AU": "000",
    "CN": "120",
    "IN": "112",
    "NZ": "111",
    "SA": "997",
    "VN": "115",
}
"""The number that calls an ambulance, by territory; a clinic elsewhere names its own. From the ITU's list of national
emergency numbers; each is held to libphonenumber's data by a test."""


class _Colours(Strict):
    primary: str = Field(pattern=_COLOUR, description=_COLOUR_HINT)
    accent: str = Field(pattern=_COLOUR, description=_COLOUR_HINT)


class _Phones(Strict):
    main: str
    out_of_hours: str = ""
    urgent: str = ""
    emergency: str = ""


class _Hours(Strict):
    days: list[str] = Field(min_length=1)
    opens: str
    closes: str

    @field_validator("days")
    @classmethod
    def _known_days(cls, days: list[str]) -> list[str]:
        for day in days:
            if day not in _DAYS:
                raise ValueError(f"unknown day {day!r}; {nearest(day, _DAYS)}")
        return days

    @field_validator("opens", "closes")
    @classmethod
    def _time(cls, time: str) -> str:
        if not _TIME.fullmatch(time):
            raise ValueError(f"{time!r} is no time of day; write HH:MM on a 24-hour clock, such as 09:00")
        return time

    @model_validator(mode="after")
    def _in_order(self) -> _Hours:
        if self.closes <= self.opens:
            hint = "write hours past midnight as two entries, one to 23:59 and one from 00:00"
            raise ValueError(f"closes at {self.closes}, before it opens; {hint}")
        return self


class _ClinicFields(Strict):
    name: str = Field(min_length=1)
    territory: str
    logo: str
    address: list[str] = Field(min_length=1)
    website: str = Field(pattern=r"^https?://[^\s?#]+$", max_length=200, description=_WEBSITE_HINT)
    email: str = Field(default="", pattern=r"^([^\s@]+@[^\s@]+\.[^\s@.]+)?$", description="such as info@clinic.example")
    colours: _Colours
    phones: _Phones
    hours: list[_Hours] = []
    values: dict[str, dict[str, Any]] = {}

    @field_validator("territory")
    @classmethod
    def _known_territory(cls, territory: str) -> str:
        known = [code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha()]
        if territory not in known:
            raise ValueError(f"unknown territory {territory!r}; write an ISO 3166 code such as GB")
        return territory


def load_clinic(path: Path, leaflets: Mapping[str, Leaflet | None]) -> Clinic:
    """Read one clinic's TOML file; `leaflets` holds None for those that could not be read.

    Raises `PolyleafError` with every mistake in the file.
    """
    data, lines = load_toml(path)
    problems = Problems()
    fields = validate(_ClinicFields, data, path, lines, problems)
    phones: dict[str, Phone] = {}
    if hasattr(fields, "phones") and hasattr(fields, "territory"):
        phones = _phones(fields.phones, fields.territory, path, lines, problems)
    if hasattr(fields, "logo"):
        with problems.collect():
            logo = _logo(fields.logo, path, line_of(lines, ("logo",)))
    values = _values(fields.values, leaflets, path, lines, problems)
    problems.raise_if_any()
    return Clinic(
        name=path.stem,
        path=path,
        title=fields.name,
        territory=fields.territory,
        address=tuple(fields.address),
        phone=phones["main"],
        emergency=phones["emergency"],
        primary=fields.colours.primary.lower(),
        accent=fields.colours.accent.lower(),
        logo=logo,
        website=fields.website.rstrip("/"),
        out_of_hours=phones.get("out_of_hours"),
        urgent=phones.get("urgent"),
        email=fields.email,
        hours=tuple(
            OpeningHours(tuple(sorted(_DAYS.index(day) + 1 for day in set(h.days))), h.opens, h.closes)
            for h in fields.hours
        ),
        values=values,
        lines=lines,
    )


def _phones(fields: _Phones, territory: str, path: Path, lines: Lines, problems: Problems) -> dict[str, Phone]:
    given = fields.model_dump()
    given["emergency"] = given["emergency"] or EMERGENCY_NUMBERS.get(territory, "")
    phones: dict[str, Phone] = {}
    for name, number in given.items():
        line = line_of(lines, ("phones", name))
        if not number:
            if name == "main":
                problems.add("the clinic has no phone number", path, line, 'write main = "+44 20 7946 0123"')
            if name == "emergency":
                problems.add(f"no emergency number is known for {territory}", path, line, 'add emergency = "..."')
            continue
        phone = _phone(number, territory, urgent=name in ("emergency", "urgent"))
        if phone is None:
            hint = "write it with its country code: +44 20 7946 0123"
            problems.add(f"{number!r} is no phone number in {territory}", path, line, hint)
        elif name == "emergency" and not shortnumberinfo.is_emergency_number(number, territory):
            problems.add(f"{number!r} is no emergency number in {territory}", path, line, "look it up")
        else:
            phones[name] = phone
    return phones


def _phone(number: str, territory: str, urgent: bool) -> Phone | None:
    try:
        parsed = phonenumbers.parse(number, territory)
    except phonenumbers.NumberParseException:
        return None
    if parsed.extension:  # it would be lost in what a phone dials
        return None
    if urgent and re.fullmatch(r"[0-9]+", number) and phonenumbers.is_valid_short_number_for_region(parsed, territory):
        return Phone(number, territory, short=True)
    if not phonenumbers.is_valid_number(parsed):
        return None
    return Phone(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164), territory)


def format_phone(phone: Phone) -> str:
    """The number as it is dialled in the clinic's territory, grouped the way readers there know it."""
    if phone.short:
        return phone.number
    style = phonenumbers.PhoneNumberFormat
    parsed = phonenumbers.parse(phone.number)
    home = phonenumbers.region_code_for_number(parsed) == phone.territory
    return phonenumbers.format_number(parsed, style.NATIONAL if home else style.INTERNATIONAL)


_BLANK = Logo(b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>', "image/svg+xml")


def typical(clinic: Clinic) -> Clinic:
    """A made-up imprint of the same territory and shape: with as many lines, phones and hours, and nothing of its own.

    Whatever is decided on it holds for every clinic of that shape, so that their copies of a leaflet look the same.
    """
    example = phonenumbers.example_number(clinic.territory)
    number = (
        phonenumbers.format_number(example, phonenumbers.PhoneNumberFormat.E164) if example else clinic.phone.number
    )

    def made_up(phone: Phone | None) -> Phone | None:
        return phone if phone is None or phone.short else Phone(number, clinic.territory)

    return replace(
        clinic,
        name="typical",
        path=Path("typical.toml"),
        title="Northfield Skin and Vein Clinic",
        address=tuple("12 Station Road, Northfield" for _ in clinic.address),
        phone=Phone(number, clinic.territory),
        emergency=clinic.emergency if clinic.emergency.short else Phone(number, clinic.territory),
        out_of_hours=made_up(clinic.out_of_hours),
        urgent=made_up(clinic.urgent),
        email="office@northfield.example" if clinic.email else "",
        website="https://northfield.example/leaflets",
        hours=tuple(OpeningHours((1, 2, 3, 4, 5), "09:00", "17:00") for _ in clinic.hours),
        primary="#0b5563",
        accent="#c8573b",
        logo=_BLANK,
        values={},
        lines={},
    )


def _logo(name: str, path: Path, line: int | None) -> Logo:
    """The logo in a file beside the clinic's own. Raises `PolyleafError`."""
    try:
        return read_logo(Path(name).name, _logo_data(path.parent, name))
    except LogoFaultError as error:
        raise PolyleafError(Problem(f"the logo {name!r} {error.reason}", path, line, error.hint)) from None


def _logo_data(folder: Path, name: str) -> bytes:
    hint = "name an SVG, PNG or JPEG file beside the clinic's own"
    try:
        file = (folder / name).resolve()
        if not file.is_relative_to(folder.resolve()):
            raise LogoFaultError("lies outside the project", hint)
        if file.exists() and not file.is_file():
            raise OSError  # a pipe would be waited for
        if file.is_file() and file.stat().st_size > MOST_BYTES:
            told = f"has {file.stat().st_size / 1e6:.1f} MB, and {MOST_BYTES / 1e6:g} MB are allowed"
            raise LogoFaultError(told, "save it smaller: some 1,000 pixels are enough")
        return file.read_bytes()
    except LogoFaultError:
        raise
    except (OSError, ValueError, RuntimeError):
        raise LogoFaultError("is missing or cannot be read", hint) from None


def _values(
    given: Mapping[str, Mapping[str, Any]],
    leaflets: Mapping[str, Leaflet | None],
    path: Path,
    lines: Lines,
    problems: Problems,
) -> dict[str, dict[str, Value]]:
    chosen: dict[str, dict[str, Value]] = {}
    for name, values in given.items():
        leaflet = leaflets.get(name)
        if leaflet is None and name in leaflets:
            continue
        if leaflet is None:
            problems.add(f"unknown leaflet {name!r}", path, line_of(lines, ("values", name)), nearest(name, leaflets))
            continue
        for key, mapping in values.items():
            line = line_of(lines, ("values", name, key))
            try:
                chosen.setdefault(name, {})[key] = _chosen_value(leaflet, key, mapping)
            except PolyleafError as error:
                for found in error.problems:
                    problems.add(f"value {key!r}: {found.message}", path, line, found.hint)
    return chosen


def _chosen_value(leaflet: Leaflet, key: str, mapping: object) -> Value:
    """A clinic's value in place of the leaflet's, of the same kind and unit and within its bounds."""
    standard = leaflet.values.get(key)
    place = f"{leaflet.path}:{leaflet.lines.get(('values', key), 1)}"
    if standard is None:
        raise PolyleafError(Problem(f"{leaflet.path} has no such value", hint=nearest(key, leaflet.values)))
    if standard.bounds is None:
        raise PolyleafError(Problem(f"clinics cannot set it ({place})", hint="remove it here"))
    if not isinstance(mapping, dict):
        raise PolyleafError(Problem("expected fields", hint='such as {duration = [7, 14], unit = "day"}'))
    if "clinic" in mapping:
        raise PolyleafError(Problem(f"its bounds are the leaflet's to set ({place})", hint="remove 'clinic' here"))
    value = parse_value(mapping)
    if (value.kind, value.unit, value.of) != (standard.kind, standard.unit, standard.of):
        wanted = f"{standard.kind} in {standard.unit}s" if standard.unit else standard.kind
        raise PolyleafError(Problem(f"it must be a {wanted}, as in {place}"))
    if not within(value, standard.bounds):
        low, high = standard.bounds.min, standard.bounds.max
        hint = f"choose within {low} to {high} {standard.unit}s".rstrip()
        raise PolyleafError(Problem(f"outside the bounds {low} to {high} that {place} sets", hint=hint))
    return Value(value.kind, value.low, value.high, value.unit, value.of, standard.one, standard.other, standard.bounds)
