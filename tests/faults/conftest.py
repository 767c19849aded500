"""A suite that is killed at random, and what must hold whatever was killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import nbformat
import psutil
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis.suite.editions.edition import read_current
from analysis.suite.editions.files import find_altered
from analysis.suite.records import read_records

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from analysis.workspace import Workspace

PATOKAZ = [sys.executable, "-c", "from analysis.cli import main; main()"]
ROOM = "PATOKAZ_KERNEL_ROOM"
WAIT = 120
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
time.sleep(0.4)
display(HTML("<section id='small'><h2>Version {version}</h2></section>"))
"""


@dataclass
class Suite:
    """A workspace whose one notebook can be changed, run and killed."""

    space: Workspace
    room: Path
    started: list[subprocess.Popen[str]] = field(default_factory=list)

    def change(self, version: int) -> None:
        """Change the notebook, so that each of its runs is needed again."""
        first = new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]}, id="parameters")
        cell = new_code_cell(CELLS.format(version=version), id="cell")
        notebook = new_notebook(cells=[first, cell])
        notebook.metadata["kernelspec"] = {
            "name": "python3",
            "display_name": "Python 3",
            "language": "python",
        }
        nbformat.write(notebook, self.space.notebooks / "09_small.ipynb")

    def start(self, *options: str) -> subprocess.Popen[str]:
        """Start `patokaz run`."""
        process = subprocess.Popen(
            [*PATOKAZ, "run", "--json", *options],
            cwd=self.space.root,
            env={**os.environ, "PATOKAZ_HOME": str(self.space.root), ROOM: str(self.room)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.started.append(process)
        return process

    def finish(self, *options: str) -> dict[str, object]:
        """Run to the end, and give the report."""
        import json

        done = self.start("--workers", "2", *options)
        out, errors = done.communicate(timeout=WAIT)
        assert done.returncode == 0, errors
        report: dict[str, object] = json.loads(out)
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

    def assert_whole(self) -> None:
        """What readers see is one edition, byte for byte as it was verified."""
        edition = read_current(self.space)
        if edition is None:
            assert not self.space.site.exists()
            return
        assert find_altered(self.space.current, edition.files) == []
        versions = {self.read_version(area) for area in AREAS}
        # A run that fails keeps its former page; none does here, so that all are of one version.
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


@pytest.fixture
def suite(own_workspace: Workspace, workspace: Workspace) -> Iterator[Suite]:
    """A built workspace with a small suite, and a room of its own for warm kernels."""
    shutil.copytree(workspace.root / "data_processed", own_workspace.root / "data_processed")
    own_workspace.suite_file.write_text(SUITE, encoding="utf-8")
    with tempfile.TemporaryDirectory(prefix="pk-") as room:
        Path(room).chmod(0o700)
        made = Suite(own_workspace, Path(room))
        try:
            yield made
        finally:
            for process in made.started:
                if process.poll() is None:
                    process.kill()
                process.communicate()
            for parent in made.list_parents():
                for child in [*parent.children(recursive=True), parent]:
                    child.kill()
            time.sleep(0.1)
