"""An edition is what all runs gave, whole and verified, or nothing changes."""

from __future__ import annotations

import io
import json
import re
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import docx
import pytest

from analysis.documents.as_of import MARKER, write_banner
from analysis.store.files import read_table
from analysis.suite.editions.edition import EditionError, read_current, read_edition
from analysis.suite.editions.publish import publish_edition
from analysis.suite.editions.stage import page_path
from analysis.suite.lock import LockedError, hold_lock
from analysis.suite.records import read_record

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.workspace import Workspace

    Runs = Any
    See = Callable[[Workspace], dict[str, bytes]]


RUN = "data_processed/runs/02_municipal_profile/kumanovo_mk_public"


def staging(space: Workspace) -> list[str]:
    return [p.name for p in space.editions.iterdir() if p.name.startswith(".staging")]


def page_of(space: Workspace, language: str, slug: str = "kumanovo") -> str:
    return (space.site / language / slug / "index.html").read_text(encoding="utf-8")


def test_the_first_edition_shows_what_the_runs_gave(published: Workspace, see: See) -> None:
    seen = see(published)
    assert {
        f"site/{c}/{s}/index.html" for c in ("mk", "en") for s in ("kumanovo", "protection")
    } < {*seen}
    assert {"site/index.html", "site/mk/index.html", "site/assets/page.css"} < set(seen)
    assert seen["briefs/kumanovo_mk.docx.txt"] == b"kumanovo mk"
    assert published.current.readlink().as_posix() == "editions/0001"
    assert published.site.readlink().as_posix() == "current/site"
    assert published.briefs.readlink().as_posix() == "../data_processed/current/briefs"


def test_the_note_of_an_edition_says_what_is_in_it(published: Workspace) -> None:
    edition = read_current(published)
    assert edition is not None
    release = json.loads((published.public / "release.json").read_text(encoding="utf-8"))
    assert edition.number == 1
    assert edition.observations_sha256 == release["observations_sha256"]
    assert edition.policy_sha256 == release["policy_sha256"]
    assert [(r.name[-9:], r.state, r.data_date) for r in edition.runs] == [
        ("en_public", "ok", "2025-12"),
        ("mk_public", "ok", "2025-12"),
    ]
    assert edition.counts["pages mk"] == edition.counts["pages en"] == 4
    assert edition.counts["numbers mk"] == 1
    folder = published.current.resolve()
    held = {
        p.relative_to(folder).as_posix(): p.stat().st_size
        for part in ("site", "briefs", "public")
        for p in (folder / part).rglob("*")
        if p.is_file()
    }
    assert {name: note.size for name, note in edition.files.items()} == held
    assert edition.files["public/observations.parquet"].sha256 == edition.observations_sha256


def test_what_runs_gave_is_linked_and_not_copied(published: Workspace) -> None:
    result = published.runs / "02_municipal_profile/kumanovo_mk_public/results/site/mk/kumanovo"
    assert (result / "index.html").samefile(published.site / "mk" / "kumanovo" / "index.html")


def test_where_links_cannot_be_files_are_copied(
    space: Workspace, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = runs.give("kumanovo", "mk")
    runs.give("kumanovo", "en")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr("os.link", refuse)
    publish_edition(space)
    page = runs.results(record) / page_path("mk", "kumanovo")
    shown = space.site / "mk" / "kumanovo" / "index.html"
    assert shown.read_bytes() == page.read_bytes()
    assert not shown.samefile(page)


def test_nothing_changed_no_new_edition(published: Workspace) -> None:
    before = read_current(published)
    assert publish_edition(published) == before
    # Also where that has to be found out file by file.
    (published.logs / "published.json").unlink()
    assert publish_edition(published) == before
    assert [p.name for p in published.editions.glob("[0-9]*")] == ["0001"]
    assert staging(published) == []


def test_where_nothing_changed_no_page_is_read(
    published: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr("analysis.suite.editions.publish.stage_runs", read)
    assert publish_edition(published).number == 1
    (published.logs / "published.json").write_text("torn", encoding="utf-8")
    with pytest.raises(AssertionError):
        publish_edition(published)


@pytest.mark.parametrize(
    "touched",
    [
        "data_processed/current/site/assets/page.css",
        f"{RUN}/results/briefs/kumanovo_mk.docx.txt",
        f"{RUN}/manifest.json",
        "data_processed/public/release.json",
        "data_processed/public/observations.parquet",
    ],
)
def test_whatever_changed_is_looked_at_again(
    published: Workspace, monkeypatch: pytest.MonkeyPatch, touched: str
) -> None:
    def read(*_: object) -> None:
        raise EditionError(touched)

    path = published.root / touched
    path.write_bytes(path.read_bytes() + b" ")
    monkeypatch.setattr("analysis.suite.editions.publish.stage_runs", read)
    with pytest.raises(EditionError, match=touched):
        publish_edition(published)


def test_a_changed_page_makes_a_new_edition_and_the_former_one_stays(
    published: Workspace, runs: Runs
) -> None:
    for language in ("mk", "en"):
        runs.give("kumanovo", language, {"o1": "8"})
    assert publish_edition(published).number == 2
    assert 'value="8"' in page_of(published, "mk")
    former = published.editions / "0001" / "site" / "mk" / "kumanovo" / "index.html"
    assert 'value="7"' in former.read_text(encoding="utf-8")
    log = (published.logs / "editions.jsonl").read_text(encoding="utf-8").splitlines()
    assert [(json.loads(x)["from"], json.loads(x)["to"]) for x in log] == [(None, 1), (1, 2)]


def test_a_file_altered_behind_the_edition_is_repaired_by_a_new_one(
    published: Workspace,
) -> None:
    css = published.site / "assets" / "page.css"
    css.write_text("body { display: none }", encoding="utf-8")
    assert publish_edition(published).number == 2
    assert "display: none }" not in (published.site / "assets" / "page.css").read_text("utf-8")


def test_without_a_good_run_nothing_is_published(space: Workspace, runs: Runs) -> None:
    runs.fail(runs.give("kumanovo", "mk"), ever_good=False)
    with pytest.raises(EditionError, match=r"No run has given anything to publish yet\. Run `pat"):
        publish_edition(space)
    assert not space.current.exists()
    assert staging(space) == []


def test_before_a_build_the_sentence_says_build(space: Workspace, runs: Runs) -> None:
    runs.give("kumanovo", "mk")
    shutil.rmtree(space.public)
    with pytest.raises(EditionError, match=r"does not exist yet\. Run `patokaz build` first"):
        publish_edition(space)


def test_a_table_that_is_not_the_one_of_its_note_is_not_published(
    published: Workspace,
) -> None:
    path = published.public / "observations.parquet"
    frame = read_table(path)
    path.unlink()
    frame.iloc[:-1].to_parquet(path)
    with pytest.raises(EditionError, match="a build was cut off between the two"):
        publish_edition(published)


def test_a_failed_run_leaves_its_last_good_page_with_a_banner(
    published: Workspace, runs: Runs
) -> None:
    runs.give("kumanovo", "mk", {"o1": "8"})
    runs.fail(runs.give("kumanovo", "en", {"o1": "6"}))
    edition = publish_edition(published)
    english = page_of(published, "en")
    assert english.count("Data as of 2025-12: the newest run of this page failed.") == 1
    assert f'{MARKER}<p class="as-of" role="note"><strong>Data as of' in english
    assert 'value="6"' in english
    assert 'class="as-of"' not in page_of(published, "mk")
    assert [(r.language, r.state, r.reason) for r in edition.not_fresh] == [
        ("en", "failed", "cell 3: the file is torn")
    ]
    result = published.runs / edition.not_fresh[0].name / "results" / page_path("en", "kumanovo")
    assert "Data as of" not in result.read_text(encoding="utf-8")


def test_documents_of_a_failed_run_say_so_too(published: Workspace, runs: Runs) -> None:
    made = docx.Document()
    made.add_paragraph("The brief")
    out = io.BytesIO()
    made.save(out)
    brief = "briefs/kumanovo_en.docx"
    record = runs.give("kumanovo", "en")
    runs.add_file(record, brief, out.getvalue())
    publish_edition(published)
    assert (published.current / brief).read_bytes() == out.getvalue()
    runs.fail(read_record(published.runs / record.name))
    publish_edition(published)
    said = [p.text for p in docx.Document(str(published.current / brief)).paragraphs]
    assert said == ["Data as of 2025-12: the newest run of this document failed.", "The brief"]
    # What the run left stays as it is.
    assert (runs.results(record) / brief).read_bytes() == out.getvalue()


def test_a_document_that_cannot_say_so_is_not_published(published: Workspace, runs: Runs) -> None:
    record = runs.give("kumanovo", "en")
    runs.add_file(record, "briefs/kumanovo_en.pdf", b"torn")
    runs.fail(read_record(published.runs / record.name))
    with pytest.raises(
        EditionError, match=r"'briefs/kumanovo_en.pdf' of .*: The words 'Data as of"
    ):
        publish_edition(published)


def test_the_banner_speaks_the_language_of_its_page(
    published: Workspace, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    from analysis.documents import as_of

    class Echo:
        def __init__(self, code: str) -> None:
            self.code = code

        def __call__(self, message: str) -> str:
            return f"<{self.code}> {message}"

    monkeypatch.setattr(as_of, "translator", Echo)
    runs.fail(runs.give("kumanovo", "mk"))
    publish_edition(published)
    assert "<strong>&lt;mk&gt; Data as of 2025-12" in page_of(published, "mk")


def test_a_banner_takes_the_place_of_the_one_before() -> None:
    once = write_banner(f"<main>{MARKER}\n<h1>x</h1>", "en", "2025-12", has_failed=True)
    twice = write_banner(once, "en", "2026-01", has_failed=False)
    assert twice.count("<strong>") == 1
    assert "Data as of 2026-01: this page has not been made from the newest figures" in twice
    assert twice.endswith("</p>\n<h1>x</h1>")


def test_a_day_in_the_banner_is_text_and_no_markup() -> None:
    assert "&lt;b&gt;" in write_banner(MARKER, "en", "<b>", has_failed=True)


def test_when_the_run_succeeds_again_the_banner_is_gone(published: Workspace, runs: Runs) -> None:
    runs.fail(runs.give("kumanovo", "mk"))
    publish_edition(published)
    runs.give("kumanovo", "mk")
    publish_edition(published)
    assert "as-of" in page_of(published, "mk")  # the place
    assert 'class="as-of"' not in page_of(published, "mk")


def test_a_page_older_than_the_figures_says_so(published: Workspace, runs: Runs) -> None:
    runs.table = "another table"
    runs.give("kumanovo", "mk")
    edition = publish_edition(published)
    assert '<p class="as-of"' in page_of(published, "mk")
    assert "Data as of" not in page_of(published, "en")
    assert [(r.language, r.state) for r in edition.not_fresh] == [("mk", "behind")]
    assert "patokaz run" in edition.not_fresh[0].reason


def test_a_page_that_read_nothing_of_what_changed_is_fresh(
    published: Workspace, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    runs.table = "another table"
    runs.give("kumanovo", "mk")
    monkeypatch.setattr("analysis.store.slices.Slices.hash_reads", lambda *_: "none")
    assert publish_edition(published).not_fresh == ()


def test_an_old_page_without_a_place_for_the_banner_is_refused(
    published: Workspace, runs: Runs
) -> None:
    runs.fail(runs.give("kumanovo", "mk", place=""))
    with pytest.raises(EditionError, match="has no place for the words 'data as of 2025-12'"):
        publish_edition(published)


def test_an_altered_result_is_not_published_its_former_page_is(
    published: Workspace, runs: Runs
) -> None:
    record = runs.give("kumanovo", "mk", {"o1": "8"})
    runs.give("kumanovo", "en", {"o1": "8"})
    page = runs.results(record) / page_path("mk", "kumanovo")
    page.write_bytes(page.read_bytes().replace(b'"8"', b'"9"'))
    edition = publish_edition(published)
    shown = page_of(published, "mk")
    assert 'value="7"' in shown
    assert '<p class="as-of"' in shown
    assert 'value="8"' in page_of(published, "en")
    (late,) = edition.not_fresh
    assert (late.language, late.state) == ("mk", "failed")
    assert re.fullmatch(
        r"'site/mk/kumanovo/index\.html' in the results is not what the run left there.*",
        late.reason,
    )


def test_an_altered_result_takes_none_of_its_run_along(published: Workspace, runs: Runs) -> None:
    record = runs.give("kumanovo", "mk", {"o1": "8"}, table=b"a new table")
    page = runs.results(record) / page_path("mk", "kumanovo")
    page.write_bytes(b"altered")
    publish_edition(published)
    assert not (published.site / "mk" / "kumanovo" / "table.txt").exists()


def test_an_altered_result_that_was_never_published_leaves_a_page_that_says_so(
    published: Workspace, runs: Runs
) -> None:
    record = runs.give("butel", "mk")
    runs.give("butel", "en")
    (runs.results(record) / "briefs" / "butel_mk.docx.txt").unlink()
    edition = publish_edition(published)
    shown = page_of(published, "mk", "butel")
    assert "<data" not in shown
    assert 'href="../../en/butel/index.html"' in shown
    assert [(r.slug, r.state) for r in edition.not_fresh] == [("butel", "missing")]


def test_a_language_whose_run_never_succeeded_has_a_page_that_says_so(
    published: Workspace, runs: Runs
) -> None:
    runs.give("butel", "mk")
    runs.fail(runs.give("butel", "en"), ever_good=False)
    edition = publish_edition(published)
    assert "This page has not been made yet" in page_of(published, "en", "butel")
    assert 'value="7"' in page_of(published, "mk", "butel")
    assert [(r.language, r.state) for r in edition.not_fresh] == [("en", "missing")]


def test_a_language_whose_run_never_began_has_a_page_that_says_so(
    published: Workspace, runs: Runs
) -> None:
    runs.give("butel", "mk")
    edition = publish_edition(published)
    assert "This page has not been made yet" in page_of(published, "en", "butel")
    (late,) = edition.not_fresh
    assert late.name == "02_municipal_profile/butel_en_public"


def test_a_place_that_failed_in_all_languages_has_no_page_and_stops_nobody(
    published: Workspace, runs: Runs
) -> None:
    for language in ("mk", "en"):
        runs.fail(runs.give("butel", language), ever_good=False)
    runs.give("kumanovo", "mk", extra="<p>new</p>")
    publish_edition(published)
    assert not (published.site / "mk" / "butel").exists()
    assert "<p>new</p>" in page_of(published, "mk")


def test_two_runs_that_give_the_same_file_are_refused(published: Workspace, runs: Runs) -> None:
    record = runs.give("kumanovo", "mk")
    other = replace(record, name="02_municipal_profile/double_mk_public")
    shutil.copytree(runs.results(record), runs.results(other))
    runs.put(other)
    with pytest.raises(EditionError, match="was made by two runs"):
        publish_edition(published)


@pytest.mark.parametrize("path", ["site/../../escape.html", "elsewhere/x.html", "/etc/x"])
def test_a_result_that_belongs_nowhere_is_refused(
    published: Workspace, runs: Runs, path: str
) -> None:
    record = runs.give("kumanovo", "mk")
    assert record.good is not None
    good = replace(record.good, outputs={path: "0" * 64})
    runs.put(replace(record, good=good))
    with pytest.raises(EditionError, match="belongs neither to the pages nor to the briefs"):
        publish_edition(published)


def test_two_publishers_at_once(published: Workspace) -> None:
    with (
        hold_lock(published.editions / ".lock", "the editions"),
        pytest.raises(LockedError, match="holds the editions since"),
    ):
        publish_edition(published)


def test_a_site_of_a_former_version_becomes_the_first_edition(space: Workspace, runs: Runs) -> None:
    for path, text in (
        (space.site / "mk" / "kumanovo" / "index.html", "<p>old</p>"),
        (space.briefs / "kumanovo_mk.docx", "old brief"),
    ):
        path.parent.mkdir(parents=True)
        path.write_text(text, encoding="utf-8")
    for language in ("mk", "en"):
        runs.give("kumanovo", language)
    assert publish_edition(space).number == 2
    first = space.editions / "0001"
    assert (first / "site/mk/kumanovo/index.html").read_text(encoding="utf-8") == "<p>old</p>"
    assert (first / "briefs/kumanovo_mk.docx").read_text(encoding="utf-8") == "old brief"
    assert space.site.is_symlink()
    assert space.briefs.is_symlink()
    assert 'value="7"' in page_of(space, "mk")
    assert read_edition(first).runs == ()
    left = {p.name for room in (space.site, space.briefs) for p in room.parent.iterdir()}
    assert not [name for name in left if name.startswith(".")]


def test_unverified_is_only_for_tests_and_still_whole(space: Workspace, runs: Runs) -> None:
    runs.give("kumanovo", "mk", extra='<a href="dead.html">dead</a>')
    edition = publish_edition(space, check=False)
    assert edition.counts["numbers mk"] == 1
    assert "dead.html" in page_of(space, "mk")


def test_all_of_an_edition_is_on_the_disk_before_readers_see_it(
    published: Workspace, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[str] = []
    shown: list[int] = []

    def note(path: Any) -> None:
        synced.append(path.name)
        shown.append(int(published.current.readlink().name))

    monkeypatch.setattr("analysis.suite.editions.files.sync_path", note)
    runs.give("kumanovo", "mk", extra="<p>new</p>", table=b"x")
    publish_edition(published)
    # What the former edition has, and the same file, is there already.
    assert {"index.html", "table.txt", "edition.json", "site", "mk"} < set(synced)
    assert "SourceSansPro-Bold.ttf" in synced  # written anew each time
    assert "observations.parquet" not in synced
    assert set(shown) == {1}
    synced.clear()
    monkeypatch.setattr("analysis.suite.editions.files.MANY", 1)
    monkeypatch.setattr("os.sync", lambda: synced.append("all"))
    runs.give("kumanovo", "mk", extra="<p>newer</p>")
    publish_edition(published)
    assert synced == ["all"]
