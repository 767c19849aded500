"""No brief is published that may not be: publishing stops, says where, and changes nothing."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from analysis.assessment.trafficking import load_trafficking
from analysis.documents.briefs import write_briefs
from analysis.protection.ledger.standing import Standing
from analysis.store.files import OBSERVATIONS, read_table
from analysis.suite.editions import gate
from analysis.suite.editions.edition import EditionError, read_current
from analysis.suite.editions.publish import publish_edition
from analysis.suite.records import read_record
from analysis.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Runs = Any
    Change = Callable[[str], str]

STEM = "north-macedonia_trafficking"
LONG = "north-macedonia_trafficking_long"
PERIOD, RUN = "2014-2025", "0123456789ab"


@pytest.fixture(scope="module")
def briefs(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The brief on trafficking in two languages, as a run leaves it."""
    folder = tmp_path_factory.mktemp("briefs")
    reading = load_trafficking(workspace, "MK", PERIOD)
    for language in ("mk", "en"):
        write_briefs(reading, language, workspace, RUN, folder)
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def give(runs: Runs, briefs: dict[str, bytes], change: Change | None = None, stem: str = STEM):
    """Leave runs whose briefs these are; ``change`` alters the page of the one in English."""
    for language in ("mk", "en"):
        record = runs.give("kumanovo", language)
        for ending in (".docx", ".pdf", ".html"):
            name = f"{stem}_{language}{ending}"
            content = briefs[name]
            if change is not None and name.endswith("_en.html"):
                text = content.decode()
                changed = change(text)
                assert changed != text
                content = changed.encode()
            runs.add_file(record, f"briefs/{name}", content)
            record = runs_read(runs, record)
    return record


def runs_read(runs: Runs, record: Any) -> Any:
    return read_record(runs.workspace.runs / record.name)


def refuse(space: Workspace, see: Any) -> tuple[str, ...]:
    before, number = see(space), read_current(space)
    with pytest.raises(EditionError) as caught:
        publish_edition(space)
    assert see(space) == before
    assert read_current(space) == number
    return caught.value.sentences


def withheld(space: Workspace) -> str:
    table = read_table(space.public / OBSERVATIONS)
    return str(table.loc[table["state"] == "suppressed", "observation_id"].iloc[0])


def test_good_briefs_are_published_and_the_answer_says_what_they_wait_for(
    published: Workspace, runs: Runs, briefs: dict[str, bytes]
) -> None:
    give(runs, briefs)

    edition = publish_edition(published)
    assert edition.number == 2
    assert f"briefs/{STEM}_mk.html" in edition.files
    answer = (published.logs / "gate.html").read_text(encoding="utf-8")
    assert "May be published once the open points are settled" in answer
    assert f"{STEM}: policy_briefs/texts/{STEM}/reply.toml" in answer


def test_a_withheld_value_stops_publication(
    published: Workspace, runs: Runs, briefs: dict[str, bytes], see: Any
) -> None:
    row = withheld(published)
    give(
        runs,
        briefs,
        lambda text: re.sub(
            r'(<data value="[^"]*" data-observation=")[^"]*', rf"\g<1>{row}", text, count=1
        ),
    )

    sentences = refuse(published, see)
    assert (
        f"The brief '{STEM}' may not be published (en, key): a number is printed that the "
        f"published table withholds ({row})."
    ) in sentences
    assert "May not be published yet" in (published.logs / "gate.html").read_text(encoding="utf-8")


def test_an_undated_policy_stops_it(
    published: Workspace, runs: Runs, briefs: dict[str, bytes], see: Any
) -> None:
    def take_date(text: str) -> str:
        place = text.index('data-table="policies"')
        return text[:place] + re.sub(r"<td>[^<]*</td>", "<td>soon</td>", text[place:], count=1)

    give(runs, briefs, take_date)

    (sentence,) = refuse(published, see)
    assert re.fullmatch(
        rf"The brief '{STEM}' may not be published \(en, policy\): the policy .+ stands without "
        r"a date\.",
        sentence,
    )


def test_a_picture_without_words_stops_it(
    published: Workspace, runs: Runs, briefs: dict[str, bytes], see: Any
) -> None:
    give(runs, briefs, lambda text: re.sub(r'(<svg [^>]*)aria-label="[^"]*"', r"\1", text))

    (sentence,) = refuse(published, see)
    assert "(en, chart): the picture trafficking has no text alternative" in sentence


def test_a_bare_number_in_a_text_stops_it_and_its_line_is_named(
    published: Workspace, runs: Runs, workspace: Workspace, tmp_path: Path, see: Any
) -> None:
    writing = Workspace(tmp_path / "writing")
    shutil.copytree(workspace.public, writing.public)
    for space in (writing, published):
        text = space.brief_texts / STEM / "en.md"
        text.parent.mkdir(parents=True)
        text.write_text("# why_now\n\nSome 40 persons wait.\n", encoding="utf-8")
    reading = load_trafficking(writing, "MK", PERIOD)
    files = [p for code in ("mk", "en") for p in write_briefs(reading, code, writing, RUN)]
    give(runs, {path.name: path.read_bytes() for path in files})

    assert refuse(published, see) == (
        (
            f"The brief '{STEM}' may not be published ({STEM}/en.md, 3): the number 40 is typed; "
            f"write the id of its observation in braces."
        ),
    )


def test_a_bare_number_in_a_key_message_or_the_title_stops_it_too(
    published: Workspace, runs: Runs, briefs: dict[str, bytes], see: Any
) -> None:
    give(
        runs, briefs, lambda text: text.replace("<h1>", "<h1>17 of ").replace("<li>", "<li>18 ", 1)
    )

    assert {s.partition("(")[2] for s in refuse(published, see)} == {
        "en, title): the number 17 is typed; write the id of its observation in braces.",
        "en, key): the number 18 is typed; write the id of its observation in braces.",
    }


def test_another_number_on_the_page_than_in_its_files_stops_it(
    published: Workspace, runs: Runs, briefs: dict[str, bytes], see: Any
) -> None:
    give(runs, briefs, lambda text: re.sub(r"(<data [^>]*>)9<", r"\g<1>8<", text, count=1))

    said = "\n".join(refuse(published, see))
    assert f"(en, {STEM}_en.docx): the file {STEM}_en.docx does not print the numbers of" in said
    assert f"(en, {STEM}_en.pdf): the file" in said


def test_a_value_of_one_language_alone_stops_it(
    published: Workspace, runs: Runs, briefs: dict[str, bytes], see: Any
) -> None:
    give(runs, briefs, lambda text: re.sub('<data value="9"', '<data value="8"', text, count=1))

    said = "\n".join(refuse(published, see))
    assert re.search(r"\((en|mk)\): its numbers are not those of (mk|en): the first", said)


def test_a_brief_that_cannot_be_read_stops_it(
    published: Workspace, runs: Runs, briefs: dict[str, bytes], see: Any
) -> None:
    give(runs, briefs, lambda text: text.replace("<section", "<div").replace("</section", "</div"))

    (sentence,) = refuse(published, see)
    assert re.match(rf"'{STEM}_en.html' cannot be read as a brief .* Make it anew", sentence)


def test_a_brief_of_a_former_day_may_have_other_numbers(
    published: Workspace, runs: Runs, briefs: dict[str, bytes], see: Any
) -> None:
    # An observation of that day is gone from the table of today, in page, Word file and PDF.
    page = {n: c for n, c in briefs.items() if n.endswith(".html")}
    change = {n: re.sub(rb'data-observation="[^"]*"', b'data-observation="gone"', c, count=1)
              for n, c in page.items() if n.endswith("_en.html")}  # fmt: skip
    for language in ("mk", "en"):
        record = runs.give("kumanovo", language)
        name = f"{STEM}_{language}.html"
        runs.add_file(record, f"briefs/{name}", (page | change)[name])
        last = runs_read(runs, record)
    said = "\n".join(refuse(published, see))
    assert "names the observation gone, which is not published" in said

    runs.fail(last)
    assert publish_edition(published).number == 2


RELEASED = Standing("released", 1, "Ana", "Arben", "2026-03-06", "ab")


@pytest.fixture
def released(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "read_standing", lambda _: RELEASED)


@pytest.mark.usefixtures("released")
def test_a_release_waits_for_the_right_of_reply(
    published: Workspace, runs: Runs, briefs: dict[str, bytes], see: Any
) -> None:
    give(runs, briefs)

    assert refuse(published, see) == (
        (
            f"The brief '{STEM}' may not be published as released "
            f"(policy_briefs/texts/{STEM}/reply.toml): nobody asked the municipality or the "
            f"institutions for their reply. A draft may wait for it, a release may not."
        ),
    )
    note = published.brief_texts / STEM / "reply.toml"
    note.parent.mkdir(parents=True)
    note.write_text("asked = 2026-01-01\n", encoding="utf-8")
    assert "has the entry 'asked'" in refuse(published, see)[0]
    note.write_text("requested = 2026-11-30\n", encoding="utf-8")
    assert publish_edition(published).number == 2


def test_a_place_that_nobody_filled_in_stops_a_release_and_no_draft(
    published: Workspace,
    runs: Runs,
    workspace: Workspace,
    tmp_path: Path,
    see: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    reading = load_trafficking(workspace, "MK", PERIOD)
    files = [
        path
        for code in ("mk", "en")
        for path in write_briefs(reading, code, workspace, RUN, tmp_path, "long")
    ]
    give(runs, {path.name: path.read_bytes() for path in files}, stem=LONG)
    note = published.brief_texts / STEM / "reply.toml"
    note.parent.mkdir(parents=True)
    note.write_text("requested = 2026-11-30\n", encoding="utf-8")
    assert publish_edition(published).number == 2

    give(runs, {path.name: path.read_bytes() for path in files}, stem=LONG)
    runs.give("butel", "mk")
    runs.give("butel", "en")
    monkeypatch.setattr(gate, "read_standing", lambda _: RELEASED)
    said = refuse(published, see)
    assert len(said) == 10
    assert (
        f"The brief '{STEM}' may not be published as released (mk, decision): nobody has written "
        f"it yet; begin with `patokaz brief … --start-text`. A draft may wait for it, a release "
        f"may not."
    ) in said
