"""A suite that is killed at random, and what must hold whatever was killed."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis.suite.editions.edition import read_current, read_edition
from analysis.suite.editions.files import find_altered
from analysis.suite.plan import plan_runs
from analysis.suite.records import read_records
from analysis.suite.run import judge_runs

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator, Sequence

    from analysis.workspace import Workspace

Kind = TypeVar("Kind", bound="Suite")

PATOKAZ = [sys.executable, "-c", "from analysis.cli import main; main()"]
ROOM = "PATOKAZ_KERNEL_ROOM"
WAIT = 900
RUNS = 20
DASK = "from distributed.cli.dask_{0} import main; main()"
AREAS = ("kumanovo", "butel", "gevgelija", "bitola")
SUITE = """
[[run]]
notebook = "09_small"
areas = ["kumanovo", "butel", "gevgelija", "bitola"]
languages = ["en"]
outputs = ["page"]
"""
PARAMETERS = 'area: "Municipality" = "MK-703"\nlanguage: "Language" = "en"\n'
CELLS = """
import os, time
from IPython.display import HTML, display
head = dict(name="small", title=f"Small {{area}}", subtitle="A test", language=language,
            run_id=os.environ["PATOKAZ_RUN_ID"], data_date="2025-12", data_sha256="0" * 64,
            version="0", notice="")
display({{"application/vnd.patokaz.header+json": head}}, raw=True)
time.sleep({pause})
display(HTML("<section id='small'><h2>Version {version}</h2></section>"))
"""


@dataclass
class Suite:
    """A workspace that is run by a process of its own, which can be killed."""

    space: Workspace
    room: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self, *options: str) -> subprocess.Popen[str]:
        """Start `patokaz run`."""
        process = subprocess.Popen(
            [*PATOKAZ, "run", "--json", *options],
            cwd=self.space.root,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    @property
    def environment(self) -> dict[str, str]:
        """Environment of all that works in this workspace."""
        return {**os.environ, "PATOKAZ_HOME": str(self.space.root), ROOM: str(self.room)}

    def finish(self, *options: str) -> dict[str, Any]:
        """Run to the end, and give the report."""
        done = self.start("--workers", "2", *options)
        out, errors = done.communicate(timeout=WAIT)
        assert done.returncode == 0, errors
        report: dict[str, Any] = json.loads(out)
        return report

    def list_workers(self, runner: int) -> list[psutil.Process]:
        """List the worker processes of a runner."""
        return [p for p in _children(runner) if "multiprocessing" in _line(p)]

    def list_parents(self) -> list[psutil.Process]:
        """List the parents of warm kernels in the room of this suite."""
        return [
            p
            for p in psutil.process_iter()
            if "analysis.suite.kernels.parent" in _line(p) and str(self.room) in _line(p)
        ]

    def list_kernels(self) -> list[psutil.Process]:
        """List all that parents in the room of this suite have forked."""
        return [child for parent in self.list_parents() for child in _children(parent.pid)]

    def list_pictures(self, runner: int) -> list[psutil.Process]:
        """List those who draw for the workers of a runner."""
        return [p for p in _children(runner) if "analysis.figures.service" in _line(p)]

    def assert_whole(self) -> None:
        """What readers see is one edition, byte for byte as it was verified."""
        edition = read_current(self.space)
        if edition is None:
            assert not self.space.site.exists()
            return
        assert find_altered(self.space.current, edition.files) == []

    def stop(self) -> None:
        """End all that was started."""
        for process in self.started:
            if process.poll() is None:
                process.kill()
            process.communicate()
        for parent in self.list_parents():
            for child in [*parent.children(recursive=True), parent]:
                child.kill()
        time.sleep(0.1)


class SmallSuite(Suite):
    """Four runs of one notebook that can be written anew."""

    def change(self, version: int, pause: float = 0.4) -> None:
        """Change the notebook, so that each of its runs is needed again, and takes a while."""
        first = new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}, id="parameters")
        cell = new_code_cell(CELLS.format(version=version, pause=pause), id="cell")
        notebook = new_notebook(cells=[first, cell])
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        nbformat.write(notebook, self.space.notebooks / "09_small.ipynb")

    def assert_whole(self) -> None:
        """What readers see is one edition, and all its pages are of one version."""
        super().assert_whole()
        if self.space.site.exists():
            # A run that fails keeps its former page; none does here.
            versions = {self.read_version(area) for area in AREAS}
            assert len(versions) == 1, versions

    def read_version(self, area: str) -> str:
        """Read which version of the notebook a page was made by."""
        page = self.space.site / "en" / f"small-{area}" / "index.html"
        return page.read_text(encoding="utf-8").split("<h2>Version ")[1].split("<")[0]

    def assert_finished(self, version: int) -> None:
        """The next run makes what is left, and the one after it nothing."""
        report = self.finish()
        assert report["failed"] == []
        assert {self.read_version(area) for area in AREAS} == {str(version)}
        self.assert_whole()
        again = self.finish()
        assert again["kernels_started"] == 0
        assert again["edition"] == report["edition"]
        assert {r.state for r in read_records(self.space)} == {"ok"}


class RealSuite(Suite):
    """The suite that ships: four notebooks, twenty runs."""

    # How long a run of all of them takes here, in seconds.
    usual: float = 0.0

    def change(self, version: int) -> None:
        """Change every notebook in a comment, so that each run is needed and has another id."""
        for path in sorted(self.space.notebooks.glob("*.ipynb")):
            notebook = nbformat.read(path, as_version=4)
            last = [cell for cell in notebook.cells if cell.cell_type == "code"][-1]
            kept = last.source.split("\n# Version ")[0]
            last.source = f"{kept}\n# Version {version}"
            nbformat.write(notebook, path)

    def list_done(self) -> set[str]:
        """Name the runs that are on record as good and are not needed any more."""
        planned = judge_runs(plan_runs(self.space), self.space)
        return {p.run.name for p in planned if not p.is_needed}

    def glance(self, draw: random.Random) -> None:
        """Read as a reader does: one edition is chosen, then some of its files are read."""
        folder = self.space.current.resolve()
        edition = read_edition(folder)
        names = draw.sample(sorted(edition.files), 12)
        assert find_altered(folder, {name: edition.files[name] for name in names}) == []

    def assert_whole(self) -> None:
        """What readers see is one edition, and each page is of the run that its note names."""
        super().assert_whole()
        edition = read_current(self.space)
        assert edition is not None
        assert len(edition.runs) == RUNS
        for run in edition.runs:
            page = self.space.current / "site" / run.language / run.slug / "index.html"
            assert f"<code>{run.run_id}</code>" in page.read_text(encoding="utf-8"), run

    def assert_finished(self) -> None:
        """The next run makes what is left, what was done is not made twice, then nothing is."""
        done = self.list_done()
        report = self.finish()
        made = {outcome["name"] for outcome in report["executed"]}
        assert report["failed"] == []
        assert not made & done
        assert len(made | done) == RUNS
        self.assert_whole()
        edition = read_current(self.space)
        assert edition is not None
        assert {run.state for run in edition.runs} == {"ok"}
        assert {r.run_id for r in read_records(self.space)} == {r.run_id for r in edition.runs}
        assert len(self.list_done()) == RUNS
        again = self.finish()
        assert again["kernels_started"] == 0
        assert again["edition"] == report["edition"] == edition.number


def _children(process: int) -> list[psutil.Process]:
    try:
        return psutil.Process(process).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def _line(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def kill(processes: list[psutil.Process], choice: float) -> bool:
    """Kill one of some processes, chosen by a number from 0 to 1."""
    if not processes:
        return False
    victim = processes[int(choice * len(processes))]
    try:
        victim.send_signal(signal.SIGKILL)
    except psutil.NoSuchProcess:
        return False
    return True


@pytest.fixture(scope="session")
def kill_one() -> Callable[[list[psutil.Process], float], bool]:
    """Kills one of some processes."""
    return kill


@contextmanager
def _open_suite(kind: type[Kind], space: Workspace) -> Iterator[Kind]:
    with tempfile.TemporaryDirectory(prefix="pk-") as room:
        Path(room).chmod(0o700)
        made = kind(space, Path(room))
        try:
            yield made
        finally:
            made.stop()


@pytest.fixture
def suite(own_workspace: Workspace, workspace: Workspace) -> Iterator[SmallSuite]:
    """A built workspace with a small suite, and a room of its own for warm kernels."""
    shutil.copytree(workspace.root / "data_processed", own_workspace.root / "data_processed")
    own_workspace.suite_file.write_text(SUITE, encoding="utf-8")
    with _open_suite(SmallSuite, own_workspace) as made:
        yield made


@pytest.fixture
def fresh_suite(own_workspace: Workspace, workspace: Workspace) -> Iterator[RealSuite]:
    """A built workspace with the suite that ships, of which nothing has run."""
    shutil.copytree(workspace.root / "data_processed", own_workspace.root / "data_processed")
    with _open_suite(RealSuite, own_workspace) as made:
        yield made


@pytest.fixture(scope="module")
def real_suite(
    tmp_path_factory: pytest.TempPathFactory,
    new_workspace: Callable[[Path], Workspace],
    workspace: Workspace,
) -> Iterator[RealSuite]:
    """A built workspace with the suite that ships; all of it has run once."""
    space = new_workspace(tmp_path_factory.mktemp("real"))
    shutil.copytree(workspace.root / "data_processed", space.root / "data_processed")
    with _open_suite(RealSuite, space) as made:
        made.change(0)
        began = time.monotonic()
        assert made.finish()["failed"] == []
        made.usual = time.monotonic() - began
        yield made


class Cluster:
    """A scheduler and workers of one thread each, on loopback."""

    def __init__(
        self, folder: Path, environment: dict[str, str], homes: Sequence[Path] = ()
    ) -> None:
        self.folder, self.environment = folder, environment
        self.address = f"tcp://127.0.0.1:{_free_port()}"
        self.started: list[subprocess.Popen[bytes]] = []
        port = self.address.rsplit(":", 1)[1]
        self._start("scheduler", "--host", "127.0.0.1", "--port", port)
        options = ("--nthreads", "1", "--no-nanny", "--host", "127.0.0.1")
        own = [{"PATOKAZ_WORKER_HOME": str(home)} for home in homes] or [{}, {}]
        self.workers = [self._start("worker", self.address, *options, **add) for add in own]

    def _start(self, kind: str, *options: str, **environment: str) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-c", DASK.format(kind), *options, "--no-dashboard"],
            env={**self.environment, "DASK_DISTRIBUTED__WORKER__DAEMON": "False", **environment},
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.started.append(process)
        return process

    def wait(self, count: int = 2) -> None:
        """Wait for workers."""
        from distributed import Client

        until = time.monotonic() + WAIT
        while time.monotonic() < until:
            try:
                with Client(self.address, timeout="5s", set_as_default=False) as client:
                    client.wait_for_workers(count, timeout=60)
                    return
            except OSError:
                time.sleep(0.2)
        pytest.fail("The cluster did not start.")

    def list_workers(self) -> list[psutil.Process]:
        """List the workers that are alive."""
        return [psutil.Process(w.pid) for w in self.workers if w.poll() is None]

    def stop(self) -> None:
        """End scheduler and workers, with what they have started."""
        for process in reversed(self.started):
            for child in [*_children(process.pid), process]:
                if child.pid != process.pid or process.poll() is None:
                    child.kill()
            process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def open_cluster_in(tmp_path: Path) -> Iterator[Callable[..., Cluster]]:
    """Opens a cluster whose workers have an environment and homes; it ends with the test."""
    opened: list[Cluster] = []

    def open_one(environment: dict[str, str], homes: Sequence[Path] = ()) -> Cluster:
        opened.append(Cluster(tmp_path, environment, homes))
        opened[-1].wait()
        return opened[-1]

    yield open_one
    for cluster in opened:
        cluster.stop()
