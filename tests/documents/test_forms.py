"""The forms of a brief: what stands in each, in which order, and what only people can write."""

from __future__ import annotations

import io
import shutil

import docx
import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

from analysis.assessment import load_profile
from analysis.assessment.migration import load_migration
from analysis.assessment.trafficking import load_trafficking
from analysis.cli import app
from analysis.documents.brief_forms import FACTS, LONG, SHORT, FormError
from analysis.documents.briefs import compose_brief, write_briefs
from analysis.documents.briefs.forms import PLACES, form_of
from analysis.documents.briefs.own_text import HEADINGS, parse_own_text
from analysis.documents.briefs.start_text import lay_out_text, write_start_text
from analysis.documents.briefs.web import to_html
from analysis.documents.briefs.write import stem_of
from analysis.documents.gate.judge import judge_brief
from analysis.documents.gate.words import check_pages, check_recommendations
from analysis.documents.model import Bullets, Paragraph, Table
from analysis.documents.pdf import to_pdf
from analysis.documents.word import to_docx
from analysis.documents.wording import Wording
from analysis.suite.cache import Keys
from analysis.suite.plan import plan_runs
from analysis.suite.suite_file import SuiteError
from analysis.text import LANGUAGES, translator
from analysis.workspace import VARIABLE, Workspace

PERIOD = "2014-2025"
READINGS = {
    "kumanovo": lambda space: load_profile(space, "kumanovo"),
    "ohrid": lambda space: load_profile(space, "ohrid"),
    "mk-migration": lambda space: load_migration(space, "MK", PERIOD),
    "rs-trafficking": lambda space: load_trafficking(space, "RS", PERIOD),
    "mk-trafficking": lambda space: load_trafficking(space, "MK", PERIOD),
}
HEAD = "| Who | What | When | Money | Measured | Finding |\n|---|---|---|---|---|---|\n"
ROW = "| The council | adds a line | by December 2026 | its budget | GOV-03 | F2 |\n"


@pytest.fixture(scope="module")
def kumanovo(workspace):
    return READINGS["kumanovo"](workspace)


@pytest.fixture
def space(workspace, tmp_path):
    shutil.copytree(workspace.public, tmp_path / "data_processed" / "public")
    return Workspace(tmp_path)


def write(space, text, language="en", stem="kumanovo"):
    path = space.brief_texts / stem / f"{language}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def names(brief):
    return [section.name for section in brief.sections]


def leads(brief):
    blocks = brief.section("evidence").blocks
    return [str(b.sentence) for b in blocks if isinstance(b, Paragraph) and b.role == "lead"]


def test_the_facts_have_no_place_to_fill_in(kumanovo, workspace) -> None:
    brief = compose_brief(kumanovo, "en", workspace)

    assert names(brief) == [
        "key", "chart", "evidence", "residents", "unknown", "method", "sources", "imprint",
    ]  # fmt: skip
    assert brief.name == "kumanovo_en"
    assert not any(lead.startswith("F1") for lead in leads(brief))


def test_the_short_form_is_to_decide_by(workspace) -> None:
    reading = READINGS["mk-trafficking"](workspace)
    facts = compose_brief(reading, "en", workspace)
    brief = compose_brief(reading, "en", workspace, form=SHORT)

    assert names(brief) == [
        "decision", "key", "chart", "evidence", "recommendations", "unknown", "method", "sources",
        "imprint",
    ]  # fmt: skip
    assert brief.name == "north-macedonia_trafficking_short_en"
    assert len(leads(facts)) > len(leads(brief)) == 3
    assert leads(brief) == [f"F{n} · {said}" for n, said in enumerate(leads(facts)[:3], start=1)]
    (unknown,) = brief.section("unknown").blocks
    assert isinstance(unknown, Bullets)
    assert len(unknown.items) == 1
    # What nothing cites any more is no source of it.
    (table,) = brief.section("sources").blocks
    (whole,) = facts.section("sources").blocks
    said = " ".join(str(b.sentence) for b in brief.section("evidence").blocks)
    assert [row[0] for row in table.rows] == [row[0] for row in whole.rows if row[0] in said]
    assert 0 < len(table.rows) < len(whole.rows)


def test_the_long_form_has_a_marked_place_for_what_only_people_can_say(workspace, kumanovo) -> None:
    brief = compose_brief(kumanovo, "en", workspace, form=LONG)

    assert names(brief) == [
        "decision", "key", "chart", "why_now", "evidence", "affected", "residents", "options",
        "recommendations", "objections", "unknown", "method", "sources", "imprint",
    ]  # fmt: skip
    for name in PLACES:
        first, *rest = brief.section(name).blocks
        assert isinstance(first, Paragraph)
        assert first.role == "warning"
        assert "To be filled in" in str(first.sentence)
        assert [type(b) for b in rest] == (
            [Table] if name in {"options", "recommendations"} else []
        )
    (options,) = (b for b in brief.section("options").blocks if isinstance(b, Table))
    assert [str(row[0]).removeprefix("[en] ") for row in options.rows] == ["Do nothing", "A", "B"]
    assert {str(c) for row in options.rows for c in row[1:]} == {"…"}
    (said,) = brief.section("affected").blocks
    assert "stateless persons registered by UNHCR" in str(said.sentence)
    assert "change" not in str(said.sentence)


def test_a_place_is_marked_in_every_file_and_stays_with_its_table(workspace, kumanovo) -> None:
    brief = compose_brief(kumanovo, "en", workspace, form=LONG)
    said = {str(brief.section(name).blocks[0].sentence) for name in PLACES}
    word = docx.Document(io.BytesIO(to_docx(brief)))
    marked = [p for p in word.paragraphs if any(r.font.highlight_color for r in p.runs)]

    assert {p.text for p in marked} == said
    assert all(p.paragraph_format.keep_with_next for p in marked)
    assert to_html(brief).count('<p class="warning" role="note">') == len(said)


def test_no_form_says_another_number(workspace) -> None:
    for name in ("kumanovo", "mk-trafficking"):
        reading = READINGS[name](workspace)
        facts = compose_brief(reading, "en", workspace)
        every = {(n.value, n.reference, n.inputs) for n in facts.numbers}
        short = compose_brief(reading, "en", workspace, form=SHORT)
        long = compose_brief(reading, "en", workspace, form=LONG)
        assert {(n.value, n.reference, n.inputs) for n in long.numbers} == every
        assert {(n.value, n.reference, n.inputs) for n in short.numbers} < every
        assert [form_of(b) for b in (facts, short, long)] == [FACTS, SHORT, LONG]
        assert {stem_of(b) for b in (facts, short, long)} == {facts.name.removesuffix("_en")}


def test_a_text_takes_the_place_of_its_mark(space, kumanovo) -> None:
    write(
        space,
        "# decision\nThe council decides in December 2026.\n# affected\nFamilies.\n"
        f"# recommendations\n{HEAD}{ROW}",
    )
    brief = compose_brief(kumanovo, "en", space, form=LONG)

    assert str(brief.section("decision").blocks[0].sentence) == (
        "The council decides in December 2026."
    )
    assert str(brief.section("affected").blocks[0].sentence) == "Families."
    (table,) = brief.section("recommendations").blocks
    assert isinstance(table, Table)
    assert table.rows == (
        ("The council", "adds a line", "by December 2026", "its budget", "GOV-03", "F2"),
    )
    assert len(table.columns) == 6
    # In the facts the decision stands before all, the rest behind the evidence.
    facts = names(compose_brief(kumanovo, "en", space))
    assert facts[0] == "decision"
    place = facts.index("evidence")
    assert facts[place + 1 : place + 3] == ["affected", "recommendations"]
    open_ = {c.name: c for c in judge_brief(kumanovo, ["en"], space, LONG)}["places"].findings
    assert [f.where for f in open_] == ["en, why_now", "en, options", "en, objections"]


def test_another_form_is_refused(kumanovo, workspace) -> None:
    with pytest.raises(FormError, match=r"'big' is no form of a brief\. Write one of: facts, sh"):
        compose_brief(kumanovo, "en", workspace, form="big")


@pytest.mark.slow
@pytest.mark.parametrize("name", list(READINGS))
def test_each_form_keeps_its_pages_and_its_words_in_every_language(workspace, name) -> None:
    reading = READINGS[name](workspace)
    for language in LANGUAGES:
        for form, fewest, most in ((FACTS, 2, 2), (SHORT, 2, 2), (LONG, 3, 4)):
            brief = compose_brief(reading, language, workspace, form=form)
            pages = len(PdfReader(io.BytesIO(to_pdf(brief))).pages)
            assert fewest <= pages <= most, (language, form)
            word = docx.Document(io.BytesIO(to_docx(brief)))
            assert sum(len(p.text.split()) for p in word.paragraphs) <= 1400


def test_the_pages_of_a_form_are_held_against_it(kumanovo, workspace) -> None:
    briefs = {"en": compose_brief(kumanovo, "en", workspace, form=SHORT)}

    assert check_pages(briefs, {"en": 2}).state == "ok"
    check = check_pages(briefs, {"en": 3})
    assert check.state == "open"
    assert dict(check.findings[0].parts) == {"count": "3", "most": "2"}
    assert check_pages({"en": compose_brief(kumanovo, "en", workspace)}, {}).state == "ok"


def test_the_method_of_the_long_form_keeps_to_a_hundred_words(workspace) -> None:
    for name in ("kumanovo", "mk-trafficking"):
        checks = judge_brief(READINGS[name](workspace), ["en", "mk"], workspace, LONG)
        (lengths,) = (c for c in checks if c.name == "lengths")
        assert not [f for f in lengths.findings if f.where.endswith("method")]


@pytest.mark.parametrize(
    ("row", "lacking"),
    [
        (ROW, []),
        (ROW.replace("The council", " "), ["Who"]),
        (ROW.replace("adds a line", ""), ["What"]),
        (ROW.replace("by December 2026", ""), ["By when"]),
        (ROW.replace("2026", "next"), ["year"]),
        (ROW.replace("its budget", ""), ["With which money"]),
        (ROW.replace("GOV-03", ""), ["Measured by"]),
        (ROW.replace("GOV-03", "a survey"), ["indicator"]),
        (ROW.replace("F2", ""), ["Finding"]),
        (ROW.replace("F2", "two"), ["finding that the brief has"]),
        (ROW.replace("F2", "F4"), ["finding that the brief has"]),
        (ROW.replace("F2", "F1, F3"), []),
    ],
)
def test_each_field_of_a_recommendation_is_held_against_it(row, lacking) -> None:
    own = {"en": parse_own_text(f"# recommendations\n{HEAD}{row}", "a/en.md")}
    check = check_recommendations(own, 3)

    assert [dict(f.parts)["what"] for f in check.findings] == lacking
    assert check.state == ("open" if lacking else "ok")
    assert all(f.where == "a/en.md, 4" for f in check.findings)


def test_an_option_says_each_of_its_columns() -> None:
    own = {"en": parse_own_text("# options\n| A | more | | yes | none | law |\n", "a/en.md")}

    (finding,) = check_recommendations(own).findings
    assert dict(finding.parts) == {"what": "Cost"}


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_the_text_to_begin_with_is_empty_and_has_every_section(language) -> None:
    text = write_start_text(Wording(translator(language)))
    own = parse_own_text(text, "a")

    assert [line[2:] for line in text.splitlines() if line.startswith("# ")] == list(HEADINGS)
    assert own.sections == {}
    assert all(line == "" or line.startswith(("# ", "<!-- ", "|")) for line in text.splitlines())


def test_what_somebody_wrote_is_never_overwritten(space, kumanovo) -> None:
    path, is_new = lay_out_text(kumanovo, "en", space)
    assert is_new
    assert path == space.brief_texts / "kumanovo" / "en.md"
    plain = compose_brief(kumanovo, "en", space)
    assert "why_now" not in names(plain)
    path.write_text("# why_now\nNow.\n", encoding="utf-8")

    assert lay_out_text(kumanovo, "en", space) == (path, False)
    assert path.read_text(encoding="utf-8") == "# why_now\nNow.\n"


def test_the_command_writes_the_form_or_only_the_text(space, workspace, monkeypatch) -> None:
    shutil.copytree(workspace.notebooks, space.notebooks)
    monkeypatch.setenv(VARIABLE, str(space.root))
    runner = CliRunner()
    begin = ["brief", "butel", "--language", "en"]
    done = runner.invoke(app, [*begin, "--start-text"])
    assert done.exit_code == 0, done.output
    assert not space.own_briefs.exists()
    assert (space.brief_texts / "butel" / "en.md").is_file()
    done = runner.invoke(app, [*begin, "--start-text"])
    assert "is there already and stays as it is" in done.output
    done = runner.invoke(app, [*begin, "--form", "short"])
    assert done.exit_code == 0, done.output
    assert sorted(p.name for p in space.own_briefs.iterdir()) == [
        "butel_short_en.docx", "butel_short_en.html", "butel_short_en.pdf",
    ]  # fmt: skip


def suite(space, form=""):
    line = f'form = "{form}"\n' if form else ""
    space.suite_file.parent.mkdir(parents=True, exist_ok=True)
    space.suite_file.write_text(
        '[[run]]\nnotebook = "02_municipal_profile"\nareas = ["butel"]\n'
        f'languages = ["mk", "en"]\n{line}',
        encoding="utf-8",
    )


def test_the_suite_says_which_form_a_run_writes(own_workspace, workspace, tmp_path) -> None:
    shutil.copytree(workspace.public, own_workspace.public)
    suite(own_workspace)
    plain = plan_runs(own_workspace)[0]
    assert plain.form == FACTS
    before = Keys(own_workspace).make_key(plain)
    suite(own_workspace, "short")
    run = plan_runs(own_workspace)[0]
    assert run.form == SHORT
    # Another form is another file, so that the run is needed again; its name stays.
    after = Keys(own_workspace).make_key(run)
    assert run.name == plain.name
    assert dict(after.parts)["run"] != dict(before.parts)["run"]
    assert dict(after.parts)["run"].endswith('["mk", "en"]]')
    files = write_briefs(
        load_profile(workspace, "butel"), "mk", own_workspace, "x", tmp_path, run.form
    )
    assert {f.stem for f in files} == {"butel_short_mk"}


def test_a_form_that_is_none_is_refused_with_its_line(own_workspace) -> None:
    suite(own_workspace, "tall")

    with pytest.raises(SuiteError, match=r"suite\.toml, line 5: 'tall' is no form of a brief"):
        plan_runs(own_workspace)
