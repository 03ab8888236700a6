"""What the leaflets say in English: readable, sourced, and with every quantity as a value."""

from __future__ import annotations

import re

import pytest
from conftest import LEAFLETS, REPOSITORY

from polyleaf.leaflet import block_messages, load_leaflet
from polyleaf.model import Leaflet

CLINICAL = ("indications", "contraindications", "benefits", "risks")


def leaflet(name: str) -> Leaflet:
    return load_leaflet(REPOSITORY / f"templates/leaflets/{name}.md")


def plain(text: str) -> str:
    return re.sub(r"\s*\[@\w+\]", "", re.sub(r"\{\w+\}", "3 days", text))


@pytest.mark.parametrize("name", LEAFLETS)
def test_a_reader_of_fourteen_understands_it(name: str) -> None:
    import textstat

    sentences = []
    for message in leaflet(name).messages:
        text = plain(message.msgid)
        sentences.append(text if text.endswith((".", "?", ":")) else f"{text}.")
    # US grades: 4 to 6 is age 9 to 11, 9 is age 14. By the Automated Readability Index, which counts letters; indexes
    # that count syllables need a dictionary from the network.
    assert textstat.automated_readability_index(" ".join(sentences)) < 6


@pytest.mark.parametrize("name", LEAFLETS)
def test_no_number_stands_in_the_text(name: str) -> None:
    for message in leaflet(name).messages:
        assert not re.search(r"\d", re.sub(r"\{\w+\}|\[@\w+\]", "", message.msgid)), message


@pytest.mark.parametrize("name", ["endovenous-laser-treatment", "microsclerotherapy"])
def test_every_clinical_statement_has_its_source(name: str) -> None:
    unsourced = []
    for section in leaflet(name).sections:
        for part in (section, *section.parts):
            for block in part.blocks:
                messages = block_messages(block)
                if section.key == "risks" and len(messages) > 1:  # a row of the table has its source in the last cell
                    messages = messages[5::3]
                if section.key in CLINICAL and len(messages) > 1:
                    unsourced += [message.msgid for message in messages if "[@" not in message.msgid]
    assert [text for text in unsourced if "allergic to a local anaesthetic" not in text] == []


def test_every_source_is_cited() -> None:
    for name in LEAFLETS:
        read = leaflet(name)
        cited = {key for message in read.messages for key in re.findall(r"\[@(\w+)\]", message.msgid)}
        assert cited == {source.key for source in read.sources}
