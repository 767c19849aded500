"""One year of a series is changed: the trend that counts it turns its words, and no other does."""

from __future__ import annotations

import pytest
from mutation.edits import TRAFFICKING

from analysis.assessment import load_profile
from analysis.assessment.migration import load_migration
from analysis.assessment.trafficking import load_trafficking
from analysis.documents import face
from analysis.documents.briefs import compose_brief
from analysis.documents.briefs.web import to_html
from analysis.documents.pdf import to_pdf
from analysis.documents.traces import find_numbers
from analysis.documents.word import to_docx
from analysis.store.files import OBSERVATIONS
from analysis.store.trace import read_rows

# Formally identified victims in North Macedonia in 2020: 7 in truth.
LINE = (
    "trafficking_identified_victims_persons,MK,2020-01-01,2020-12-31,total,total,total,total,total,"
)
KEY = ("trafficking_identified_victims_persons", "MK", "2020-12-31", "usdos-tip-2021")
NAMED = ("indicator_id", "area_id", "period_end", "source_id")
SPLITS = ("sex", "origin", "citizenship", "age", "category")
TURNED = {
    "en": (
        (
            (
                "Formally identified victims, North Macedonia: no clear change from 2015 to 2020 "
                "(too short to see any but a steep change; +8.5 % a year; 95 % interval: −16.8 % "
                "to 41.5 %)."
            ),
            (
                "Formally identified victims, North Macedonia: a rise from 2015 to 2020, "
                "on average +30.5 % a year (95 % interval: 1.9 % to 67.2 %); without 2020 "
                "and 2021 it is not clear."
            ),
        ),
        (
            ("+8.5 % a year (95 % interval −16.8 % to 41.5 %)", "cannot say (fewer than 10 cases)"),
            (
                "+30.5 % a year (95 % interval 1.9 % to 67.2 %)",
                (
                    "low (fewer than 30 cases, or an interval wider than 20 points; older than 24 "
                    "months; read in a secondary source)"
                ),
            ),
        ),
    ),
    "mk": (
        (
            (
                "Идентификувани жртви, Северна Македонија: нема јасна промена од 2015 до 2020 "
                "година (прекратка серија, забележлива е само нагла промена; +8,5 % годишно; 95 % "
                "интервал на доверба: од −16,8 % до 41,5 %)."
            ),
            (
                "Идентификувани жртви, Северна Македонија: пораст од 2015 до 2020 година, "
                "во просек +30,5 % годишно (95 % интервал на доверба: од 1,9 % до 67,2 %); без "
                "2020 и 2021 година не е јасен."
            ),
        ),
        (
            (
                "+8,5 % годишно (95-процентен интервал −16,8 % до 41,5 %)",
                "не може да се каже (помалку од 10 случаи)",
            ),
            (
                "+30,5 % годишно (95-процентен интервал 1,9 % до 67,2 %)",
                (
                    "ниска (помалку од 30 случаи, или интервал поширок од 20 поени; постаро од 24 "
                    "месеци; прочитано во секундарен извор)"
                ),
            ),
        ),
    ),
}
OTHERS = {
    "kumanovo": lambda space: load_profile(space, "kumanovo"),
    "migration": lambda space: load_migration(space, "MK", "2014-2025"),
    "serbia": lambda space: load_trafficking(space, "RS", "2014-2025"),
}
FORMATS = {"a.html": lambda d: to_html(d).encode(), "a.docx": to_docx, "a.pdf": to_pdf}


@pytest.fixture(autouse=True)
def one_hash(monkeypatch):
    """The hash of the data is the one thing that has to differ everywhere."""
    monkeypatch.setattr(face, "_digest", lambda _: "0" * 64)


@pytest.fixture(scope="module")
def steeper(changed_workspace):
    return changed_workspace([(TRAFFICKING, f"{LINE}7", "18")])


@pytest.fixture(scope="module")
def rows(workspace, steeper):
    """Both tables by id, without the hash of the file."""
    both = []
    for space in (workspace, steeper):
        held = read_rows(space.public / OBSERVATIONS)
        both.append({row["observation_id"]: row | {"snapshot_id": ""} for row in held})
    return both


@pytest.fixture(scope="module")
def changed_id(rows):
    """The observation that the line is, found by what it says and not by what changed."""
    (found,) = [
        one
        for one, row in rows[0].items()
        if tuple(row[name] for name in NAMED) == KEY
        and all(row[name] == "total" for name in SPLITS)
    ]
    return found


def brief_of(space, name, language):
    reading = (
        load_trafficking(space, "MK", "2014-2025") if name == "victims" else OTHERS[name](space)
    )
    return compose_brief(reading, language, space)


def sentences(document):
    said = [
        item
        for section in document.sections
        for block in section.blocks
        for item in (
            getattr(block, "items", ()) or ((block.sentence,) if hasattr(block, "sentence") else ())
        )
    ]
    return [" ".join("".join(map(str, one.parts)).split()) for one in said]


def test_one_count_changes_and_what_it_held_back_may_be_said(rows, changed_id) -> None:
    before, after = rows
    differs = {one for one in before if str(before[one]) != str(after[one])}
    opened = {tuple(before[one][name] for name in (*NAMED, *SPLITS)) for one in differs}
    year = (*KEY, "total", "total", "total", "total", "total")

    assert before.keys() == after.keys()
    assert (before[changed_id]["value"], after[changed_id]["value"]) == (7, 18)
    # Beside 7 in all, 6 women, 6 children and 5 of a form would tell of one or two other persons;
    # beside 18 they do not.
    assert opened == {
        year,
        (*KEY, "female", *year[5:]),
        (*year[:7], "child", "total"),
        (*year[:8], "form:sexual_exploitation"),
    }
    parts = differs - {changed_id}
    assert {before[one]["state"] for one in parts} == {"suppressed"}
    assert {before[one]["value"] for one in parts} == {None}
    assert sorted(after[one]["value"] for one in parts) == [5, 6, 6]


@pytest.mark.slow
@pytest.mark.parametrize("language", list(TURNED))
def test_the_trend_turns_its_words_and_no_other_sentence_does(workspace, steeper, language) -> None:
    before, after = (sentences(brief_of(s, "victims", language)) for s in (workspace, steeper))
    turned = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    (said, confidence) = TURNED[language]

    # Once among the key messages and once with its evidence, then how far it may be trusted.
    assert [pair for pair in turned if pair == said] == [said, said]
    (rest,) = [pair for pair in turned if pair != said]
    for whole, (value, trust) in zip(rest, confidence, strict=True):
        assert value in whole
        assert trust in whole
    assert (
        rest[0]
        .replace(confidence[0][0], confidence[1][0])
        .replace(confidence[0][1], confidence[1][1])
        == rest[1]
    )


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "mk"])
@pytest.mark.parametrize("file", list(FORMATS))
def test_exactly_the_numbers_that_count_the_year_change_in_every_file(
    workspace, steeper, changed_id, file, language
) -> None:
    read = [
        find_numbers(file, FORMATS[file](brief_of(space, "victims", language)))
        for space in (workspace, steeper)
    ]
    before, after = ([n for n in held if changed_id not in n.observations] for held in read)
    counted, recounted = (
        {(n.observations, n.method, n.text) for n in held if changed_id in n.observations}
        for held in read
    )

    assert before == after
    assert counted
    assert not counted & recounted
    assert {n[:2] for n in counted} == {n[:2] for n in recounted}


@pytest.mark.slow
@pytest.mark.parametrize("language", ["en", "mk"])
@pytest.mark.parametrize("name", list(OTHERS))
def test_briefs_that_do_not_count_it_stay_the_same_to_the_byte(
    workspace, steeper, name, language
) -> None:
    one, other = (brief_of(space, name, language) for space in (workspace, steeper))

    for file, write in FORMATS.items():
        assert write(one) == write(other), file
