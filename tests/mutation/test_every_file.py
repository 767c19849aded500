"""A count becomes a zero, or is withheld: every file that says so changes, and tells no more."""

from __future__ import annotations

import csv
import io
import re

import openpyxl
import pytest
from mutation.edits import ONE, OTHER_PARTS, WOMEN
from mutation.every_file import VICTIMS, take_every_file

from analysis.dashboard import sourced
from analysis.documents import face
from analysis.documents.figure_files.evidence_mark import read_mark
from analysis.documents.traces import find_numbers

pytestmark = pytest.mark.slow

LANGUAGES = ("en", "mk")
STATES = ("value", "zero", "withheld")
LABEL = re.compile(r"<text[^>]*>([^<]+)</text>")
# All that is printed of the count in documents and pages, with the rate that is worked out of it.
PRINTED = {
    "en": {
        "value": {"26", "26 p", "0.685", "0.447", "1.0"},
        "zero": {"0", "0 p", "0.0", "0.097"},
        "withheld": {"× withheld"},
    },
    "mk": {
        "value": {"26", "26 п", "0,685", "0,447", "1,0"},
        "zero": {"0", "0 п", "0,0", "0,097"},
        "withheld": {"× затаено"},
    },
}
# Its row in each table: the number and the state for a program, state and reason for a person.
ROW = {
    "en": {
        "value": ("26", "value", "number", ""),
        "zero": ("0", "zero", "counted, and the count is zero", ""),
        "withheld": ("", "suppressed", "withheld", "withheld so that nobody can be found"),
    },
    "mk": {
        "value": ("26", "value", "број", ""),
        "zero": ("0", "zero", "изброено, и бројот е нула", ""),
        "withheld": (
            "",
            "suppressed",
            "затаено",
            "затаено за да не може никој да биде пронајден",
        ),
    },
}
COLUMNS = ("value", "state", "state_in_words", "reason")
# What changes wherever the count does; {page} and {code} stand for the folder and the language.
CHANGED = """
briefs/butel_{code}.docx briefs/butel_{code}.html briefs/butel_{code}.pdf
bundle/butel_{code}.docx bundle/butel_{code}.html bundle/butel_{code}.pdf
bundle/data_{code}.csv bundle/data_{code}.xlsx bundle/manifest.json bundle/statements_{code}.md
dashboard/figures.html dashboard/rest.html
figures/registered.csv figures/registered.pdf figures/registered.png figures/registered.svg
figures/registered.txt figures/registered.xlsx
{page}/butel_{code}.docx {page}/butel_{code}.html {page}/butel_{code}.pdf
{page}/butel_pictures_{code}.zip/butel_registered_{code}.png
{page}/butel_pictures_{code}.zip/butel_registered_{code}.svg
{page}/butel_profile_{code}.csv {page}/butel_profile_{code}.xlsx
{page}/butel_registered_{code}.png {page}/butel_registered_{code}.svg
{page}/butel_registered_rates_table_{code}.csv {page}/butel_registered_table_{code}.csv
{page}/index.html
"""
# Nothing in it is another; without the count beside it a row of the country takes another place.
ORDERED = "{page}/butel_national_table_{code}.csv"


@pytest.fixture(scope="module", autouse=True)
def one_hash():
    """The hash of the data is the one thing that has to differ everywhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(face, "_digest", lambda _: "0" * 64)
        patch.setattr(sourced, "_hash_file", lambda _: "0" * 64)
        yield


@pytest.fixture(scope="module", params=LANGUAGES)
def every(request, spaces, tmp_path_factory):
    """All files of a municipality by the state of one count, and their language."""
    code = request.param
    return code, {
        name: take_every_file(space, "butel", code, tmp_path_factory.mktemp("made"))
        for name, space in spaces.items()
    }


def differing(one, other):
    assert one.keys() == other.keys()
    return {name for name in one if one[name] != other[name]}


def named(pattern, code):
    return {name.format(page=f"site/{code}/butel", code=code) for name in pattern.split()}


def traced(files):
    """All numbers of documents and pages, by file: what each was made from, and its text."""
    held = {}
    for name, content in files.items():
        # A picture as a PDF has a mark instead.
        if name.endswith((".docx", ".html", ".pdf")) and "figures/" not in name:
            held[name] = {(n.observations, n.text) for n in find_numbers(name, content)}
    return held


def read_tables(name, content):
    """Rows of a table, in whichever form."""
    if name.endswith(".csv"):
        return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    for sheet in openpyxl.load_workbook(io.BytesIO(content)):
        rows = list(sheet.iter_rows(values_only=True))
        if "observation_id" in rows[0]:
            return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    raise AssertionError(name)


def test_exactly_the_files_that_say_it_change(every):
    code, files = every

    assert differing(files["value"], files["zero"]) == named(CHANGED, code)
    assert differing(files["value"], files["withheld"]) == named(f"{CHANGED} {ORDERED}", code)
    (ordered,) = named(ORDERED, code)
    before, after = (sorted(files[name][ordered].splitlines()) for name in ("value", "withheld"))
    assert before == after
    # Far more is made than changes.
    assert len(files["value"]) > 80


def test_no_file_tells_which_number_was_withheld(every):
    """Neither in what is read nor in what is carried along: not one byte is another."""
    _, files = every

    assert differing(files["withheld"], files["withheld otherwise"]) == set()


def test_pages_briefs_and_dashboard_print_its_state_and_the_same_of_all_else(every):
    code, files = every
    numbers = {state: traced(files[state]) for state in STATES}

    for state in STATES:
        own = {
            name: {text for ids, text in held if ONE in ids}
            for name, held in numbers[state].items()
        }
        # The first view says who lives here; briefs, page and the rest of the dashboard print it.
        assert {name for name, texts in own.items() if not texts} == {"dashboard/first.html"}
        assert len(own) == 13
        assert set().union(*own.values()) == PRINTED[code][state]
        for name in ("dashboard/figures.html", *named("{page}/index.html", code)):
            assert own[name] == PRINTED[code][state]
    for name, held in numbers["value"].items():
        others = {one for one in held if ONE not in one[0]}
        assert {one for one in numbers["zero"][name] if ONE not in one[0]} == others
        # What was said beside the count, such as that of the year before, goes with it.
        assert {one for one in numbers["withheld"][name] if ONE not in one[0]} <= others


def test_every_table_has_its_state_in_words_and_a_number_only_where_there_is_one(every):
    code, files = every
    tables = [n for n in named(CHANGED, code) if n.endswith((".csv", ".xlsx"))]
    assert len(tables) == 8

    for state in STATES:
        for name in tables:
            rows = read_tables(name, files[state][name])
            own = [row for row in rows if row["observation_id"] == ONE]
            used = [row for row in rows if ONE in (row["inputs"] or "").split()]
            if "_rates_" in name and state == "withheld":
                # Of what is withheld no rate is worked out, and the table of rates leaves it out.
                assert (own, used) == ([], [])
                continue
            (row,) = own
            said = tuple("" if row[c] is None else str(row[c]) for c in COLUMNS)
            assert said == ROW[code][state], name
            assert bool(used) == (
                state != "withheld" and "registered." not in name and "registered_table" not in name
            ), name


def test_the_picture_has_a_zero_or_a_cross_and_its_words_count_it(every):
    code, files = every
    drawn = {
        state: LABEL.findall(files[state]["figures/registered.svg"].decode()) for state in STATES
    }
    (place,) = (
        i for i, labels in enumerate(zip(*drawn.values(), strict=True)) if len(set(labels)) > 1
    )
    assert [drawn[state][place] for state in STATES] == ["26", "0", "×"]

    _, zero, withheld = (ROW[code][state][2] for state in STATES)
    words = {state: files[state]["figures/registered.txt"].decode() for state in STATES}
    counted = {
        state: [int(n) for n in re.findall(rf"; {withheld}: (\d+)", words[state])]
        for state in STATES
    }
    assert f"{zero}: 1;" in words["zero"]
    assert zero not in words["value"] + words["withheld"]
    assert counted["zero"] == counted["value"]
    assert counted["withheld"] == [counted["value"][0] + 1]


@pytest.mark.parametrize("end", [".svg", ".png", ".pdf", ".xlsx"])
def test_the_mark_of_the_figure_names_it_and_nothing_else_of_it(every, end):
    _, files = every
    marks = [read_mark(files[state][f"figures/registered{end}"], end) for state in STATES]

    assert marks[0] == marks[1] == marks[2]
    assert marks[0] is not None
    assert ONE in marks[0].observations


@pytest.fixture(scope="module")
def other_parts(changed_workspace):
    return changed_workspace(OTHER_PARTS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_file_tells_the_parts_that_are_withheld_beside_their_sum(
    workspace, other_parts, tmp_path, language
):
    """Of six persons five were women; had four been, nobody could see it from outside."""
    made = [
        take_every_file(space, VICTIMS, language, tmp_path / str(place))
        for place, space in enumerate((workspace, other_parts))
    ]

    assert differing(*made) == set()
    assert len(made[0]) > 30
    said = {text for held in traced(made[0]).values() for ids, text in held if WOMEN in ids}
    assert said == PRINTED[language]["withheld"]
