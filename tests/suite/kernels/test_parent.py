"""The parent: one thread, no data, shared, replaced, and nobody left behind."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from analysis.suite.kernels import alone, keeper, provisioner
from analysis.suite.kernels.alone import NotAloneError, assert_alone
from analysis.suite.kernels.keeper import check_system, ensure_parent, stop_parent
from analysis.suite.kernels.parent import Owner, Parent
from analysis.suite.kernels.place import NoWarmKernelError
from analysis.suite.kernels.wire import hear


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    """No test knows which parents the others have seen die."""
    for name, empty in (("_used", set()), ("_resting", {}), ("_told", set())):
        monkeypatch.setattr(provisioner, name, empty)


def find_in_memory(pid, wanted):
    """Which of these bytes stand in the memory of a process, wherever it can write."""
    found = set()
    maps = Path(f"/proc/{pid}/maps").read_text().splitlines()
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in maps:
            span, rights, *_ = line.split()
            first, last = (int(part, 16) for part in span.split("-"))
            if not rights.startswith("rw"):
                continue  # as it came from a file, so that nothing can have been put there
            memory.seek(first)
            try:
                content = memory.read(last - first)
            except OSError:
                continue
            found |= {mark for mark in wanted if mark in content}
    return found


def is_there(pid):
    return Path(f"/proc/{pid}").exists()


@pytest.mark.slow
def test_what_a_kernel_reads_is_not_in_the_memory_of_its_parent(
    shared_room, open_kernel, find_parent, tmp_path
):
    data, secret = (f"{name}-{os.urandom(12).hex()}".encode() for name in ("figure", "secret"))
    file = tmp_path / "observations.csv"
    file.write_bytes(data * 3)

    async def go():
        own = {"MARKED": str(file), "PATOKAZ_SECRET": secret.decode()}
        async with open_kernel(shared_room, **own) as kernel:
            await kernel.run("import os; held = open(os.environ['MARKED'], 'rb').read()")
            return (
                find_in_memory(kernel.pid, [data, secret]),
                find_in_memory(find_parent(shared_room), [data, secret, b"ipykernel.kernelapp"]),
            )

    kernel, above = asyncio.run(go())

    assert kernel == {data, secret}
    assert above == {b"ipykernel.kernelapp"}


def test_the_parent_has_one_thread_and_no_file_of_a_workspace(
    shared_room, open_kernel, find_parent
):
    async def go():
        async with open_kernel(shared_room):
            return find_parent(shared_room)

    pid = asyncio.run(go())
    opened = [str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir()]

    assert len(list(Path(f"/proc/{pid}/task").iterdir())) == 1
    assert not [name for name in opened if "data_" in name or "notebooks" in name]
    assert Path(f"/proc/{pid}/cwd").readlink() == Path("/")


def test_a_second_thread_is_noticed():
    done = threading.Event()
    thread = threading.Thread(target=done.wait)
    thread.start()
    try:
        with pytest.raises(NotAloneError, match=r"it has \d+ threads where 1 may be"):
            assert_alone()
    finally:
        done.set()
        thread.join()


def test_a_parent_with_a_second_thread_does_not_fork(own_room, monkeypatch, tmp_path):
    for number in ("1", "2"):
        (tmp_path / number).mkdir()
    monkeypatch.setattr(alone, "THREADS", tmp_path)
    monkeypatch.setattr(os, "fork", lambda: pytest.fail("it forked"))
    near, far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    served = Parent(own_room / "s.sock", 1)
    served.owners[far.fileno()] = Owner(far)
    handed = [os.open(os.devnull, os.O_RDONLY) for _ in range(4)]
    with near, far, served.selector:
        socket.send_fds(near, [b"F\0"], handed)
        assert served._listen(far.fileno()) is None
        assert hear(near) == {
            "refused": "the parent of kernels cannot fork: it has 2 threads where 1 may be"
        }
    for descriptor in handed:
        os.close(descriptor)


def test_where_the_parent_refuses_ordinary_kernels_take_over(
    shared_room, open_kernel, monkeypatch, caplog
):
    def refuse(connection, *_):
        connection.close()
        msg = "the parent of kernels cannot fork: it has 2 threads where 1 may be"
        raise NoWarmKernelError(msg)

    monkeypatch.setattr(provisioner, "fork_kernel", refuse)

    async def go():
        async with open_kernel(shared_room) as kernel:
            return kernel.provisioner, await kernel.run("print(1 + 1)")

    for _ in range(2):
        used, said = asyncio.run(go())
        assert (used.kind, said) == ("ordinary", "2")
        assert used.why.endswith("it has 2 threads where 1 may be")
        assert used.cpu_seconds > 0
        assert used.peak_bytes > 2**24
    lines = [r.getMessage() for r in caplog.records if r.levelname == "WARNING"]
    assert lines == [f"An ordinary kernel is started: {used.why}."]


@pytest.mark.parametrize(
    ("settings", "more", "why"),
    [
        ({"warm": False}, {}, "warm kernels are switched off"),
        ({}, {"PYTHONHASHSEED": "77"}, "its environment differs in what Python reads"),
        ({"room": "/" + "r" * 100}, {}, "the path of the socket has"),
        ({"room": "/proc/room"}, {}, "for sockets cannot be made"),
    ],
)
def test_what_cannot_be_forked_gets_an_ordinary_kernel(
    shared_room, open_kernel, settings, more, why
):
    async def go():
        given = {"WarmProvisioner": settings}
        async with open_kernel(shared_room, settings=given, **more) as kernel:
            return kernel.provisioner, await kernel.run("print(1 + 1)")

    used, said = asyncio.run(go())

    assert (used.kind, said) == ("ordinary", "2")
    assert why in used.why


def test_on_other_systems_there_are_no_warm_kernels(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    with pytest.raises(NoWarmKernelError, match="on Linux only, and this is darwin"):
        check_system()
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delattr(os, "pidfd_open")
    with pytest.raises(NoWarmKernelError, match="built without pidfd_open"):
        check_system()


def test_a_parent_that_does_not_start_says_where_it_tells_why(own_room, lock_file, monkeypatch):
    monkeypatch.setattr(keeper, "PACKAGE", own_room / "nowhere")
    (own_room / "analysis").mkdir()
    (own_room / "analysis" / "__init__.py").write_text("raise ImportError('broken')\n")

    with pytest.raises(NoWarmKernelError, match=r"did not start: see .*\.log"):
        ensure_parent(lock_file, own_room)
    (log,) = own_room.glob("*.log")
    assert "ImportError: broken" in log.read_text()


@pytest.mark.slow
def test_a_dead_parent_leaves_its_kernels_and_the_next_ones_are_ordinary(
    own_room, open_kernel, find_parent, await_end
):
    async def go():
        async with open_kernel(own_room) as first:
            running = asyncio.ensure_future(first.run("import time; time.sleep(1); print('done')"))
            pid = find_parent(own_room)
            os.kill(pid, signal.SIGKILL)
            assert await await_end(pid)
            async with open_kernel(own_room) as second:
                said = await second.run("print(2)"), second.provisioner.kind
            async with open_kernel(own_room, settings={"WarmProvisioner": {"rest": 0.0}}) as third:
                again = third.provisioner.kind
            assert await running == "done"
            assert await first.provisioner.poll() is None
            await first.manager.interrupt_kernel()
            assert await first.run("print('alive')") == "alive"
        return said, again, await await_end(first.pid)

    assert asyncio.run(go()) == (("2", "ordinary"), "ordinary", True)


@pytest.mark.slow
def test_after_a_rest_a_new_parent_is_started(own_room, open_kernel, find_parent, await_end):
    no_rest = {"WarmProvisioner": {"rest": 0.0}}

    async def go():
        kinds = []
        async with open_kernel(own_room, settings=no_rest):
            pid = find_parent(own_room)
        os.kill(pid, signal.SIGKILL)
        assert await await_end(pid)
        for _ in range(2):
            async with open_kernel(own_room, settings=no_rest) as kernel:
                kinds.append(kernel.provisioner.kind)
        return kinds, pid != find_parent(own_room)

    assert asyncio.run(go()) == (["ordinary", "warm"], True)


OWNER = """
    import asyncio, os, sys
    from pathlib import Path
    from traitlets.config import Config
    from analysis.suite.kernels.manager import WarmKernelManager
    from analysis.suite.kernels.settings import warm_settings

    async def go():
        config = Config(warm_settings(Path(sys.argv[1]), Path(sys.argv[2])))
        config.merge(Config({"KernelManager": {"transport": "ipc", "ip": sys.argv[2] + "/o"}}))
        manager = WarmKernelManager(kernel_name="python3", config=config)
        await manager.start_kernel()
        client = manager.client()
        client.start_channels()
        await client.wait_for_ready(timeout=60)
        client.execute("import subprocess; p = subprocess.Popen(['sleep', '600']); print(p.pid)\\n"
            "while True: sum(range(10**6))")
        while True:
            said = await client.get_iopub_msg(timeout=60)
            if said["content"].get("name") == "stdout":
                print(manager.provisioner.kind, manager.provisioner.pid, said["content"]["text"])
                sys.stdout.flush()
                await asyncio.sleep(600)

    asyncio.run(go())
"""


@pytest.mark.slow
@pytest.mark.parametrize("parent_dies_first", [False, True])
def test_kernels_are_gone_when_their_owner_was_killed(
    own_room, lock_file, find_parent, await_end, parent_dies_first
):
    owner = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(OWNER), str(lock_file), str(own_room)],
        stdout=subprocess.PIPE,
        text=True,
    )
    kind, kernel, child = owner.stdout.readline().split()
    above = find_parent(own_room)
    if parent_dies_first:
        os.kill(above, signal.SIGKILL)
        assert asyncio.run(await_end(above))
        assert Path(f"/proc/{kernel}/stat").read_text().split()[2] != "Z"
    owner.kill()
    owner.communicate()

    assert kind == "warm"
    assert asyncio.run(await_end(int(kernel), int(child)))
    if not parent_dies_first:
        assert Path(f"/proc/{above}").exists()


@pytest.mark.slow
def test_a_change_under_a_living_parent_means_another_one(
    own_room, open_kernel, find_parent, await_end, tmp_path
):
    lock = tmp_path / "requirements.lock"
    lock.write_text("pandas==3\n")

    async def go():
        async with open_kernel(own_room, lock=lock) as first:
            before = find_parent(own_room)
            lock.write_text("pandas==4\n")
            async with open_kernel(own_room, lock=lock) as second:
                after = find_parent(own_room)
                kinds = first.provisioner.kind, second.provisioner.kind
                assert await second.run("import os; print(os.getppid())") == str(after)
            # The former parent serves what it has, and ends with it.
            assert await first.run("import os; print(os.getppid())") == str(before)
        return kinds, before != after, await await_end(before), is_there(after)

    assert asyncio.run(go()) == (("warm", "warm"), True, True, True)


@pytest.mark.slow
def test_two_that_start_at_once_share_one_parent(own_room, lock_file):
    code = (
        "import sys, pathlib; from analysis.suite.kernels import keeper;"
        "h = keeper.ensure_parent(*map(pathlib.Path, sys.argv[1:]));"
        "print(h.pid, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(lock_file), str(own_room)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    asked = [subprocess.Popen(command, **pipes) for _ in range(3)]
    try:
        pids = {process.stdout.readline() for process in asked}
    finally:
        for process in asked:
            process.communicate()

    assert len(pids) == 1
    assert re.fullmatch(r"\d+\n", next(iter(pids)))


@pytest.mark.slow
def test_a_parent_that_nobody_uses_ends(own_room, lock_file, find_parent, await_end):
    with ensure_parent(lock_file, own_room, idle=0.5):
        pid = find_parent(own_room)
    assert asyncio.run(await_end(pid))
    assert not list(own_room.glob("*.sock"))


@pytest.mark.slow
def test_a_parent_is_stopped_with_its_kernels(own_room, lock_file, open_kernel, await_end):
    async def go():
        async with open_kernel(own_room) as kernel:
            kernel.client.stop_channels()
            assert stop_parent(lock_file, own_room, kill=True)
            return await await_end(kernel.pid)

    assert asyncio.run(go())
    assert not stop_parent(lock_file, own_room)
