"""One raw figure is changed: what was made from it changes, and nothing else does."""

from __future__ import annotations

import re

import pytest
from mutation.edits import change

from analysis.assessment import load_profile
from analysis.assessment.migration import load_migration
from analysis.assessment.trafficking import load_trafficking
from analysis.catalog import load_areas
from analysis.documents.briefs import compose_brief
from analysis.documents.briefs.web import to_html
from analysis.documents.compose import compose_profile
from analysis.documents.figure_files.export import list_figures
from analysis.documents.pdf import to_pdf
from analysis.documents.rows import reading_rows
from analysis.documents.seals.units import read_units
from analysis.documents.traces import find_numbers
from analysis.documents.word import to_docx
from analysis.documents.wording import Wording
from analysis.sources.boundaries import load_boundaries
from analysis.store.build import BuildError, build_observations
from analysis.store.files import OBSERVATIONS
from analysis.store.trace import read_rows
from analysis.text import translator

# Residents of Kumanovo in 2021: 98,104 in truth. The printed totals move with it, as they would.
LABEL = re.compile(r"<text[^>]*>([^<]+)</text>")
IDS = ["observation_id", "inputs"]
PRINTED = "population_printed_totals.csv"
RISE = (
    ("population.csv", "MK-703,2021-01-01,2021-12-31,total,total,total,98104", "108104"),
    (PRINTED, "MK,2021-01-01,2021-12-31,total,total,total,1836713", "1846713"),
    (PRINTED, "MK007,2021-01-01,2021-12-31,total,total,total,152982", "162982"),
)
FEW = "unhcr_refugees_persons,MK-403,2007-01-01,2007-12-31,total,total,total,9"
WITHHELD = (("unhcr_municipality.csv", FEW, "8"),)
OPENED = {
    "kumanovo": lambda space: load_profile(space, "kumanovo"),
    "butel": lambda space: load_profile(space, "butel"),
    "migration": lambda space: load_migration(space, "MK", "2014-2025"),
    "trafficking": lambda space: load_trafficking(space, "MK", "2014-2025"),
}
# Whoever counts Kumanovo: itself, its region, the country; each as residents, change and per cent.
KUMANOVO = {"4064654c0c9c": (98104.0, 108104.0), "4040306bbfb8": (-7380.0, 2620.0)}
COUNTS = KUMANOVO | {
    "e603ba46ce84": (152982.0, 162982.0),
    "9d5b3072407b": (-19805.0, -9805.0),
    "f78574674816": (1836713.0, 1846713.0),
    "b01f17b29698": (-185834.0, -175834.0),
}
SHARES = {"f6414e046097", "91d06f50f81a", "499130073b65"}
COUNTRY = {"f78574674816", "b01f17b29698", "499130073b65"}
SENTENCES = {
    "fell by 7.0 %": "rose by 2.5 %",
    "98,104 residents: 7,380 fewer than in 2002, a fall of 7.0 %": (
        "108,104 residents: 2,620 more than in 2002, a rise of 2.5 %"
    ),
    "−11.5 % in the Northeast Region and −9.2 %": "−5.7 % in the Northeast Region and −8.7 %",
    "Residents fell by less in Kumanovo than in North Macedonia: 7.0 % against 9.2 %.": (
        "Residents rose in Kumanovo by 2.5 % and fell in North Macedonia by 8.7 %."
    ),
    "Value: −7,380 residents (−7.0 %)": "Value: +2,620 residents (2.5 %)",
    "Northeast Region −11.5 %, North Macedonia −9.2 %": (
        "Northeast Region −5.7 %, North Macedonia −8.7 %"
    ),
}


@pytest.fixture(scope="module")
def risen(changed_workspace):
    return changed_workspace(RISE)


def table(space):
    return {
        str(row["observation_id"]): {k: str(v) for k, v in row.items() if k != "snapshot_id"}
        for row in read_rows(space.public / OBSERVATIONS)
    }


def differing(one, other):
    assert one.keys() == other.keys()
    return {i for i in one if one[i] != other[i]}


def pieces(space, name, language):
    brief = compose_brief(OPENED[name](space), language, space)
    page = to_html(brief).replace(brief.provenance.data_sha256, "HASH")
    return brief, page, read_units("a.html", page.encode())


@pytest.mark.slow
def test_exactly_those_observations_change_that_count_the_figure(workspace, risen) -> None:
    before, after = table(workspace), table(risen)

    assert differing(before, after) == COUNTS.keys() | SHARES
    for one, (old, new) in COUNTS.items():
        assert (before[one]["value"], after[one]["value"]) == (str(old), str(new))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "wanted"), [("kumanovo", COUNTS.keys() | SHARES), ("butel", COUNTRY)]
)
@pytest.mark.parametrize("language", ["en", "mk"])
def test_the_same_numbers_change_in_every_format(workspace, risen, name, wanted, language) -> None:
    for make, file in ((to_docx, "a.docx"), (to_pdf, "a.pdf"), (None, "a.html")):
        read = []
        for space in (workspace, risen):
            brief, page, _ = pieces(space, name, language)
            read.append(find_numbers(file, make(brief) if make else page.encode()))
        before, after = ({(n.observations, n.text) for n in numbers} for numbers in read)
        shown = {i for n in read[0] for i in n.observations}
        assert {i for ids, _ in before - after for i in ids} == wanted & shown, file
        assert {i for ids, _ in after - before for i in ids} == wanted & shown, file
        assert shown >= wanted, file


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "mk"])
@pytest.mark.parametrize("name", ["migration", "trafficking"])
def test_a_document_without_the_figure_stays_as_it_is(workspace, risen, name, language) -> None:
    assert pieces(workspace, name, language)[1] == pieces(risen, name, language)[1]


@pytest.mark.slow
def test_the_words_turn_with_the_figure_and_no_other_sentence_does(workspace, risen) -> None:
    before, after = (pieces(space, "kumanovo", "en")[2] for space in (workspace, risen))
    kinds = ("title", "heading", "sentence")
    said = [
        (old.text.replace("\N{NO-BREAK SPACE}", " "), new.text.replace("\N{NO-BREAK SPACE}", " "))
        for old, new in zip(before, after, strict=True)
        if old.label.startswith(kinds) and old.text != new.text
    ]

    assert len(said) == 6
    for old, new in said:
        expected = old
        for was, became in SENTENCES.items():
            expected = expected.replace(was, became)
        assert new == expected
        assert new != old


@pytest.mark.slow
def test_the_map_moves_one_municipality_to_another_class(workspace, risen) -> None:
    names = []
    for space in (workspace, risen):
        held = {u.label: u.text for u in pieces(space, "kumanovo", "en")[2]}
        names.append(held["name of picture 2"].replace("\N{NO-BREAK SPACE}", " "))

    assert "Outlined is Kumanovo: −7.0 %, small decrease." in names[0]
    assert "Outlined is Kumanovo: 2.5 %, increase." in names[1]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "wanted"), [("kumanovo", COUNTS.keys() | SHARES)])
def test_exactly_those_rows_change_in_the_table_for_download(
    workspace, risen, name, wanted
) -> None:
    w = Wording(translator("mk"))
    before, after = (reading_rows(OPENED[name](space), w).map(str) for space in (workspace, risen))
    differs = before.ne(after).any(axis=1)
    # What a method worked out has no id; it names what went into it.
    uses = [bool(wanted & {i, *used.split()}) for i, used in before[IDS].to_numpy()]

    assert before[IDS].equals(after[IDS])
    assert list(differs) == uses
    assert wanted <= set(before.loc[differs, "observation_id"])
    assert set(before.columns[before.ne(after).any(axis=0)]) <= {"value", "lower", "upper"}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "mk"])
def test_exactly_those_charts_change_that_draw_the_figure(workspace, risen, language) -> None:
    boundaries = load_boundaries(load_areas().frame, None, None)
    drawn = []
    for space in (workspace, risen):
        document = compose_profile(load_profile(space, "kumanovo"), language, boundaries)
        drawn.append({name: one.svg for name, one in list_figures(document).items()})
    before, after = drawn

    assert before.keys() == after.keys() == {"change", "map", "registered", "applications", "route"}
    assert {name for name in before if before[name] != after[name]} == {"change", "map"}
    was, became = (set(LABEL.findall(made["change"])) for made in drawn)
    point = "," if language == "mk" else "."
    old = {f"−7{point}0 %", f"−11{point}5 %", f"−9{point}2 %"}
    new = {f"2{point}5 %", f"−5{point}7 %", f"−8{point}7 %"}
    assert {text.replace("\N{NO-BREAK SPACE}", " ") for text in was - became} == old
    assert {text.replace("\N{NO-BREAK SPACE}", " ") for text in became - was} == new


def test_a_figure_that_no_longer_fits_its_printed_total_is_refused(own_workspace) -> None:
    change(own_workspace, RISE[:1])

    with pytest.raises(BuildError, match="give 1846713 .* but 1836713 is printed"):
        build_observations(own_workspace.published)


@pytest.mark.slow
def test_a_count_that_becomes_zero_is_a_zero_and_no_blank(spaces) -> None:
    space = spaces["zero"]
    before, after = table(spaces["value"]), table(space)

    (one,) = differing(before, after)
    assert (before[one]["value"], before[one]["state"]) == ("26.0", "value")
    assert (after[one]["value"], after[one]["state"]) == ("0.0", "zero")
    numbers = find_numbers("a.html", pieces(space, "butel", "en")[1].encode())
    shown = [n.text for n in numbers if n.observations == (one,)]
    assert shown
    assert set(shown) == {"0"}


@pytest.mark.slow
def test_a_withheld_count_changes_nothing_that_is_public(workspace, changed_workspace) -> None:
    assert table(workspace) == table(changed_workspace(WITHHELD))
