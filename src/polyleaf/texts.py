"""Fixed texts that the program shows by itself, beside those of a theme's templates.

They are messages of the theme's domain, worded as in the default theme, so that each is translated once.
"""

from __future__ import annotations

from polyleaf.model import Message

PATIENT_INFORMATION = Message("page", "Patient information", comment="Small line at the top of every leaflet.")

MACHINE_DRAFTED = Message(
    "status",
    "This translation was drafted by a machine. No person has checked it yet.",
    comment="Stands with the version and the dates of the leaflet.",
)

REACH_US = Message("contact", "How to reach us", comment="A heading above phone numbers, opening hours and address.")
CLINIC = Message("contact", "Clinic", comment="Label of the clinic's phone number.")
OUT_OF_HOURS = Message("contact", "When the clinic is closed", comment="Label of a phone number.")
URGENT = Message(
    "contact",
    "Urgent medical advice",
    comment="Label of a phone number, such as NHS 111, for urgent help that is no emergency.",
)
EMERGENCY = Message("contact", "Emergency", comment="Label of the number that calls an ambulance.")
OPENING_HOURS = Message("contact", "Opening hours", comment="Label of the days and hours of the clinic.")

ABOUT_LEAFLET = Message("document", "About this leaflet", comment="A heading above version, dates and sources.")
NO_SUBSTITUTE = Message(
    "document",
    "This leaflet does not replace a talk with your clinician. Please ask us if anything is unclear.",
)
VERSION = Message("document", "Version: {version}", comment="{version} is a number such as 1.0.")
PUBLISHED = Message("document", "Published: {date}", comment="{date} is a date with day, month and year.")
NEXT_REVIEW = Message(
    "document", "Next review: {date}", comment="{date} is the date by which the leaflet is checked again."
)
WRITTEN_BY = Message("document", "Written by: {names}", comment="{names} is a person, a team or several of them.")
APPROVED_BY = Message(
    "document",
    "Approved by: {name} ({role})",
    comment="Stands with the version of the leaflet. {name} is a person with a title. {role} is what the person is, in"
    " the language that the person wrote it in.",
)
APPROVED_ON = Message(
    "document",
    "Approved on: {date}",
    comment="{date} is the day on which a clinician approved this leaflet.",
)
SOURCES = Message("document", "Sources", comment="A heading above the list of publications.")

TEXTS = (
    *(PATIENT_INFORMATION, MACHINE_DRAFTED),
    *(REACH_US, CLINIC, OUT_OF_HOURS, URGENT, EMERGENCY, OPENING_HOURS),
    *(ABOUT_LEAFLET, NO_SUBSTITUTE, APPROVED_BY, APPROVED_ON, VERSION, PUBLISHED, NEXT_REVIEW, WRITTEN_BY, SOURCES),
)
"""All of them, in the order in which a catalog has those that its theme does not show."""
