"""A workspace that tests may build in: files of the checkout, results in a folder of its own."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING

import pytest
from hypothesis import settings

from analysis.protection import publish_observations
from analysis.store.build import build_observations
from analysis.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

# Time belongs into benchmarks: a busy machine must not fail a property. The same examples each
# time, so that a failure is there again for whoever looks into it.
settings.register_profile("steady", deadline=None, derandomize=True)
settings.load_profile("steady")

CHECKOUT = Path(__file__).resolve().parents[1]
INPUTS = ("data_raw/published", "notebooks", "dashboards", "policy_briefs/templates")


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The root of the checkout that the tests belong to."""
    return CHECKOUT


def copy_inputs(root: Path) -> Workspace:
    """Make a workspace of the inputs of the checkout, with nothing built."""
    for name in INPUTS:
        if (CHECKOUT / name).is_dir():
            shutil.copytree(CHECKOUT / name, root / name)
    shutil.copy(CHECKOUT / "requirements.lock", root)
    return Workspace(root)


@pytest.fixture(scope="session")
def new_workspace() -> Callable[[Path], Workspace]:
    """Makes a workspace of the inputs of the checkout in a folder, with nothing built."""
    return copy_inputs


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A built workspace; shared, so tests only read its inputs and its public zone."""
    space = copy_inputs(tmp_path_factory.mktemp("workspace"))
    publish_observations(build_observations(space.published), space)
    return space


@pytest.fixture
def own_workspace(tmp_path: Path) -> Workspace:
    """A workspace of one test, with nothing built, whose files the test may change."""
    return copy_inputs(tmp_path)


SERVE = "from analysis.cli import main; main()"
SAID = "Patokaz is open at "


@pytest.fixture(scope="session")
def served(workspace: Workspace, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of the built workspace; it ends with the tests."""
    log = tmp_path_factory.mktemp("server") / "log"
    with log.open("w", encoding="utf-8") as errors:
        server = start_server(workspace, errors)
        try:
            yield address_of(server, log)
        finally:
            server.terminate()
            server.communicate(timeout=30)


@pytest.fixture(scope="session")
def server_tools():
    """How to start a server of one's own, and how to learn where it is."""
    return start_server, address_of


def start_server(
    workspace: Workspace, errors: IO[str] | int, *options: str
) -> subprocess.Popen[str]:
    """Start `patokaz serve` in a workspace, on a free port of this machine."""
    return subprocess.Popen(
        [sys.executable, "-c", SERVE, "serve", *options],
        cwd=workspace.root,
        env={**os.environ, "PATOKAZ_HOME": str(workspace.root)},
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )


def address_of(server: subprocess.Popen[str], log: Path, wait: float = 60) -> str:
    """Read from a server where it is."""
    until = time.monotonic() + wait
    while time.monotonic() < until and server.poll() is None:
        ready, _, _ = select.select([server.stdout], [], [], 1)
        line = server.stdout.readline() if ready else ""
        if line.startswith(SAID):
            return line.removeprefix(SAID).strip().rstrip("/")
    message = f"The server did not start: {log.read_text(encoding='utf-8')}"
    raise AssertionError(message)


REQUIRED = "PATOKAZ_REQUIRE_BROWSER"
OFFICE_SECONDS = 120


@pytest.fixture(scope="session")
def find_program() -> Callable[[Iterable[str], str], str]:
    """Finds a program of the system; tests without it fail where it is required, or are left out.

    Told the names that it goes by, and the sentence about what was not looked at.
    """

    def find(names: Iterable[str], sentence: str) -> str:
        found = next((path for name in names if (path := shutil.which(name))), None)
        if found:
            return found
        message = f"{sentence} {REQUIRED}=1 makes this a failure."
        if os.environ.get(REQUIRED) == "1":
            pytest.fail(message)
        pytest.skip(message)

    return find


@pytest.fixture(scope="session")
def soffice(find_program: Callable[[Iterable[str], str], str]) -> str:
    """The path of LibreOffice."""
    sentence = "NO LIBREOFFICE: no file was read or saved by it. Run `make tools`;"
    return find_program(("soffice", "libreoffice"), sentence)


@pytest.fixture
def save_by_office(tmp_path: Path, soffice: str) -> Callable[[bytes, str, str], Path]:
    """Has LibreOffice save a file of a name in another form; tells where it would lie."""

    def save(content: bytes, name: str, form: str) -> Path:
        source = tmp_path / name
        source.write_bytes(content)
        home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
        ways = ["--headless", "--convert-to", form, "--outdir", str(tmp_path)]
        subprocess.run(
            [soffice, home, *ways, str(source)],
            check=True,
            capture_output=True,
            timeout=OFFICE_SECONDS,
        )
        return source.with_suffix(f".{form}")

    return save
