"""The files of a figure tell nothing that is withheld, and the scanner would see it if they did."""

from __future__ import annotations

import dataclasses

import pytest

from analysis.assessment import load_profile
from analysis.catalog import load_areas
from analysis.documents.compose import compose_profile
from analysis.documents.figure_files.evidence_mark import embed_mark, read_mark
from analysis.documents.figure_files.export import Exhibit, make_figure_files
from analysis.protection.scanner.match import Matcher
from analysis.protection.scanner.scan import scan_bytes
from analysis.protection.scanner.secrets import read_secrets
from analysis.sources.boundaries import load_boundaries

MARKED = (".pdf", ".png", ".svg", ".xlsx")


@pytest.fixture(scope="module")
def secrets(workspace):
    return read_secrets(workspace)


@pytest.fixture(scope="module")
def files(workspace):
    profile = load_profile(workspace, "kumanovo")
    boundaries = load_boundaries(load_areas().frame, None, None)
    made = {}
    for name in ("registered", "change"):
        for code in ("mk", "en"):
            exhibit = Exhibit(compose_profile(profile, code, boundaries), profile, "p" * 64)
            made |= make_figure_files(exhibit, name)
    return made


def test_nothing_that_is_withheld_is_in_any_file(files, secrets):
    matcher = Matcher(secrets)
    leaks = [leak for name, content in files.items() for leak in scan_bytes(name, content, matcher)]

    assert len(files) == 24
    assert leaks == []


@pytest.mark.parametrize("end", MARKED)
def test_a_withheld_number_in_a_mark_is_found(files, secrets, end):
    hidden = next(
        cell
        for cell in secrets.cells
        if cell.area_id == "MK-703" and cell.indicator_id == "unhcr_refugees_persons"
    )
    value = int(max(hidden.values))
    content = files[f"kumanovo_registered_en{end}"]
    told = f"Refugees registered by UNHCR, Kumanovo, {hidden.period_end[:4]}: {value} persons"
    planted = dataclasses.replace(read_mark(content, end), title=told)
    leaks = scan_bytes(f"a{end}", embed_mark(content, end, planted), Matcher(secrets))

    assert hidden.observation_id in {leak.observation_id for leak in leaks}


def test_a_picture_of_many_marks_becomes_a_pdf_without_a_warning(files, caplog):
    content = files["kumanovo_change_mk.pdf"]
    again = embed_mark(content, ".pdf", read_mark(content, ".pdf"))

    assert caplog.records == []
    # Each mark stands there once, and writing the same again adds nothing.
    assert content.count(b" obj") < 150
    assert again == content
