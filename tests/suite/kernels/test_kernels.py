"""Kernels that are forked: they are what an ordinary kernel would be."""

from __future__ import annotations

import asyncio
import json
import os
import resource
import signal
from pathlib import Path

import pytest

from analysis.suite.kernels.settings import find_kernel_kind

DRAW = "import random, numpy; print(random.random(), numpy.random.random())"


def test_a_kernel_is_warm_and_says_what_it_took(shared_room, open_kernel, find_parent):
    async def go():
        async with open_kernel(shared_room) as kernel:
            assert find_kernel_kind(kernel.manager) == "warm"
            said = await kernel.run("import os; print(os.getpid(), os.getppid(), os.getsid(0))")
            assert said == f"{kernel.pid} {find_parent(shared_room)} {kernel.pid}"
            provisioner = kernel.provisioner
            assert await provisioner.poll() is None
        return provisioner

    ended = asyncio.run(go())

    assert 0 < ended.cpu_seconds < 60
    assert 2**25 < ended.peak_bytes < 2**33
    assert ended.why == ""


def test_a_kernel_works_where_and_as_its_owner_would(shared_room, open_kernel):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    before = os.umask(0o027)
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft - 1, hard))
    code = """
import json, os, resource, sys, time
mask = os.umask(0); os.umask(mask)
print(json.dumps([os.getcwd(), mask, resource.getrlimit(resource.RLIMIT_NOFILE), time.tzname[0],
    os.environ["MINE"], os.environ.get("PATOKAZ_THEIRS"), __name__, "" in sys.path, sys.argv[0],
    "OPENBLAS_NUM_THREADS" in os.environ]))
"""

    async def go():
        async with open_kernel(shared_room, MINE="1", TZ="ABC-5") as kernel:
            return json.loads(await kernel.run(code)), Path(kernel.manager.ip).parent

    try:
        said, folder = asyncio.run(go())
    finally:
        os.umask(before)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

    own = "OPENBLAS_NUM_THREADS" in os.environ
    expected = [str(folder), 0o027, [soft - 1, hard], "ABC", "1", None, "__main__", True]
    assert said == [*expected, "ipykernel_launcher", own]


def test_kernels_share_nothing_but_code(shared_room, open_kernel):
    async def go():
        async with open_kernel(shared_room) as first, open_kernel(shared_room) as second:
            await first.run("import sys, os; sys.mine = 1; os.environ['MINE'] = '1'; umbrella = 1")
            return await second.run(
                "import sys, os; print(hasattr(sys, 'mine'), 'MINE' in os.environ, "
                "'umbrella' in globals())"
            )

    assert asyncio.run(go()) == "False False False"


def test_pages_can_ask_a_kernel_for_all_its_widgets(shared_room, open_kernel):
    async def go():
        async with open_kernel(shared_room) as kernel:
            return await kernel.run("print(*sorted(get_ipython().kernel.comm_manager.targets))")

    assert asyncio.run(go()).split() == ["jupyter.widget", "jupyter.widget.control"]


def test_a_kernel_holds_no_socket_of_its_parent(shared_room, open_kernel, find_parent):
    # A kernel that held the connection of another one would keep it alive.
    code = """
import os
for n in os.listdir("/proc/self/fd"):
    try:
        print(os.readlink(f"/proc/self/fd/{n}"))
    except OSError:
        pass
"""

    def find_sockets(process):
        folder = Path(f"/proc/{process}/fd")
        names = [str(path.readlink()) for path in folder.iterdir()]
        return {name for name in names if name.startswith(("socket:", "anon_inode:[pidfd"))}

    async def look(parent):
        async with open_kernel(shared_room):
            before = find_sockets(parent)
            async with open_kernel(shared_room) as second:
                held = set((await second.run(code)).split())
            return before, held

    before, held = asyncio.run(look(find_parent(shared_room)))

    assert len(before) >= 3
    assert not held & before


def test_without_a_seed_each_kernel_draws_other_numbers(shared_room, open_kernel):
    async def go():
        async with open_kernel(shared_room) as first, open_kernel(shared_room) as second:
            return await first.run(DRAW), await second.run(DRAW)

    first, second = (said.split() for said in asyncio.run(go()))

    assert first[0] != second[0]
    assert first[1] != second[1]


def test_with_the_same_seed_kernels_draw_the_same_numbers(shared_room, open_kernel):
    async def draw(seed):
        async with open_kernel(shared_room, PATOKAZ_SEED=seed) as kernel:
            return await kernel.run(DRAW)

    async def go():
        return [await draw("7"), await draw("7"), await draw("8")]

    first, again, other = asyncio.run(go())

    assert first == again
    assert first != other


def test_a_kernel_is_interrupted_and_goes_on(shared_room, open_kernel, await_that):
    async def go():
        async with open_kernel(shared_room) as kernel:
            waiting = asyncio.ensure_future(
                kernel.run("open('begun', 'w').close()\nimport time\ntime.sleep(60)")
            )
            begun = Path(kernel.manager.ip).parent / "begun"
            await await_that(begun.exists)
            await kernel.manager.interrupt_kernel()
            return await waiting, await kernel.run("print(1 + 1)")

    assert asyncio.run(go()) == ("KeyboardInterrupt", "2")


def test_a_kernel_is_restarted(shared_room, open_kernel):
    async def go():
        async with open_kernel(shared_room) as kernel:
            await kernel.run("x = 1")
            before = kernel.pid
            kernel.client.stop_channels()
            await kernel.manager.restart_kernel(now=True)
            await kernel.connect()
            return before != kernel.pid, kernel.provisioner.kind, await kernel.run("x")

    assert asyncio.run(go()) == (True, "warm", "NameError")


def test_a_kernel_that_is_told_to_end_ends_by_itself(shared_room, open_kernel):
    async def go():
        async with open_kernel(shared_room) as kernel:
            await kernel.run("import atexit; atexit.register(lambda: open('bye', 'w').close())")
            process = kernel.provisioner.process
            await kernel.manager.shutdown_kernel()
            return process.returncode, (Path(kernel.manager.ip).parent / "bye").exists()

    assert asyncio.run(go()) == (0, True)


@pytest.mark.parametrize(
    ("code", "expected"),
    [("import os; os._exit(7)", 7), ("import os, signal; os.kill(os.getpid(), 9)", -9)],
)
def test_the_end_of_a_kernel_is_reported_with_its_code(
    shared_room, open_kernel, await_end, await_that, code, expected
):
    async def go():
        async with open_kernel(shared_room) as kernel:
            process = kernel.provisioner.process
            kernel.client.execute(code)
            assert await await_end(kernel.pid)
            await await_that(lambda: process.poll() is not None)
            assert not await kernel.manager.is_alive()
            process.send_signal(signal.SIGINT)  # after its end nothing happens
            return process.wait(1)

    assert asyncio.run(go()) == expected


def test_what_a_kernel_started_ends_with_it(shared_room, open_kernel, await_end):
    async def go():
        async with open_kernel(shared_room) as kernel:
            child = await kernel.run(
                "import subprocess; p = subprocess.Popen(['sleep', '600']); print(p.pid)"
            )
            kernel.client.execute("import os; os._exit(0)")
            return await await_end(kernel.pid, int(child))

    assert asyncio.run(go())


def test_history_leaves_no_file_unless_it_is_asked_for(shared_room, open_kernel):
    code = "print(get_ipython().history_manager.enabled)"

    async def go(*arguments):
        async with open_kernel(shared_room, kernel_arguments=arguments) as kernel:
            return await kernel.run(code)

    assert asyncio.run(go()) == "False"
    asked = ("--HistoryManager.enabled=True", "--HistoryManager.hist_file=:memory:")
    assert asyncio.run(go(*asked)) == "True"


def test_pictures_appear_below_their_cells(shared_room, open_kernel):
    code = """
from IPython.display import Image, SVG, display
import base64
dot = ("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4"
    "2mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
display(Image(base64.b64decode(dot)), SVG("<svg xmlns='http://www.w3.org/2000/svg'/>"))
"""

    async def go():
        async with open_kernel(shared_room) as kernel:
            return (await kernel.messages(code))[1]

    kinds = {k for m in asyncio.run(go()) for k in m["content"].get("data", {})}

    assert {"image/png", "image/svg+xml"} <= kinds
