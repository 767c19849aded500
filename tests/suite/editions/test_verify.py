"""What is held against an edition before anybody sees it; a fault changes nothing."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

import nbformat
import pytest

from analysis.store.files import read_table
from analysis.suite.editions import scanned
from analysis.suite.editions.counts import check_counts
from analysis.suite.editions.edition import EditionError, read_current
from analysis.suite.editions.links import check_links
from analysis.suite.editions.pages import read_page, read_pages
from analysis.suite.editions.publish import publish_edition

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from analysis.workspace import Workspace

    Runs = Any
    See = Callable[[Workspace], dict[str, bytes]]


def refused(space: Workspace, see: See, **options: Any) -> EditionError:
    """Publish what must be refused, and hold against it that nothing changed."""
    before, number = see(space), read_current(space)
    with pytest.raises(EditionError) as caught:
        publish_edition(space, **options)
    assert see(space) == before
    assert read_current(space) == number
    assert [p.name for p in space.editions.iterdir() if p.name != ".lock"] == ["0001"]
    return caught.value


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("nothing.html", "no file of this edition is there"),
        ("../../mk/skopje/index.html", "no file of this edition is there"),
        ("../Kumanovo/index.html", "no file of this edition is there"),
        ("../../../public/observations.parquet", "no file of this edition is there"),
        ("../../../dashboards/other", "there is no such dashboard"),
        ("/mk/kumanovo/index.html", "an address that begins with a stroke is wrong"),
        ("#chapter", "'mk/kumanovo/index.html' has nothing of the name 'chapter'"),
        ("../index.html#chapter", "'mk/index.html' has nothing of the name 'chapter'"),
        ("elsewhere/", "no file of this edition is there"),
    ],
)
def test_a_link_that_leads_nowhere(
    published: Workspace, runs: Runs, see: See, link: str, why: str
) -> None:
    runs.give("kumanovo", "mk", extra=f'<a href="{link}">there</a>')
    fault = refused(published, see)
    (sentence,) = fault.sentences
    assert sentence.startswith(f"mk/kumanovo/index.html leads to '{link}', but {why}")


@pytest.mark.parametrize(
    "extra",
    [
        '<img src="gone.png" alt="">',
        '<img srcset="gone.png 2x" alt="">',
        '<svg><use xlink:href="#gone"></use></svg>',
        '<object data="gone.svg"></object>',
    ],
)
def test_what_a_page_loads_has_to_be_there(
    published: Workspace, runs: Runs, see: See, extra: str
) -> None:
    runs.give("kumanovo", "mk", extra=extra)
    assert "gone" in str(refused(published, see))


def test_links_that_lead_somewhere(published: Workspace, runs: Runs) -> None:
    good = [
        "#main", "#", "#top", "../index.html#main", "../", "https://example.org/x", "data:,",
        "mailto:a@example.org", "table.txt?v=1", "../../en/kumanovo/index.html",
        "../../../dashboards/municipal_profile?area=kumanovo",
    ]  # fmt: skip
    extra = "".join(f'<a href="{link}">x</a>' for link in good)
    runs.give("kumanovo", "mk", extra=extra, table=b"x")
    assert publish_edition(published).number == 2


def test_addresses_in_style_sheets_are_followed(tmp_path: Path) -> None:
    (tmp_path / "page.css").write_text(
        '@font-face { src: url("a.ttf"); } p { background: url(b.png) }', encoding="utf-8"
    )
    (tmp_path / "a.ttf").write_bytes(b"")
    (sentence,) = check_links(tmp_path, read_pages(tmp_path), ())
    assert "leads to 'b.png'" in sentence


def test_all_sentences_are_told_at_once(published: Workspace, runs: Runs, see: See) -> None:
    runs.give("kumanovo", "mk", {"o1": "8"}, extra='<a href="a.html">a</a><a href="b.html">b</a>')
    fault = refused(published, see)
    assert len(fault.sentences) == 3
    assert str(fault).splitlines() == list(fault.sentences)


@pytest.mark.parametrize("numbers", [{"o1": "8"}, {"o2": "7"}, {}, {"o1": "7", "o2": "7"}], ids=str)
def test_languages_that_print_other_numbers(
    published: Workspace, runs: Runs, see: See, numbers: dict[str, str]
) -> None:
    runs.give("kumanovo", "mk", numbers)
    (sentence,) = refused(published, see).sentences
    assert "The pages of 'kumanovo' in 'en' and 'mk' print other numbers" in sentence
    assert "observation 'o" in sentence


def test_a_number_that_stands_twice_in_one_language_only(
    published: Workspace, runs: Runs, see: See
) -> None:
    runs.give("kumanovo", "mk", extra='<data value="7" data-observation="o1">7</data>')
    assert "stands 1 times in 'en' and 2 times in 'mk'" in str(refused(published, see))


def test_states_and_methods_count_as_numbers() -> None:
    page = read_page(
        b'<span class="state state-suppressed" data-observation="o1">x</span>'
        b'<data value="1.5" data-method="rate" data-inputs="o2 o3">1,5</data>'
        b'<data value="3">3</data>'
    )
    assert dict(page.numbers) == {("state-suppressed", "o1"): 1, ("1.5", "rate o2 o3"): 1}
    assert page.shown == frozenset()


def test_a_page_with_a_banner_may_differ_from_the_fresh_ones(
    published: Workspace, runs: Runs
) -> None:
    runs.give("kumanovo", "mk", {"o1": "8"})
    runs.fail(runs.give("kumanovo", "en", {"o1": "7"}))
    assert publish_edition(published).number == 2


def test_a_good_run_without_its_page_is_noticed(published: Workspace, runs: Runs, see: See) -> None:
    record = runs.give("kumanovo", "mk")
    assert record.good is not None
    only = {k: v for k, v in record.good.outputs.items() if k.startswith("briefs")}
    runs.put(replace(record, good=replace(record.good, outputs=only)))
    assert "'kumanovo' has no page in 'mk'" in str(refused(published, see))


def a_secret(space: Workspace) -> tuple[str, int]:
    """Find a withheld count: its observation and its true number."""
    hidden = read_table(space.public / "observations.parquet")
    hidden = hidden.loc[hidden["state"].eq("suppressed")]
    true = read_table(space.restricted / "observations.parquet")
    is_hidden = true["observation_id"].isin(hidden["observation_id"])
    row = true.loc[is_hidden & true["value"].gt(2)].iloc[0]
    return row["observation_id"], int(row["value"])


def planted(space: Workspace) -> str:
    name, value = a_secret(space)
    return f'<p><data value="{value}" data-observation="{name}">{value}</data></p>'


def test_a_withheld_number_on_a_page_stops_everything(
    published: Workspace, runs: Runs, see: See
) -> None:
    text = planted(published)
    for language in ("mk", "en"):
        runs.give("kumanovo", language, extra=text)
    fault = refused(published, see)
    assert "tells a withheld number" in str(fault)
    assert a_secret(published)[0] in str(fault)


def test_a_withheld_number_in_a_download_or_brief_too(
    published: Workspace, runs: Runs, see: See
) -> None:
    name, value = a_secret(published)
    table = f"observation_id,value\n{name},{value}\n"
    runs.give("kumanovo", "mk", table=table.encode())
    assert "site/mk/kumanovo/table.txt tells a withheld number" in str(refused(published, see))


def test_a_withheld_number_in_the_executed_notebook_too(
    published: Workspace, runs: Runs, see: See
) -> None:
    record = runs.give("kumanovo", "mk", extra="<p>other</p>")
    shown = nbformat.v4.new_output("display_data", {"text/html": planted(published)})
    cell = nbformat.v4.new_code_cell("show()", outputs=[shown])
    notebook = nbformat.v4.new_notebook(cells=[cell])
    path = published.runs / record.name / f"{record.notebook}.ipynb"
    nbformat.write(notebook, path)
    assert f"runs/{record.name}/{record.notebook}.ipynb tells" in str(refused(published, see))
    # Nothing of a failed run is published, so its notebook stops nobody.
    runs.fail(record)
    assert publish_edition(published).number == 2


def test_a_number_that_is_withheld_by_now_is_no_more_shown(
    published: Workspace, runs: Runs, see: See
) -> None:
    name = a_secret(published)[0]
    for language in ("mk", "en"):
        runs.fail(runs.give("kumanovo", language, {name: "98765"}))
    sentences = refused(published, see).sentences
    assert any(
        s.startswith(f"mk/kumanovo/index.html prints the number of observation '{name}'")
        for s in sentences
    )


def test_what_was_found_clean_is_not_read_again(
    published: Workspace, runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    scan = scanned.scan_bytes

    def note(name: str, *rest: Any) -> Any:
        read.append(name)
        return scan(name, *rest)

    monkeypatch.setattr(scanned, "scan_bytes", note)
    runs.give("kumanovo", "mk", extra="<p>new</p>")
    publish_edition(published)
    assert read == ["site/mk/kumanovo/index.html"]
    read.clear()
    (published.logs / "scanned.json").write_text("torn", encoding="utf-8")
    (published.logs / "published.json").unlink()
    publish_edition(published)
    assert "site/en/kumanovo/index.html" in read


def test_a_file_is_read_again_when_other_figures_are_withheld(
    published: Workspace,
) -> None:
    said = json.loads((published.logs / "scanned.json").read_text(encoding="utf-8"))
    assert len(said["clean"]) > 10
    path = published.restricted / "observations.parquet"
    frame = read_table(path)
    path.unlink()
    frame.iloc[:-1].to_parquet(path)
    assert (
        scanned._read_clean(published.logs / "scanned.json", scanned._hash_secrets(published))
        == set()
    )


def test_a_leak_is_found_again_until_it_is_gone(published: Workspace, runs: Runs, see: See) -> None:
    runs.give("kumanovo", "mk", extra=planted(published))
    refused(published, see)
    refused(published, see)


def test_a_sharp_fall_stops_until_somebody_accepts_it(space: Workspace, runs: Runs) -> None:
    for slug in ("kumanovo", "butel", "gevgelija", "aerodrom"):
        for language in ("mk", "en"):
            runs.give(slug, language, {f"o{n}": str(n) for n in range(5)})
    publish_edition(space)
    for language in ("mk", "en"):
        runs.give("kumanovo", language, {})
    with pytest.raises(EditionError) as caught:
        publish_edition(space)
    assert {s.split(". ")[0] for s in caught.value.sentences} == {
        f"This edition has 15 numbers on pages in '{code}', the one before had 20"
        for code in ("mk", "en")
    }
    assert publish_edition(space, accept=True).number == 2


@pytest.mark.parametrize(
    ("was", "now", "stops"),
    [(100, 79, True), (100, 80, False), (3, 1, False), (3, 0, True), (10, 20, False)],
)
def test_what_is_a_sharp_fall(was: int, now: int, *, stops: bool) -> None:
    assert bool(check_counts({"pages mk": was}, {"pages mk": now})) is stops
    assert bool(check_counts({"rows": was}, {"rows": now})) is stops
    assert not check_counts({"rows_withheld": was}, {"rows_withheld": now})


def test_a_brief_that_lies_in_two_places_is_read_once(
    tmp_path: Path, published: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "brief.txt"
    path.write_text("x", encoding="utf-8")
    read: list[str] = []
    monkeypatch.setattr(scanned, "scan_bytes", lambda name, *_: read.append(name) or [])
    names = ["site/mk/butel/butel_mk.txt", "briefs/butel_mk.txt", "site/en/butel/butel_mk.txt"]
    scanned.find_leaks(published, dict.fromkeys(names, path))
    # Another language, or another place, is another file: its folders count.
    assert read == [names[0], names[2]]


@pytest.mark.slow
def test_many_files_are_read_by_several_processes(
    tmp_path: Path, published: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scanned, "MANY", 1)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    files = {}
    for number in range(4):
        files[f"site/mk/x{number}/index.html"] = tmp_path / f"{number}.html"
        text = planted(published) if number == 2 else f"<p>{number}</p>"
        files[f"site/mk/x{number}/index.html"].write_text(text, encoding="utf-8")
    leaks = scanned.find_leaks(published, files)
    assert {leak.path for leak in leaks} == {"site/mk/x2/index.html"}


def test_whoever_scans_ends_with_its_owner(
    published: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A publisher that is killed must not leave processes that hold what is withheld."""
    followed: list[int] = []
    opened: list[tuple[Any, ...]] = []

    class Pool:
        def __init__(self, _: int, **given: Any) -> None:
            opened.append(given["initargs"])
            given["initializer"](*given["initargs"])

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            return None

        def map(self, fn: Any, files: Any, **_: object) -> Any:
            return map(fn, files)

    monkeypatch.setattr(scanned, "ProcessPoolExecutor", Pool)
    monkeypatch.setattr(scanned, "prepare_worker", followed.append)
    monkeypatch.setattr(scanned, "MANY", 1)
    monkeypatch.setattr(scanned.os, "cpu_count", lambda: 2)
    (published.logs / scanned.SCANNED).unlink()
    files = {p.name: p for p in (published.current / "briefs").iterdir()}
    assert len(files) == 2
    assert scanned.find_leaks(published, files) == []
    assert followed == [os.getpid()]
    assert opened == [(published, os.getpid())]
