"""The evidence bundle: everything in it, the same each time, with a seal of each file."""

from __future__ import annotations

import io
import zipfile

import pandas as pd
import pytest

from analysis.assessment import load_profile
from analysis.assessment.trafficking import load_trafficking
from analysis.documents.bibliography import write_bibliography
from analysis.documents.briefs import compose_brief
from analysis.documents.briefs.bundle import make_bundle
from analysis.documents.figure_files.evidence_mark import read_mark
from analysis.documents.seals.manifest import MANIFEST, read_manifest
from analysis.documents.seals.seal import find_change


def unpack(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def made(workspace):
    reading = load_trafficking(workspace, "MK", "2014-2025")
    return reading, make_bundle(reading, ["mk", "en"], workspace, "run-7")


def test_a_bundle_holds_documents_figures_rows_and_sources_in_each_language(made) -> None:
    held = unpack(made[1])

    stem = "north-macedonia_trafficking"
    per_language = [
        name.format(code)
        for code in ("mk", "en")
        for name in (
            stem + "_{}.docx",
            stem + "_{}.pdf",
            stem + "_{}.html",
            "statements_{}.md",
            "data_{}.csv",
            "data_{}.xlsx",
            "figures/trafficking_{}.svg",
            "figures/trafficking_{}.png",
            "figures/trafficking_{}.pdf",
            "figures/trafficking_{}.csv",
            "figures/trafficking_{}.xlsx",
            "figures/trafficking_{}.txt",
        )
    ]
    assert set(held) == {*per_language, "sources.bib", MANIFEST}


def test_every_file_is_sealed_and_the_claims_are_those_of_the_brief(made, workspace) -> None:
    reading, content = made
    held = unpack(content)
    manifest = read_manifest(held[MANIFEST])
    brief = compose_brief(reading, "en", workspace, "run-7")

    assert set(manifest.files) == set(held) - {MANIFEST}
    assert all(find_change(n, held[n], seal) is None for n, seal in manifest.files.items())
    assert manifest.made_from["run_id"] == "run-7"
    assert manifest.made_from["data_sha256"] == brief.provenance.data_sha256
    wanted = {i for n in brief.numbers for i in (n.reference, *n.inputs) if i}
    assert set(manifest.observations) == wanted
    assert manifest.files["data_en.csv"].units
    assert manifest.files[f"{brief.name}.docx"].units


def test_every_figure_says_what_it_was_made_from(made) -> None:
    held = unpack(made[1])
    manifest = read_manifest(held[MANIFEST])

    for end in (".svg", ".png", ".pdf", ".xlsx"):
        said = read_mark(held[f"figures/trafficking_mk{end}"], end)
        assert said.run == "run-7"
        assert said.area == "MK"
        assert said.language == "mk"
        assert said.data == manifest.made_from["data_sha256"]
        assert said.observations
        assert said == read_mark(held["figures/trafficking_mk.svg"], ".svg")


def test_the_same_inputs_give_the_same_bytes(made, workspace) -> None:
    reading, content = made

    assert make_bundle(reading, ["mk", "en"], workspace, "run-7") == content
    assert make_bundle(reading, ["mk", "en"], workspace, "run-8") != content


def test_the_statements_are_those_of_the_document(made) -> None:
    said = unpack(made[1])["statements_en.md"].decode()

    assert "**Fewer than half of the persons found were given material help: 40 of 113.**" in said
    assert "Draft for discussion" in said


def test_a_municipality_has_one_too(workspace) -> None:
    held = unpack(make_bundle(load_profile(workspace, "butel"), ["sq"], workspace))

    assert {"butel_sq.docx", "figures/change_sq.svg", "sources.bib"} <= set(held)


def source(**change):
    row = {
        "source_id": "a-1",
        "publisher": "Office",
        "title": "Figures",
        "address": "https://example.org/a_b",
        "as_of": "2024-05",
        "licence": "open",
        "verification": "secondary",
    }
    return pd.DataFrame([row | change])


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({}, "  note = {as of 2024-05; open; read in a secondary source, to be confirmed}"),
        ({}, "  url = {https://example.org/a_b},"),
        ({}, "  year = {2024},"),
        (
            {"title": "50 % & {more} #1_a\\b"},
            r"  title = {{50 \% \& \{more\} \#1\_a\textbackslash{}b}},",
        ),
        (
            {"as_of": ""},
            "  note = {without a date; open; read in a secondary source, to be confirmed}",
        ),
        ({"address": "by letter"}, "  howpublished = {by letter},"),
    ],
)
def test_a_source_is_an_entry(change, line) -> None:
    assert line in write_bibliography(source(**change)).decode().splitlines()


def test_a_source_without_a_date_has_no_year_and_one_without_a_link_no_address() -> None:
    text = write_bibliography(source(as_of="", address="by letter")).decode()

    assert "year" not in text
    assert "url" not in text
