"""The gate: a good brief passes, and each thing that may not be is told with its place."""

from __future__ import annotations

import dataclasses
import json
import shutil

import pytest
from typer.testing import CliRunner

from analysis.assessment import load_profile
from analysis.assessment.trafficking import load_trafficking
from analysis.cli import app
from analysis.documents.briefs import compose_brief
from analysis.documents.briefs.own_text import parse_own_text
from analysis.documents.gate.check import settle
from analysis.documents.gate.judge import compose_answer, is_blocked, judge_brief, say_finding
from analysis.documents.gate.numbers import (
    check_bare,
    check_languages,
    check_links,
    check_withheld,
)
from analysis.documents.gate.people import (
    Reply,
    ReplyError,
    check_reply,
    check_signatures,
    read_reply,
)
from analysis.documents.gate.words import (
    check_lengths,
    check_pictures,
    check_policies,
    check_recommendations,
    check_terms,
)
from analysis.documents.model import Bound, Bullets, Figure, Paragraph, Section, Sentence
from analysis.documents.wording import Wording
from analysis.protection.ledger.standing import Standing
from analysis.text import LANGUAGES, translator
from analysis.workspace import VARIABLE, Workspace

ENGLISH = Wording(translator("en"))


@pytest.fixture(scope="module")
def reading(workspace):
    return load_trafficking(workspace, "MK", "2014-2025")


@pytest.fixture(scope="module")
def briefs(reading, workspace):
    return {code: compose_brief(reading, code, workspace) for code in ("mk", "en")}


def say(check):
    return [f"{f.where}: {say_finding(f, ENGLISH)}" for f in check.findings]


def put(brief, *blocks, name="evidence"):
    """Give a brief with further blocks in a section."""
    sections = tuple(
        dataclasses.replace(s, blocks=(*s.blocks, *blocks)) if s.name == name else s
        for s in brief.sections
    )
    return dataclasses.replace(brief, sections=sections)


def said(*parts):
    return Paragraph(Sentence(parts))


@pytest.mark.parametrize("area", ["kumanovo", "butel", "gevgelija"])
def test_the_briefs_as_built_are_not_blocked(workspace, area) -> None:
    checks = judge_brief(load_profile(workspace, area), list(LANGUAGES), workspace)

    assert {c.name: say(c) for c in checks if c.state == "blocked"} == {}
    assert {c.name for c in checks if c.state == "open"} <= {"lengths", "reply", "signatures"}
    assert len(checks) == 13


def test_the_briefs_of_countries_are_not_blocked(reading, workspace) -> None:
    checks = judge_brief(reading, list(LANGUAGES), workspace)

    assert not is_blocked(checks), {c.name: say(c) for c in checks if c.state == "blocked"}


def test_a_number_without_its_rows_is_told(briefs, reading) -> None:
    loose = {"en": put(briefs["en"], said("There are ", Bound("12", 12.0, "", "value"), "."))}

    assert check_links(briefs, reading.data).state == "ok"
    check = check_links(loose, reading.data)
    assert check.state == "blocked"
    assert say(check) == ["en, evidence: the number 12 is bound to no observation"]
    strange = {"en": put(briefs["en"], said(Bound("12", 12.0, "nosuch", "value")))}
    assert say(check_links(strange, reading.data)) == [
        "en, evidence: the number 12 names the observation nosuch, which is not published"
    ]


def test_a_withheld_number_is_told_alone_and_inside_another(briefs, reading) -> None:
    frame = reading.data.frame
    row = frame.loc[frame["state"] == "suppressed", "observation_id"].iloc[0]
    for bound in (Bound("3", 3.0, row, "value"), Bound("30 %", 30.0, "", "value", (row,), "share")):
        check = check_withheld({"en": put(briefs["en"], said(bound))}, reading.data)
        assert check.state == "blocked"
        assert say(check) == [
            f"en, evidence: a number is printed that the published table withholds ({row})"
        ]
    word = Bound("× withheld", None, row, "suppressed")
    assert check_withheld({"en": put(briefs["en"], said(word))}, reading.data).state == "ok"


def test_another_number_in_one_language_is_told(briefs) -> None:
    assert check_languages(briefs).state == "ok"
    first = briefs["en"].numbers[0]
    more = briefs | {"en": put(briefs["en"], said(first), name="imprint")}
    assert say(check_languages(more)) == [
        f"en: its numbers are not those of mk: the first that differs is {first.text}"
    ]
    blocks = briefs["en"].section("key").blocks
    changed = Bullets((Sentence((dataclasses.replace(first, value=8.0, text="8"),)),))
    section = Section("key", "Key", (changed, *blocks[1:]))
    other = dataclasses.replace(briefs["en"], sections=(section, *briefs["en"].sections[1:]))
    check = check_languages(briefs | {"en": other})
    assert check.state == "blocked"
    assert say(check) == ["en: its numbers are not those of mk: the first that differs is 8"]


def test_a_typed_number_is_told_with_its_line() -> None:
    own = {"en": parse_own_text("# why_now\n\nSome 40 persons.\n", "kumanovo/en.md")}

    check = check_bare(own)
    assert check.state == "blocked"
    assert say(check) == [
        "kumanovo/en.md, 3: the number 40 is typed; write the id of its observation in braces"
    ]
    assert check_bare({}).state == "ok"


def test_a_picture_without_words_or_with_its_caption_again_is_told(briefs) -> None:
    (figure,) = briefs["en"].section("chart").blocks
    assert check_pictures(briefs).state == "ok"
    for alt, what in (
        (" ", "the picture trafficking has no text alternative"),
        (figure.picture.caption, "of the picture trafficking only repeats its caption"),
    ):
        mute = Figure(dataclasses.replace(figure.picture, alt=alt))
        (sentence,) = say(check_pictures({"en": put(briefs["en"], mute)}))
        assert sentence.startswith("en, evidence: ")
        assert what in sentence


def test_a_policy_without_a_date_is_told(briefs) -> None:
    assert check_policies(briefs).state == "ok"
    (table,) = briefs["en"].section("policy").blocks
    undated = dataclasses.replace(table, rows=(("Strategy", "no date", "draft", "read"),))
    check = check_policies({"en": put(briefs["en"], undated, name="policy")})

    assert check.state == "blocked"
    assert say(check) == ["en, policy: the policy Strategy stands without a date"]


@pytest.mark.parametrize(
    ("language", "text", "word"),
    [
        ("en", "Illegal migrants came.", "illegal migrant"),
        ("mk", "Илегалните премини", "илегалн"),
        ("sr-Latn", "migrantski talas", "migrantski talas"),
    ],
)
def test_a_word_that_harms_is_told(briefs, language, text, word) -> None:
    assert check_terms(briefs).state == "ok"
    brief = put(briefs["en"], said(text))

    assert say(check_terms({language: brief})) == [
        f"{language}, evidence: the word {word} is not used here: see the glossary"
    ]
    assert check_terms({language: put(briefs["en"], said(text), name="sources")}).state == "ok"


def test_what_is_too_long_waits_for_a_person(briefs) -> None:
    own = {"en": parse_own_text("# affected\n" + "word " * 61, "a/en.md")}
    titled = dataclasses.replace(briefs["en"], title="a " * 15)
    check = check_lengths({"en": titled}, own)

    assert check.state == "open"
    assert "en, title: 15 words, at most 14 are read" in say(check)
    assert "a/en.md, affected: 61 words, at most 60 are read" in say(check)
    assert check_lengths({}, {"en": parse_own_text("# affected\n" + "w " * 60, "a")}).state == "ok"


def test_a_recommendation_says_when_and_how_it_is_measured() -> None:
    good = "- The council adds a line by December 2026, measured by GOV-03."
    own = {"en": parse_own_text(f"# recommendations\n{good}\n- Do more.\n", "a/en.md")}

    assert say(check_recommendations(own)) == [
        "a/en.md, 3: a recommendation says no year",
        "a/en.md, 3: a recommendation says no indicator",
    ]
    assert check_recommendations(own).state == "open"


def test_the_right_of_reply_is_a_dated_note(tmp_path) -> None:
    path = tmp_path / "reply.toml"
    assert check_reply(read_reply(path), "here").state == "open"
    path.write_text("requested = 2026-11-30\n", encoding="utf-8")

    assert read_reply(path) == Reply(requested="2026-11-30")
    assert check_reply(read_reply(path), "here").state == "ok"


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("requested = 'soon'", "requested is 'soon', which is no date. Write it such as"),
        ("asked = 2026-01-01", "has the entry 'asked'. It may have requested and received"),
        ("requested", "cannot be read: .* Write two lines"),
    ],
)
def test_a_note_that_is_none_is_refused(tmp_path, text, sentence) -> None:
    path = tmp_path / "reply.toml"
    path.write_text(text, encoding="utf-8")

    with pytest.raises(ReplyError, match=sentence):
        read_reply(path)


def test_two_persons_sign() -> None:
    assert check_signatures(None).state == "open"
    released = Standing("released", 1, "a", "b", "2026-01-01", "x")
    assert check_signatures(released).state == "ok"


@pytest.mark.parametrize(
    ("checks", "title"),
    [
        ([settle("a", "A", [])], "May be published: Kumanovo"),
        (
            [check_reply(Reply(), "x")],
            "May be published once the open points are settled: Kumanovo",
        ),
        (
            [check_bare({"en": parse_own_text("# why_now\n7\n", "a")})],
            "May not be published yet: Kumanovo",
        ),
    ],
)
def test_the_answer_is_a_page_with_what_is_to_be_done(checks, title) -> None:
    answer = compose_answer(checks, "gate", "Kumanovo", "en")

    assert answer.title == title
    named = [s.name for s in answer.sections]
    assert named == (["findings", "checks"] if checks[0].findings else ["checks"])


def test_the_command_says_where_and_writes_the_page(workspace, tmp_path, monkeypatch) -> None:
    shutil.copytree(workspace.public, tmp_path / "data_processed" / "public")
    shutil.copytree(workspace.notebooks, tmp_path / "notebooks")
    space = Workspace(tmp_path)
    text = space.brief_texts / "butel" / "mk.md"
    text.parent.mkdir(parents=True)
    text.write_text("# why_now\nОколу 40 лица.\n", encoding="utf-8")
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    runner = CliRunner()
    done = runner.invoke(app, ["gate", "butel", "--language", "mk"])

    assert done.exit_code == 1, done.output
    assert "butel/mk.md, 2: the number 40 is typed" in done.output
    page = (space.own_briefs / "butel_gate_mk.html").read_text(encoding="utf-8")
    assert '<html lang="mk">' in page
    assert "butel/mk.md, 2" in page
    text.write_text("# why_now\nСега.\n", encoding="utf-8")
    done = runner.invoke(app, ["gate", "butel", "--language", "mk", "--json"])
    assert done.exit_code == 0
    assert {c["state"] for c in json.loads(done.stdout)} == {"ok", "open"}
