"""Workers that see nothing of the runner's folders make the same bytes, and nothing secret goes."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import zipfile
from concurrent.futures import Executor, Future
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from analysis.suite.attempt import Limits
from analysis.suite.cache import Keys
from analysis.suite.cluster import there
from analysis.suite.cluster.inputs import HOME, Inputs, fetch_inputs, list_inputs, put_inputs
from analysis.suite.cluster.packing import PackError, hash_bytes, pack_files, unpack_files
from analysis.suite.cluster.settings import read_folder
from analysis.suite.executors import ClusterError
from analysis.suite.plan import plan_runs
from analysis.suite.records import find_results, read_record, read_records
from analysis.suite.run import Options, judge_runs, run_suite
from analysis.suite.suite_file import SuiteError
from analysis.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable

    from analysis.suite.run import Report

pytest.importorskip("fsspec")
COLD = Limits(60, 0, warm=False)


class Elsewhere(Executor):
    """Works as workers of other machines do: each with a home of its own, one run after another."""

    def __init__(self, homes: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
        self.homes, self.monkeypatch = homes, monkeypatch
        self.parcels: list[Any] = []
        self.after: Callable[[Any], None] = lambda _: None

    def submit(self, fn: Any, /, *args: Any, **_: Any) -> Future[Any]:
        self.monkeypatch.setenv(HOME, str(self.homes[len(self.parcels) % len(self.homes)]))
        future: Future[Any] = Future()
        try:
            given = fn(*args)
            self.parcels.append(given)
            self.after(given)
            future.set_result(given)
        except Exception as failure:  # noqa: BLE001  # whatever it is, a cluster hands it on
            future.set_exception(failure)
        return future


@pytest.fixture
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """An empty folder that all machines reach."""
    return f"file://{tmp_path_factory.mktemp('shared')}"


@pytest.fixture
def elsewhere(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> Elsewhere:
    """Two workers with homes of their own."""
    return Elsewhere([tmp_path_factory.mktemp(f"home{n}") for n in range(2)], monkeypatch)


def run_there(space: Workspace, address: str, executor: Executor) -> Report:
    options = Options(COLD, cluster="tcp://nowhere:1", folder=address)
    planned = judge_runs(plan_runs(space), space)
    return run_suite(planned, space, None, options, lambda _: executor)


def files_at(address: str) -> list[Path]:
    root = Path(address.removeprefix("file://"))
    return sorted(p for p in root.rglob("*") if p.is_file())


def outputs_of(space: Workspace) -> dict[str, Any]:
    return {r.name: r.good.outputs for r in read_records(space) if r.good}


def test_other_machines_make_the_same_bytes(
    small: Workspace, address: str, elsewhere: Elsewhere, inline: Any, tmp_path_factory: Any
) -> None:
    beside = tmp_path_factory.mktemp("beside") / "here"
    shutil.copytree(small.root, beside, symlinks=True)
    here = Workspace(beside)
    run_suite(judge_runs(plan_runs(here), here), here, None, Options(COLD), lambda _: inline)
    report = run_there(small, address, elsewhere)
    assert [(o.state, o.reason) for o in report.outcomes] == [("ok", "")] * 3
    assert outputs_of(small) == outputs_of(here)
    assert len(outputs_of(small)) == 3
    assert report.edition.number == 1
    for record in read_records(small):
        for name, digest in record.good.outputs.items():
            content = (find_results(small, record) / name).read_bytes()
            assert hashlib.sha256(content).hexdigest() == digest
            assert (small.current / name).read_bytes() == content
        assert (small.runs / record.name / "09_small.ipynb").is_file()
        assert [p.name for p in (small.runs / record.name).glob("results-*")] == [
            record.good.folder
        ]
    history = (small.logs / "runs.jsonl").read_text(encoding="utf-8").splitlines()
    assert sorted(json.loads(line)["name"] for line in history) == sorted(outputs_of(small))
    # What was handed over is gone; both workers had a workspace, and neither has a run left.
    assert [p.parent.name for p in files_at(address)] == ["inputs"]
    for home in elsewhere.homes:
        (made,) = home.iterdir()
        assert list((made / "rooms").iterdir()) == []
        assert not (made / "data_processed" / "runs").exists()
    again = run_there(small, address, elsewhere)
    assert again.kernels_started == 0


def test_inputs_are_put_there_once(
    small: Workspace, address: str, rewrite: Callable[..., None]
) -> None:
    first = put_inputs(small, address)
    (path,) = files_at(address)
    assert path.name == f"{hash_bytes(path.read_bytes())}.zip" == f"{first.sha256}.zip"
    before = path.stat().st_mtime_ns
    assert put_inputs(small, address) == first
    assert path.stat().st_mtime_ns == before
    rewrite(small, "1 + 1")
    assert put_inputs(small, address) != first
    assert len(files_at(address)) == 2


def test_nothing_restricted_and_nothing_received_goes_there(
    small: Workspace, address: str, elsewhere: Elsewhere
) -> None:
    marker = b"seven persons in Butel"
    for folder in (small.restricted, small.restricted / "releases", small.received):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "secret.csv").write_bytes(marker)
    handed: list[bytes] = []

    def keep(parcel: Any) -> None:
        handed.extend(p.read_bytes() for p in files_at(address) if p.name in parcel.path)

    elsewhere.after = keep
    run_there(small, address, elsewhere)
    archives = [*handed, *(p.read_bytes() for p in files_at(address))]
    assert len(archives) == 4
    restricted = {
        hashlib.sha256(p.read_bytes()).hexdigest()
        for p in small.restricted.rglob("*")
        if p.is_file()
    }
    assert len(restricted) > 1
    for content in archives:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                held = archive.read(name)
                assert "restricted" not in name
                assert "received" not in name
                assert marker not in held
                assert hashlib.sha256(held).hexdigest() not in restricted
    for home in elsewhere.homes:
        assert not list(home.rglob("restricted"))


def test_boundaries_of_the_workspace_go_along_and_nothing_beside_them(small: Workspace) -> None:
    small.received.mkdir(parents=True, exist_ok=True)
    (small.received / "boundaries.geojson").write_bytes(b"{}")
    (small.received / "return_2025.xlsx").write_bytes(b"")
    named = [name for name in list_inputs(small) if "received" in name]
    assert named == ["data_raw/received/boundaries.geojson"]


def test_a_link_into_what_is_restricted_is_refused(small: Workspace, address: str) -> None:
    target = small.restricted / "observations.parquet"
    (small.public / "more.parquet").symlink_to(target)
    with pytest.raises(ClusterError, match=r"'data_processed/public/more.parquet' leads into 'res"):
        put_inputs(small, address)
    assert files_at(address) == []


def test_a_worker_with_other_code_makes_nothing(
    small: Workspace, address: str, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Other(Keys):
        def make_key(self, run: Any) -> Any:
            key = super().make_key(run)
            parts = tuple((n, "other" if n == "code" else v) for n, v in key.parts)
            return replace(key, parts=parts)

    monkeypatch.setattr(there, "_read_keys", Other)
    report = run_there(small, address, elsewhere)
    said = "A worker has another state of: code. Install the same version there as on the machine"
    assert {o.reason.partition(" of the runner")[0] for o in report.outcomes} == {said}
    assert {r.state for r in read_records(small)} == {"failed"}
    assert elsewhere.parcels == []


def test_a_failed_run_brings_its_notebook_and_keeps_the_last_good_page(
    small: Workspace, address: str, elsewhere: Elsewhere, rewrite: Callable[..., None]
) -> None:
    run_there(small, address, elsewhere)
    before = {r.name: r.good for r in read_records(small)}
    rewrite(small, "1 / 0")
    report = run_there(small, address, elsewhere)
    assert {o.reason for o in report.outcomes} == {"cell 5: division by zero"}
    for record in read_records(small):
        assert (record.state, record.good) == ("failed", before[record.name])
        assert (find_results(small, record) / f"site/en/{record.slug}/index.html").is_file()
        notebook = (small.runs / record.name / "09_small.ipynb").read_text(encoding="utf-8")
        assert "ZeroDivisionError" in notebook


def test_what_was_changed_on_the_way_is_not_taken(
    small: Workspace, address: str, elsewhere: Elsewhere, rewrite: Callable[..., None]
) -> None:
    run_there(small, address, elsewhere)
    before = outputs_of(small)

    def change(parcel: Any) -> None:
        (path,) = [p for p in files_at(address) if p.name in parcel.path]
        path.write_bytes(path.read_bytes() + b" ")

    elsewhere.after = change
    rewrite(small, "1 + 1")
    report = run_there(small, address, elsewhere)
    assert {o.state for o in report.outcomes} == {"failed"}
    assert all("somebody changed it, or it was cut off" in o.reason for o in report.outcomes)
    assert outputs_of(small) == before


def test_a_record_of_another_run_is_not_taken(
    small: Workspace, address: str, elsewhere: Elsewhere
) -> None:
    inputs = put_inputs(small, address)
    first, second = plan_runs(small)[:2]
    elsewhere.submit(there.execute_there, first, Keys(small).make_key(first), inputs, COLD)
    (parcel,) = elsewhere.parcels
    with pytest.raises(ClusterError, match=f"holds no record of {second.name}. Run it again"):
        there.take_over(parcel, second, small)
    assert read_record(small.runs / second.name) is None
    assert there.take_over(parcel, first, small).state == "ok"


def test_a_file_that_is_not_the_one_on_record_is_not_taken(
    small: Workspace, address: str, elsewhere: Elsewhere
) -> None:
    inputs = put_inputs(small, address)
    run = plan_runs(small)[0]
    elsewhere.submit(there.execute_there, run, Keys(small).make_key(run), inputs, COLD)
    (parcel,) = elsewhere.parcels
    (path,) = [p for p in files_at(address) if p.name in parcel.path]
    changed = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(changed, "w") as target:
        for name in source.namelist():
            more = b"<p>more</p>" if name.endswith(".html") else b""
            target.writestr(name, source.read(name) + more)
    path.write_bytes(changed.getvalue())
    sealed = replace(parcel, sha256=hash_bytes(changed.getvalue()))
    with pytest.raises(PackError, match="is not what the worker put on record"):
        there.take_over(sealed, run, small)
    assert read_record(small.runs / run.name) is None


@pytest.mark.parametrize(
    "name", ["../x", "/etc/x", "results-a/../../x", "other.txt", "results-a/elsewhere/x", "C:x"]
)
def test_an_archive_cannot_write_elsewhere(tmp_path: Path, name: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("manifest.json", "{}")
        archive.writestr(name, "x")
    room = tmp_path / "room"
    room.mkdir()
    with pytest.raises(PackError, match="does not belong into an archive of a run"):
        unpack_files(
            out.getvalue(),
            hash_bytes(out.getvalue()),
            room,
            lambda n: there._belongs(n, "09_small"),
        )
    assert list(room.iterdir()) == []


def test_the_same_files_are_the_same_archive(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_text(name, encoding="utf-8")
    files = {name: tmp_path / name for name in ("a", "b")}
    backwards = {name: tmp_path / name for name in ("b", "a")}
    once = pack_files(files)
    (tmp_path / "a").touch()
    assert pack_files(backwards) == once
    assert unpack_files(once, hash_bytes(once), tmp_path / "c", lambda _: True) == ["a", "b"]
    assert (tmp_path / "c" / "b").read_text(encoding="utf-8") == "b"


def test_a_worker_refuses_inputs_that_were_changed(small: Workspace, address: str) -> None:
    inputs = put_inputs(small, address)
    (path,) = files_at(address)
    path.write_bytes(path.read_bytes() + b" ")
    home = small.root / "home"
    home.mkdir()
    with pytest.raises(PackError, match="expected " + inputs.sha256):
        fetch_inputs(inputs, home)
    assert list(home.iterdir()) == []


def test_an_address_that_nobody_reaches_is_said(tmp_path: Path) -> None:
    with pytest.raises(ClusterError, match="'nonsense://x/inputs/0.zip' is no address of a folder"):
        fetch_inputs(Inputs("nonsense://x", "0"), tmp_path)
    with pytest.raises(ClusterError, match=r"cannot be read: .*See to the folder of the cluster"):
        fetch_inputs(Inputs(f"file://{tmp_path}/nowhere", "0"), tmp_path)


def test_the_folder_is_read_from_the_suite_file(own_workspace: Workspace) -> None:
    path = own_workspace.suite_file
    assert read_folder(path) == ""
    text = path.read_text(encoding="utf-8")
    path.write_text(f'{text}\n[cluster]\nfolder = "s3://bucket/patokaz"\n', encoding="utf-8")
    assert read_folder(path) == "s3://bucket/patokaz"
    assert len(plan_runs(own_workspace)) == 20
    path.write_text(f'{text}\n[cluster]\nfolder = "shared"\n', encoding="utf-8")
    line = len(text.splitlines()) + 3
    with pytest.raises(SuiteError, match=f"line {line}: 'shared' is no address of a folder. Write"):
        read_folder(path)
    path.write_text(f'{text}\n[cluster]\nplace = "shared"\n', encoding="utf-8")
    with pytest.raises(SuiteError, match=r"'place' is not a key of \[cluster\]. Use: folder"):
        plan_runs(own_workspace)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"folder": "s3://bucket/x"}, "'s3://bucket/x' is of use to a cluster only. Name one"),
        ({"folder": "shared", "cluster": "tcp://x:1"}, "'shared' is no address of a folder"),
    ],
)
def test_a_folder_of_no_use_is_refused(given: dict[str, Any], sentence: str) -> None:
    with pytest.raises(SuiteError, match=sentence):
        Options(**given)
