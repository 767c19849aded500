"""A demonstration is synthetic, says so everywhere, and is never mixed with real figures."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING

import docx
import pandas as pd
import pytest
from pypdf import PdfReader

from analysis.dashboard.address import read_address
from analysis.dashboard.municipal import MunicipalDashboard
from analysis.protection import publish_observations
from analysis.sources.demonstration import is_demonstration, make_tables
from analysis.sources.returns import KINDS, import_file
from analysis.store.build import BuildError, build_observations, build_workspace
from analysis.suite.demo import DemoError, make_demo
from analysis.suite.plan import plan_runs
from analysis.suite.run import judge_runs, run_suite
from analysis.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

NOTICE = {
    "mk": "Синтетички податоци за демонстрација: ниту една бројка не е вистинска",
    "sq": "Të dhëna sintetike për demonstrim: asnjë shifër nuk është reale",
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, checkout: Path) -> Workspace:
    """A synthetic workspace in which one place was run in two languages."""
    space = make_demo(tmp_path_factory.mktemp("demo") / "space", 7, Workspace(checkout))
    publish_observations(build_observations(space.published), space)
    runs = plan_runs(space, ["veles"], list(NOTICE))
    report = run_suite(judge_runs(runs, space), space)
    assert [o.reason for o in report.outcomes] == ["", ""]
    return space


def test_one_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path, checkout: Path) -> None:
    model = Workspace(checkout)
    spaces = [make_demo(tmp_path / str(i), seed, model) for i, seed in enumerate((5, 5, 6))]
    contents = [
        {p.relative_to(s.root): p.read_bytes() for p in sorted(s.root.rglob("*")) if p.is_file()}
        for s in spaces
    ]
    assert contents[0] == contents[1]
    assert contents[0] != contents[2]
    assert len(contents[0]) > 12


def test_its_totals_are_the_published_ones_and_its_parts_are_not(demo: Workspace) -> None:
    built = build_observations(demo.published).observations
    people = built.loc[built["indicator_id"].eq("resident_population_persons")]
    whole = people.loc[people["area_id"].eq("MK")].set_index("period_start")["value"]
    assert whole.to_dict() == {"2002-01-01": 2_022_547, "2021-01-01": 1_836_713}
    kumanovo = people.loc[people["area_id"].eq("MK-703"), "value"]
    assert 98_104 not in set(kumanovo)
    assert people["area_id"].str.match(r"MK-\d{3}$").sum() == 160


def test_it_has_gaps_zeros_and_small_numbers_like_the_real_ones(demo: Workspace) -> None:
    built = build_observations(demo.published).observations
    municipal = built.loc[built["area_id"].str.match(r"MK-\d{3}$")]
    registered = municipal.loc[municipal["indicator_id"].str.startswith("unhcr_")]
    assert registered["value"].between(1, 9).sum() > 100
    assert registered["area_id"].nunique() > 70
    assert len(registered) < 80 * 5 * 25


@pytest.mark.parametrize("code", sorted(NOTICE))
def test_pages_briefs_and_downloads_carry_the_mark(demo: Workspace, code: str) -> None:
    notice = NOTICE[code]
    folder = demo.site / code / "veles"
    for page in (demo.site / "index.html", folder.parent / "index.html", folder / "index.html"):
        assert notice in page.read_text(encoding="utf-8"), page.name
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert page.count(f'aria-label="{notice}') == page.count("<svg")
    rows = pd.read_csv(folder / f"veles_profile_{code}.csv", encoding="utf-8-sig")
    assert rows["demonstration"].eq(notice).all()
    sheet = pd.read_excel(folder / f"veles_profile_{code}.xlsx", sheet_name=0, engine="calamine")
    assert sheet["demonstration"].eq(notice).all()
    text = "".join(p.extract_text() for p in PdfReader(folder / f"veles_{code}.pdf").pages)
    assert notice in " ".join(text.split())
    word = docx.Document(str(folder / f"veles_{code}.docx"))
    assert any(notice in p.text for p in word.paragraphs)
    with zipfile.ZipFile(folder / f"veles_pictures_{code}.zip") as bundle:
        drawn = [n for n in bundle.namelist() if n.endswith(".svg")]
        assert drawn
        for name in drawn:
            letters = re.sub(r"<[^>]+>", "", bundle.read(name).decode("utf-8"))
            assert notice in letters, name


def test_no_office_is_named_for_a_figure_that_it_never_gave(demo: Workspace) -> None:
    page = (demo.site / "mk" / "veles" / "index.html").read_text(encoding="utf-8")
    captions = re.findall(r"<figcaption[^>]*>(.*?)</figcaption>", page)
    assert captions
    assert not any("Извор: Државен завод" in c or "Извор: УНХЦР" in c for c in captions)


def test_the_dashboard_carries_the_mark(demo: Workspace) -> None:
    dashboard = MunicipalDashboard(read_address("area=veles&language=mk"), demo)
    assert NOTICE["mk"] in dashboard.first_view().markup


def test_every_return_can_be_taken_in_and_has_its_errors(tmp_path: Path, checkout: Path) -> None:
    space = make_demo(tmp_path / "space", 3, Workspace(checkout))
    files = sorted((space.received / "returns").glob("*.csv"))
    assert {p.stem.removeprefix("demo-") for p in files} == set(KINDS) - {"published_figures"}
    aside = 0
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert text.endswith("Synthetic data for demonstration: no figure is real\n")
        kind = path.stem.removeprefix("demo-")
        report = import_file(path.read_bytes(), path.name, kind, space.received)
        assert report.loaded > 90, path.name
        assert report.rows_read == report.loaded + report.already_there + report.set_aside
        aside += len(report.failed)
    assert aside > 10, "real returns have cells that are no numbers"
    built = build_workspace(space)
    given = built.observations["source_id"].eq("demo-municipality")
    assert built.observations.loc[given, "area_id"].nunique() == 80
    assert set(built.observations.loc[given, "state"]) >= {"value", "no_data"}


def test_synthetic_and_real_figures_are_never_mixed(own_workspace: Workspace) -> None:
    published = own_workspace.published
    extra = {t.name: t.content for t in make_tables(1)}
    real = (published / "sources.csv").read_bytes()
    both = real + b"\n".join(extra["sources.csv"].splitlines()[1:]) + b"\n"
    (published / "sources.csv").write_bytes(both)
    (published / "synthetic.csv").write_bytes(extra["registered_migration.csv"])
    with pytest.raises(BuildError, match="'demo-office' is synthetic and '[a-z0-9-]+' is not"):
        build_observations(published)


def test_real_pages_carry_no_mark(workspace: Workspace) -> None:
    sources = build_observations(workspace.published).sources
    assert not is_demonstration(sources["source_id"])


def test_a_folder_with_anything_in_it_is_refused(tmp_path: Path, checkout: Path) -> None:
    (tmp_path / "mine.csv").write_bytes(b"1")
    with pytest.raises(DemoError, match="is not empty. A demonstration wants a folder of its own"):
        make_demo(tmp_path, 1, Workspace(checkout))
    assert [p.name for p in tmp_path.iterdir()] == ["mine.csv"]


def test_tables_can_be_read_as_csv() -> None:
    for table in make_tables(3):
        assert len(pd.read_csv(io.BytesIO(table.content), dtype=str)) > 2
