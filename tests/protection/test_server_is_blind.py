"""The process that serves cannot read what is withheld, and still serves everything.

On Linux, tests that run as root start the server without any of root's powers and, where another
account may run this Python, as that account. What is withheld belongs to somebody else.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest
from lxml import html

from analysis.protection import publish_observations
from analysis.store.build import build_observations
from analysis.suite.editions.publish import publish_edition
from analysis.suite.execute import execute_run
from analysis.suite.plan import plan_runs
from analysis.suite.run import judge_runs
from analysis.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not Path("/proc/self/status").exists() or (IS_ROOT and not shutil.which("setpriv")),
        reason="drops root's powers as Linux does",
    ),
]

SERVE = "from analysis.cli import main; main()"
OWNER, VISITOR = 65533, 65534
MARKER = "withheld: one girl, Gevgelija, 7f3a91c4"
# In `data_raw/received` itself lies the institution's own map, which everybody may see.
CLOSED = (
    "data_processed/restricted",
    "data_raw/received/accepted",
    "data_raw/received/aside",
    "data_raw/received/returns",
)
PROBE = """
import json, os
from pathlib import Path
root = Path(os.environ["PATOKAZ_HOME"])
told = {}
for name in CLOSED:
    for path in (root / name, root / name / "marker.txt"):
        try:
            told[str(path)] = os.listdir(path) if path.name != "marker.txt" else path.read_text()
        except OSError as refused:
            told[str(path)] = type(refused).__name__
status = Path("/proc/self/status").read_text()
told["powers"] = [line.split()[1] for line in status.splitlines() if line.startswith("Cap")]
told["public"] = sorted(os.listdir(root / "data_processed" / "public"))
from IPython.display import HTML
HTML("<code id='told'>" + json.dumps(told) + "</code>")
"""


def _probe_notebook() -> str:
    source = f"CLOSED = {CLOSED!r}\n{PROBE}"
    tags = {"tags": ["static-first-view"]}
    cell = {"cell_type": "code", "id": "probe", "metadata": tags, "outputs": []}
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return json.dumps(
        {
            "cells": [cell | {"execution_count": None, "source": source}],
            "metadata": {"kernelspec": kernel},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )


@pytest.fixture(scope="module")
def space(
    tmp_path_factory: pytest.TempPathFactory, new_workspace: Callable[[Path], Workspace]
) -> Workspace:
    """A workspace with the page of Gevgelija, a marker in every closed room, and a probe."""
    made = new_workspace(tmp_path_factory.mktemp("blind"))
    publish_observations(build_observations(made.published), made)
    (planned,) = judge_runs(plan_runs(made, ["gevgelija"], ["en"]), made)
    outcome = execute_run(planned.run, planned.key, made.root)
    assert outcome.reason == ""
    publish_edition(made)
    for name in CLOSED:
        (made.root / name).mkdir(parents=True, exist_ok=True)
        (made.root / name / "marker.txt").write_text(MARKER, encoding="utf-8")
    probe = made.dashboards / "probe.ipynb"
    probe.write_text(_probe_notebook(), encoding="utf-8")
    return made


@pytest.fixture(scope="module")
def closed(space: Workspace) -> Iterator[Workspace]:
    """The same workspace, of another account, whose closed rooms only that account may enter."""
    # Not in pytest's own folders, which let nobody but one account in.
    with tempfile.TemporaryDirectory() as folder:
        copy = Workspace(Path(folder) / "workspace")
        shutil.copytree(space.root, copy.root)
        copy.root.chmod(0o755)
        Path(folder).chmod(0o755)
        if IS_ROOT:
            for path in (copy.root, *copy.root.rglob("*")):
                os.chown(path, OWNER, OWNER)
        for name in CLOSED:
            (copy.root / name).chmod(0o700 if IS_ROOT else 0)
        try:
            yield copy
        finally:
            for name in CLOSED:
                (copy.root / name).chmod(0o700)


def _without_powers() -> list[str]:
    """Give the words before a command that take root's powers away."""
    if not IS_ROOT:
        return []
    words = ["setpriv", "--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"]
    account = [f"--reuid={VISITOR}", f"--regid={VISITOR}", "--clear-groups"]
    # As the server, which starts kernels in its turn.
    try_again = "import subprocess, sys; subprocess.run([sys.executable, '-c', ''], check=True)"
    tried = subprocess.run(
        [*words, *account, sys.executable, "-c", try_again], capture_output=True, check=False
    )
    return [*words, *(account if tried.returncode == 0 else [])]


@pytest.fixture(scope="module")
def blind(
    closed: Workspace, tmp_path_factory: pytest.TempPathFactory, server_tools
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server without powers, without a home, in a workspace that it cannot write to."""
    _, address_of = server_tools
    log = tmp_path_factory.mktemp("log") / "log"
    home = closed.root.parent / "home"
    home.mkdir(mode=0o555)
    if IS_ROOT:
        os.chown(home, OWNER, OWNER)
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("XDG", "JUPYTER"))}
    with log.open("w", encoding="utf-8") as errors:
        server = subprocess.Popen(
            [*_without_powers(), sys.executable, "-c", SERVE, "serve"],
            cwd="/",
            env=environment | {"PATOKAZ_HOME": str(closed.root), "HOME": str(home)},
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            yield address_of(server, log), server
        finally:
            server.terminate()
            server.communicate(timeout=30)
    # What a kernel complained of, a packager would have to look into.
    assert log.read_text(encoding="utf-8") == ""
    assert list(home.iterdir()) == []


def _powers(pid: int) -> set[str]:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return {line.split()[1] for line in lines if line.startswith(("CapPrm", "CapEff", "CapBnd"))}


def _probe(address: str) -> dict[str, object]:
    text = httpx.get(f"{address}/dashboards/probe", timeout=60).text
    found: dict[str, object] = json.loads(html.fromstring(text).get_element_by_id("told").text)
    return found


def _kernels(folder: Path) -> list[int]:
    """List the processes that work in a folder: kernels work where their notebook lies."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cwd"):
        with contextlib.suppress(OSError):
            found += [int(place.parent.name)] if place.readlink() == folder else []
    return found


def test_neither_server_nor_kernel_can_read_what_is_withheld(blind, closed):
    address, _ = blind
    told = _probe(address)

    for name in CLOSED:
        assert told[str(closed.root / name)] == "PermissionError"
        assert told[str(closed.root / name / "marker.txt")] == "PermissionError"
    assert "observations.parquet" in told["public"]
    assert not any(int(mask, 16) for mask in told["powers"]) or not IS_ROOT


@pytest.mark.skipif(not IS_ROOT, reason="only root has powers to lose")
def test_server_and_kernels_run_without_powers(blind, closed):
    address, server = blind
    httpx.get(f"{address}/dashboards/municipal_profile?area=butel", timeout=60)

    assert _powers(server.pid) == {"0" * 16}
    assert _kernels(closed.dashboards)
    for kernel in _kernels(closed.dashboards):
        assert _powers(kernel) == {"0" * 16}


def test_the_probe_sees_the_marker_where_nothing_is_closed(space, tmp_path, server_tools):
    start, address_of = server_tools
    log = tmp_path / "log"
    with log.open("w", encoding="utf-8") as errors:
        server = start(space, errors)
        try:
            told = _probe(address_of(server, log))
        finally:
            server.terminate()
            server.communicate(timeout=30)

    for name in CLOSED:
        assert told[str(space.root / name / "marker.txt")] == MARKER
        assert "marker.txt" in told[str(space.root / name)]


def test_pages_and_their_files_are_served(blind, closed):
    address, _ = blind
    folder = closed.site / "en" / "gevgelija"
    files = sorted(p.name for p in folder.iterdir())

    assert any(name.endswith(".csv") for name in files)
    assert any(name.endswith(".xlsx") for name in files)
    for name in files:
        answer = httpx.get(f"{address}/pages/en/gevgelija/{name}", timeout=60)
        assert answer.status_code == 200
        assert answer.content == (folder / name).read_bytes()


def test_a_dashboard_is_served_with_its_figures(blind):
    address, _ = blind
    query = "area=gevgelija&language=en"
    answer = httpx.get(f"{address}/dashboards/municipal_profile?{query}", timeout=60)
    (main,) = html.fromstring(answer.text).iter("main")

    assert "21,582" in main.xpath(".//table[@data-table='residents']")[0].text_content()
    assert not main.xpath(".//*[@role='alert']")
    assert main.xpath(".//svg")
