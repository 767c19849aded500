"""Papermill, nbclient, servers and JupyterLab: all of them get warm kernels, and the same pages."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import textwrap

import nbformat
import papermill
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.multikernelmanager import AsyncMultiKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory
from nbclient import NotebookClient
from traitlets.config import Config

from analysis.suite.kernels.settings import find_kernel_kind, lab_environment, warm_settings

pytestmark = pytest.mark.filterwarnings("ignore:Passing unrecognized arguments|:DeprecationWarning")

NOTEBOOKS = {
    "01_data_readiness": {"day": "2026-01-31"},
    "02_municipal_profile": {"area": "kumanovo"},
    "03_migration_trends": {},
    "04_trafficking_trends": {},
}
MODULES = "import json, sys; print(json.dumps(sorted(sys.modules)))"
# Made by a kernel for itself alone, or what the drawing of pictures starts: threads, which a
# parent must not have.
OWN = ("__mp_main__", "_pydev", "pydev", "vl_convert", "xstatic")


@pytest.fixture
def socket_folder():
    with tempfile.TemporaryDirectory(prefix="pk-") as folder:
        yield folder


@pytest.fixture
def settings(shared_room, lock_file, socket_folder):
    ipc = {"KernelManager": {"transport": "ipc", "ip": f"{socket_folder}/k"}}
    return lambda **more: Config(warm_settings(lock_file, shared_room, **more) | ipc)


def make_notebook(*cells):
    spec = {"name": "python3", "language": "python", "display_name": "Python 3"}
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(c) for c in cells], metadata={"kernelspec": spec}
    )


def test_nbclient_gets_warm_kernels(settings):
    client = NotebookClient(make_notebook("1 + 1"), kernel_name="python3", config=settings())

    with client.setup_kernel():
        cell = client.execute_cell(client.nb.cells[0], 0)
        kind = find_kernel_kind(client.km)

    assert cell.outputs[0]["data"]["text/plain"] == "2"
    assert kind == "warm"


def test_nbclient_gets_ordinary_kernels_where_that_is_wanted(settings):
    config = settings(warm=False)
    client = NotebookClient(make_notebook("1 + 1"), kernel_name="python3", config=config)

    with client.setup_kernel():
        client.execute_cell(client.nb.cells[0], 0)
        provisioner = client.km.provisioner

    assert provisioner.kind == "ordinary"
    assert provisioner.cpu_seconds > 0


def test_papermill_gets_warm_kernels(settings, tmp_path, find_parent, shared_room):
    source = make_notebook("x = 0", "import os; print(os.getppid(), x)")
    source.cells[0].metadata["tags"] = ["parameters"]
    nbformat.write(source, tmp_path / "in.ipynb")

    done = papermill.execute_notebook(
        str(tmp_path / "in.ipynb"),
        str(tmp_path / "out.ipynb"),
        parameters={"x": 5},
        kernel_name="python3",
        progress_bar=False,
        config=settings(),
    )

    assert done.cells[-1].outputs[0]["text"] == f"{find_parent(shared_room)} 5\n"


@pytest.fixture
def factory(settings):
    KernelProvisionerFactory.clear_instance()
    yield lambda: KernelProvisionerFactory.instance(config=settings())
    KernelProvisionerFactory.clear_instance()


def test_a_server_of_many_kernels_gets_warm_ones(settings, factory):
    factory()

    async def go():
        manager = AsyncMultiKernelManager(config=settings(), shared_context=False)
        # Each kernel of a server has sockets of its own, as Voila gives them.
        name = await manager.start_kernel(kernel_name="python3")
        kernel = manager.get_kernel(name)
        client = kernel.client()
        client.start_channels()
        try:
            await client.wait_for_ready(timeout=60)
            return find_kernel_kind(kernel), await manager.is_alive(name)
        finally:
            client.stop_channels()
            await manager.shutdown_kernel(name, now=True)

    assert asyncio.run(go()) == ("warm", True)


def test_jupyter_knows_the_provisioner_by_its_name(factory):
    spec = KernelSpecManager().get_kernel_spec("python3")
    spec.metadata = {"kernel_provisioner": {"provisioner_name": "patokaz-warm"}}

    assert factory().is_provisioner_available(spec)


ASKED = """
from jupyter_client.provisioning import KernelProvisionerFactory
from analysis.suite.kernels.provisioner import WarmProvisioner
print(KernelProvisionerFactory.instance().default_provisioner_name)
print(WarmProvisioner().lock_file)
"""


def test_jupyterlab_is_told_by_its_environment(workspace):
    given = lab_environment(workspace)

    assert given["PATOKAZ_HOME"] == str(workspace.root)
    said = subprocess.run(
        [sys.executable, "-c", ASKED],
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.split() == ["patokaz-warm", str(workspace.lock_file)]


def test_a_manager_without_a_kernel_has_none(settings):
    assert find_kernel_kind(AsyncMultiKernelManager(config=settings())) is None


SURROUNDINGS = """
import gc, json, locale, os, signal, sys, warnings
print(json.dumps({
    "path": sys.path, "prefix": sys.prefix, "flags": repr(sys.flags), "gc": gc.isenabled(),
    "locale": locale.setlocale(locale.LC_ALL), "encoding": sys.stdout.encoding,
    "environment": {k: v for k, v in os.environ.items() if not k.startswith("JPY_")},
    "signals": [repr(signal.getsignal(n)) for n in (signal.SIGINT, signal.SIGTERM, signal.SIGCHLD)],
    "names": sorted(globals()), "umask": os.umask(0o22), "argv": sys.argv[1::2][:1],
    "input": os.readlink("/proc/self/fd/0").startswith(("/dev/null", "pipe:")),
}))
"""


@pytest.mark.slow
def test_a_warm_kernel_finds_the_same_around_it_as_an_ordinary_one(shared_room, open_kernel):
    async def look(*, warm):
        settings = {"WarmProvisioner": {"warm": warm}}
        async with open_kernel(shared_room, settings=settings) as kernel:
            return kernel.provisioner.kind, json.loads(await kernel.run(SURROUNDINGS))

    warm, ordinary = (asyncio.run(look(warm=warm)) for warm in (True, False))

    assert (warm[0], ordinary[0]) == ("warm", "ordinary")
    for name, value in ordinary[1].items():
        assert warm[1][name] == value, name


def execute(notebook, parameters, workspace, config):
    """The outputs of a notebook of ours, and the modules that its kernel ends up with."""
    source = nbformat.read(workspace.notebooks / f"{notebook}.ipynb", as_version=4)
    given = "\n".join(f"{name} = {value!r}" for name, value in parameters.items())
    place = 1 + next(
        i for i, c in enumerate(source.cells) if "parameters" in c.metadata.get("tags", [])
    )
    source.cells.insert(place, nbformat.v4.new_code_cell(given))
    source.cells.append(nbformat.v4.new_code_cell(MODULES))
    client = NotebookClient(
        source,
        kernel_name="python3",
        config=config,
        timeout=120,
        resources={"metadata": {"path": str(workspace.root)}},
    )
    done = client.execute(env={**os.environ, "PATOKAZ_HOME": str(workspace.root)})
    outputs = [c.get("outputs", []) for c in done.cells]
    return outputs[:-1], set(json.loads(outputs[-1][0]["text"])), client


@pytest.mark.slow
@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_notebooks_show_the_same_and_import_nothing_more(
    notebook, workspace, settings, shared_room, open_kernel
):
    parameters = NOTEBOOKS[notebook]
    warm, _, _ = execute(notebook, parameters, workspace, settings())
    ordinary, wanted, _ = execute(notebook, parameters, workspace, settings(warm=False))

    async def look():
        async with open_kernel(shared_room) as kernel:
            return set(json.loads(await kernel.run(MODULES)))

    missing = {m for m in wanted - asyncio.run(look()) if not m.startswith(OWN)}

    assert warm == ordinary
    assert any("image/svg+xml" in str(o) or "<svg" in str(o) for o in warm) or "01" in notebook
    assert not missing, f"add to analysis/suite/kernels/code.py: {sorted(missing)}"


@pytest.mark.slow
def test_the_dashboard_imports_nothing_more(workspace, settings, shared_room, open_kernel):
    source = nbformat.read(workspace.dashboards / "municipal_profile.ipynb", as_version=4)
    source.cells.append(nbformat.v4.new_code_cell(MODULES))
    client = NotebookClient(source, kernel_name="python3", config=settings(warm=False))
    done = client.execute(env={**os.environ, "PATOKAZ_HOME": str(workspace.root)})
    wanted = set(json.loads(done.cells[-1].outputs[0]["text"]))

    async def look():
        async with open_kernel(shared_room) as kernel:
            return set(json.loads(await kernel.run(MODULES)))

    missing = {m for m in wanted - asyncio.run(look()) if not m.startswith(OWN)}
    assert not missing, f"add to analysis/suite/kernels/code.py: {sorted(missing)}"


@pytest.mark.slow
def test_no_figure_of_a_workspace_is_in_the_parent(
    workspace, settings, shared_room, find_parent, open_kernel
):
    # The hash of the table stands in no code, and each kernel that reads the table reads it.
    release = json.loads((workspace.public / "release.json").read_text(encoding="utf-8"))
    mark = release["observations_sha256"]
    execute("02_municipal_profile", {"area": "butel"}, workspace, settings())
    script = textwrap.dedent("""
        import sys
        from pathlib import Path
        found = False
        with open(f"/proc/{sys.argv[1]}/mem", "rb", buffering=0) as memory:
            for line in Path(f"/proc/{sys.argv[1]}/maps").read_text().splitlines():
                first, last = (int(p, 16) for p in line.split()[0].split("-"))
                if line.split()[1].startswith("rw"):
                    memory.seek(first)
                    found = found or sys.argv[2].encode() in memory.read(last - first)
        print(found)
    """)

    def search(pid):
        command = [sys.executable, "-c", script, str(pid), mark]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

    async def look():
        async with open_kernel(shared_room, PATOKAZ_HOME=str(workspace.root)) as kernel:
            await kernel.run(
                "from pathlib import Path; import analysis.workspace as w\n"
                "held = (w.find_workspace().public / 'release.json').read_text()"
            )
            return search(kernel.pid)

    assert asyncio.run(look()) == "True"
    assert search(find_parent(shared_room)) == "False"
