"""One published count becomes a zero, or so small that it is withheld: in everything made of it."""

from __future__ import annotations

import re

import pytest
from mutation.edits import ONE, STATES
from mutation.test_one_figure import LABEL, OPENED, differing, pieces, table

from analysis.assessment import load_profile
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
from analysis.text import translator

pytestmark = pytest.mark.slow

WORDS = {"en": "× withheld", "mk": "× затаено"}
SENTENCES = {
    "en": "The figures that UNHCR publishes for Butel in 2025 are zero: nobody was counted there.",
    "mk": "Бројките што УНХЦР ги објавува за Бутел во 2025 година се нула: таму не е изброено",
}
FORMS = ("facts", "short", "long")


def read_all(space, language):
    """Give what each file of the brief says of the figure, and of all others."""
    brief, page, _ = pieces(space, "butel", language)
    files = {"a.docx": to_docx(brief), "a.pdf": to_pdf(brief), "a.html": page.encode()}
    own, others = {}, {}
    for name, content in files.items():
        found = find_numbers(name, content)
        own[name] = {n.text for n in found if ONE in n.observations}
        others[name] = {(n.observations, n.text) for n in found if ONE not in n.observations}
    return own, others


def draw_all(space, language):
    boundaries = load_boundaries(load_areas().frame, None, None)
    document = compose_profile(load_profile(space, "butel"), language, boundaries)
    return {name: (one.svg, one.alt) for name, one in list_figures(document).items()}


def test_exactly_one_row_of_the_public_table_changes(spaces):
    tables = {name: table(space) for name, space in spaces.items()}
    said = {
        name: (held[ONE]["state"], held[ONE]["value"], held[ONE]["reason"])
        for name, held in tables.items()
    }

    for name in STATES:
        assert differing(tables["value"], tables[name]) == {ONE}
    assert said["value"] == ("value", "26.0", "")
    assert said["zero"] == ("zero", "0.0", "")
    assert said["withheld"] == ("suppressed", "None", "withheld so that nobody can be found")
    assert tables["withheld"] == tables["withheld otherwise"]


@pytest.mark.parametrize("language", ["en", "mk"])
def test_every_format_says_the_state_of_it_and_the_same_of_all_others(spaces, language):
    read = {name: read_all(spaces[name], language) for name in ("value", "zero", "withheld")}
    own = {name: said for name, (said, _) in read.items()}

    for file in ("a.docx", "a.pdf", "a.html"):
        assert own["value"][file] == {"26"}
        assert own["zero"][file] == {"0"}
        assert own["withheld"][file] == {WORDS[language]}
    assert read["zero"][1] == read["value"][1]
    for file, others in read["withheld"][1].items():
        # What was said beside the figure, such as that of the year before, goes with it.
        assert others <= read["value"][1][file]
        assert len(others) > 5


@pytest.mark.parametrize("language", ["en", "mk"])
@pytest.mark.parametrize("form", FORMS)
def test_the_brief_of_a_zero_says_that_nobody_was_counted(spaces, language, form):
    pages = {}
    for name in ("value", "zero", "withheld"):
        space = spaces[name]
        made = compose_brief(OPENED["butel"](space), language, space, form=form)
        pages[name] = re.sub(r"<[^>]+>", "", to_html(made)).replace("\N{NO-BREAK SPACE}", " ")

    assert SENTENCES[language] in pages["zero"]
    assert SENTENCES[language] not in pages["value"] + pages["withheld"]


@pytest.mark.parametrize("language", ["en", "mk"])
def test_exactly_the_chart_that_draws_it_changes(spaces, language):
    drawn = {name: draw_all(spaces[name], language) for name in ("value", "zero", "withheld")}
    names = set(drawn["value"])

    for name in ("zero", "withheld"):
        assert set(drawn[name]) == names
        changed = {kind for kind in names if drawn[name][kind] != drawn["value"][kind]}
        assert changed == {"registered"}
    crosses = {n: LABEL.findall(made["registered"][0]).count("×") for n, made in drawn.items()}
    # Some earlier years are withheld in truth.
    assert crosses["zero"] == crosses["value"]
    assert crosses["withheld"] == crosses["value"] + 1


def test_the_row_for_download_has_the_state_and_no_number(spaces):
    w = Wording(translator("en"))
    rows = {name: reading_rows(OPENED["butel"](space), w) for name, space in spaces.items()}
    said = {
        name: held.loc[held["observation_id"] == ONE, ["value", "state", "state_in_words"]]
        for name, held in rows.items()
    }
    told = {name: tuple(str(cell) for cell in held.iloc[0]) for name, held in said.items()}

    assert told["value"] == ("26.0", "value", "number")
    assert told["zero"] == ("0.0", "zero", "counted, and the count is zero")
    assert told["withheld"] == ("nan", "suppressed", "withheld")
    others = {name: list_others(held) for name, held in rows.items()}
    assert others["value"] == others["zero"] == others["withheld"]
    assert len(others["value"]) > 100
    # A rate is worked out of a zero, and none of what is withheld.
    used = {name: held["inputs"].str.split().explode().eq(ONE).sum() for name, held in rows.items()}
    assert used == {"value": 1, "zero": 1, "withheld": 0, "withheld otherwise": 0}


def list_others(rows):
    """List the rows of all other observations; a figure with a number comes before the rest."""
    kept = rows.loc[~rows["observation_id"].isin([ONE, ""])]
    return sorted(kept.map(str).itertuples(index=False, name=None))


def read_words(name, content, brief):
    """Read all that stands in a file; the hash of the data is no secret, and another each time."""
    units = read_units(name, content)
    return [(u.label, u.text.replace(brief.provenance.data_sha256, "HASH")) for u in units]


@pytest.mark.parametrize("language", ["en", "mk"])
def test_nothing_that_is_made_tells_which_number_was_withheld(spaces, language):
    made = []
    for name in ("withheld", "withheld otherwise"):
        space = spaces[name]
        profile = OPENED["butel"](space)
        said = []
        for form in FORMS:
            brief = compose_brief(profile, language, space, form=form)
            for file, content in (
                ("a.docx", to_docx(brief)),
                ("a.pdf", to_pdf(brief)),
                ("a.html", to_html(brief).encode()),
            ):
                said.append(read_words(file, content, brief))
        rows = reading_rows(profile, Wording(translator(language)))
        made.append((said, draw_all(space, language), rows.to_csv(index=False)))

    assert all(len(words) > 20 for words in made[0][0])
    assert made[0] == made[1]
