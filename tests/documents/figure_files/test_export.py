"""The files of one figure: the same each time, with what they were made from inside."""

from __future__ import annotations

import dataclasses
import io
import re
import struct
import zipfile

import pandas as pd
import pytest
from lxml import etree
from pypdf import PdfReader

from analysis.assessment import load_profile
from analysis.catalog import load_areas
from analysis.documents.compose import compose_profile
from analysis.documents.figure_files.evidence_mark import (
    FigureMark,
    MarkError,
    embed_mark,
    read_mark,
)
from analysis.documents.figure_files.export import (
    Exhibit,
    FigureError,
    list_figures,
    make_figure_files,
)
from analysis.documents.figure_files.formats import tidy_svg
from analysis.documents.figure_files.mark_places import png_blocks
from analysis.documents.traces import find_numbers
from analysis.sources.boundaries import load_boundaries
from analysis.store.read import read_public

ENDINGS = {".csv", ".pdf", ".png", ".svg", ".txt", ".xlsx"}
MARKED = (".pdf", ".png", ".svg", ".xlsx")
LANGUAGES = ("mk", "en")


@pytest.fixture(scope="module")
def exhibits(workspace):
    profile = load_profile(workspace, "kumanovo")
    boundaries = load_boundaries(load_areas().frame, None, None)
    return {
        code: Exhibit(compose_profile(profile, code, boundaries), profile, policy="p" * 64)
        for code in LANGUAGES
    }


@pytest.fixture(scope="module")
def files(exhibits):
    return {code: make_figure_files(one, "registered") for code, one in exhibits.items()}


def by_ending(files):
    return {name[name.rindex(".") :]: content for name, content in files.items()}


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_figure_has_six_files_named_by_place_figure_and_language(files, code):
    assert set(files[code]) == {f"kumanovo_registered_{code}{end}" for end in ENDINGS}


def test_they_are_the_same_each_time(files, exhibits):
    assert make_figure_files(exhibits["mk"], "registered") == files["mk"]


@pytest.mark.parametrize("end", MARKED)
def test_each_says_inside_what_it_was_made_from(files, exhibits, end, workspace):
    document = exhibits["mk"].document
    said = read_mark(by_ending(files["mk"])[end], end)

    assert said.area == "MK-703"
    assert said.language == "mk"
    assert said.policy == "p" * 64
    assert said.data == document.provenance.data_sha256
    assert said.data_date == document.provenance.data_date
    assert said.licence
    public = set(read_public(workspace).frame["observation_id"])
    assert set(said.observations) <= public
    drawn = list_figures(document)["registered"].results
    assert said.observations == tuple(dict.fromkeys(r.reference for r in drawn))


def test_the_rows_are_those_that_are_drawn_and_withheld_ones_have_no_number(files):
    rows = pd.read_csv(io.BytesIO(by_ending(files["en"])[".csv"]), dtype=str)
    said = read_mark(by_ending(files["en"])[".png"], ".png")

    assert set(rows["observation_id"]) == set(said.observations)
    assert rows.loc[rows["state"] == "suppressed", ["value", "lower", "upper"]].isna().all().all()
    sheets = pd.ExcelFile(io.BytesIO(by_ending(files["en"])[".xlsx"]), engine="calamine")
    assert len(sheets.sheet_names) >= 3


def test_the_png_is_drawn_for_paper(files):
    content = by_ending(files["mk"])[".png"]
    blocks = dict(png_blocks(content))
    across, down, unit = struct.unpack(">IIB", blocks[b"pHYs"])
    wide = struct.unpack(">I", blocks[b"IHDR"][:4])[0]
    svg = etree.fromstring(by_ending(files["mk"])[".svg"])

    assert (across, down, unit) == (11811, 11811, 1)
    assert wide == pytest.approx(float(svg.get("width")) * 300 / 96, abs=1)


def test_the_pdf_has_the_size_of_the_drawing_its_language_and_letters(files):
    reader = PdfReader(io.BytesIO(by_ending(files["mk"])[".pdf"]))
    svg = etree.fromstring(by_ending(files["mk"])[".svg"])

    assert len(reader.pages) == 1
    assert float(reader.pages[0].mediabox.width) == pytest.approx(
        float(svg.get("width")) * 0.75, abs=0.6
    )
    assert reader.trailer["/Root"]["/Lang"] == "mk-MK"
    assert "/CreationDate" not in (reader.metadata or {})
    assert re.search("[а-шѓќљњџ]{3}", reader.pages[0].extract_text())


def test_the_svg_is_rounded_and_has_one_name(files):
    drawn = by_ending(files["mk"])[".svg"].decode()
    shapes = re.findall(r' (?:d|x|y|cx|cy|transform)="([^"]*)"', drawn)

    assert drawn.count("aria-label=") == 1
    assert shapes
    assert not any(re.search(r"\.\d{3,}", shape) for shape in shapes if "scale" not in shape)


@pytest.mark.parametrize(("code", "word"), [("mk", "Натпис"), ("en", "Caption")])
def test_the_words_say_caption_alternative_and_evidence(files, exhibits, code, word):
    said = by_ending(files[code])[".txt"].decode()
    picture = list_figures(exhibits[code].document)["registered"]

    assert f"{word}\n{picture.caption}" in said
    assert picture.alt in said
    assert exhibits[code].document.provenance.data_date in said


def test_a_figure_that_is_not_there_is_told_with_those_that_are(exhibits):
    with pytest.raises(FigureError, match=r"has no figure 'maps'\. Expected one of: change, "):
        make_figure_files(exhibits["en"], "maps")


@pytest.mark.parametrize("end", [".png", ".svg"])
def test_a_figure_is_traced_by_its_file(files, end):
    numbers = find_numbers(f"a{end}", by_ending(files["en"])[end])
    said = read_mark(by_ending(files["en"])[end], end)

    assert {o for n in numbers for o in n.observations} == set(said.observations)


def test_a_second_mark_takes_the_place_of_the_first(files):
    for end in MARKED:
        once = by_ending(files["en"])[end]
        told = dataclasses.replace(read_mark(once, end), run="run-8")
        again = embed_mark(embed_mark(once, end, FigureMark(("x",))), end, told)
        assert read_mark(again, end) == told


@pytest.mark.parametrize(
    ("end", "content", "why"),
    [
        (".gif", b"GIF89a", "have no place for a mark"),
        (".png", b"\x89PNG", "no whole PNG"),
        (".svg", b"<p/>", "no SVG"),
        (".pdf", b"none", "no whole PDF"),
        (".xlsx", b"none", "no whole workbook"),
    ],
)
def test_a_broken_file_is_refused_in_a_sentence(end, content, why):
    with pytest.raises(MarkError, match=why):
        embed_mark(content, end, FigureMark(()))


def test_a_workbook_needs_its_relations():
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("a.txt", "1")
    with pytest.raises(MarkError, match="an archive and no workbook"):
        read_mark(held.getvalue(), ".xlsx")


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("[]", "Expected an object of JSON"),
        ('{"patokaz": 2, "observations": []}', "Expected an object of JSON"),
        ('{"patokaz": 1, "observations": [1]}', "holds 1 where a text was expected"),
        ('{"patokaz": 1, "observations": [], "run": 3}', "holds 3 where a text was expected"),
    ],
)
def test_a_mark_that_was_changed_by_hand_is_refused(said, why):
    drawn = f'<svg><metadata id="patokaz-evidence">{said}</metadata></svg>'
    with pytest.raises(MarkError, match=why):
        read_mark(drawn.encode(), ".svg")


def test_what_scales_is_not_rounded():
    assert tidy_svg('<svg><g transform="scale(0.12345)"/></svg>') == (
        '<svg><g transform="scale(0.12345)"/></svg>'
    )
