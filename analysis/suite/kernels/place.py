"""Which parent a kernel may come from: one for each lock, code and interpreter, in a room."""

from __future__ import annotations

import hashlib
import json
import os
import stat
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PACKAGE = Path(__file__).resolve().parents[2]
# An own folder for sockets, where the default does not suit.
ROOM_VARIABLE = "PATOKAZ_KERNEL_ROOM"
# The path of a Unix socket may have 107 characters on Linux.
LONGEST_PATH = 107
DIGITS = 12
# What Python and its libraries read of the environment once, when they are imported.
READ_AT_START = ("PYTHON", "LC_", "LANG", "LD_", "NPY_", "NUMPY_")
# Libraries of a parent find their functions when they are loaded: found later, each kernel would
# write down its own. Kernels do the same with it or without.
BIND = {"LD_BIND_NOW": "1"}
LEFT_OUT = {"__pycache__"}


class NoWarmKernelError(RuntimeError):
    """A warm kernel cannot be had here; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where one parent is.

    Parameters
    ----------
    room : pathlib.Path
        A folder that only its owner may enter.
    site : str
        Stands for package, interpreter and lock file, whatever their content.
    key : str
        Stands for their content.
    """

    room: Path
    site: str
    key: str

    @property
    def socket(self) -> Path:
        """Where the parent listens."""
        return self.room / f"{self.site}-{self.key}.sock"

    @property
    def log(self) -> Path:
        """What the parent says."""
        return self.socket.with_suffix(".log")

    @property
    def lock(self) -> Path:
        """Held while a parent of this room is being started."""
        return self.room / "start.lock"


def find_place(lock_file: Path | None, room: Path | None = None) -> Place:
    """Find the place of the parent that fits this environment as it is now.

    Parameters
    ----------
    lock_file : pathlib.Path, optional
        The lock of the workspace.
    room : pathlib.Path, optional
        Folder for sockets; the user's own unless given.

    Returns
    -------
    Place

    Raises
    ------
    NoWarmKernelError
        When the path of the socket is too long.
    """
    facts = [str(PACKAGE), sys.executable, str(lock_file and lock_file.resolve())]
    site = _short(facts)
    place = Place(room or find_room(os.environ), site, make_key(lock_file, os.environ))
    length = len(os.fsencode(place.socket))
    if length > LONGEST_PATH:
        msg = (
            f"the path of the socket has {length} characters, more than the {LONGEST_PATH} that "
            f"the system takes ({place.socket}). Set {ROOM_VARIABLE} to a shorter folder"
        )
        raise NoWarmKernelError(msg)
    return place


def find_room(environment: Mapping[str, str]) -> Path:
    """Name the folder of a user's sockets.

    Parameters
    ----------
    environment : mapping of str to str

    Returns
    -------
    pathlib.Path
        It need not exist yet.

    Examples
    --------
    >>> find_room({"XDG_RUNTIME_DIR": "/run/user/1000"}).as_posix()
    '/run/user/1000/patokaz'
    """
    if environment.get(ROOM_VARIABLE):
        return Path(environment[ROOM_VARIABLE])
    own = environment.get("XDG_RUNTIME_DIR")
    if own:
        return Path(own) / "patokaz"
    return Path(tempfile.gettempdir()) / f"patokaz-{os.getuid()}"


def make_room(room: Path) -> None:
    """Make the folder of sockets, or see that nobody else may enter the one that is there.

    Parameters
    ----------
    room : pathlib.Path

    Raises
    ------
    NoWarmKernelError
        When it belongs to somebody else, is open to others, or cannot be made.
    """
    try:
        room.mkdir(mode=0o700, exist_ok=True, parents=True)
        found = room.lstat()
    except OSError as failure:
        msg = f"the folder '{room}' for sockets cannot be made ({failure.strerror})"
        raise NoWarmKernelError(msg) from None
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        msg = f"'{room}' is not a folder of the user who asks. Remove it or set {ROOM_VARIABLE}"
        raise NoWarmKernelError(msg)
    if stat.S_IMODE(found.st_mode) & 0o077:
        msg = f"others may enter the folder '{room}'. Type: chmod 700 {room}"
        raise NoWarmKernelError(msg)


def make_key(lock_file: Path | None, environment: Mapping[str, str]) -> str:
    """Hash all that a parent holds: interpreter, lock, code, and what Python reads at start.

    Parameters
    ----------
    lock_file : pathlib.Path, optional
    environment : mapping of str to str

    Returns
    -------
    str
        Another one after an upgrade or an edit: the former parent is then not asked any more.
    """
    # An installation changes the folder even where it forgets the lock.
    installed = [Path(sysconfig.get_path(name)).stat().st_mtime_ns for name in ("purelib",)]
    lock = lock_file.read_bytes() if lock_file and lock_file.is_file() else b""
    return _short(
        [
            sys.version,
            sys.prefix,
            installed,
            hashlib.sha256(lock).hexdigest(),
            _code_digest(_listed(PACKAGE)),
            sorted(start_variables(environment).items()),
        ]
    )


def start_variables(environment: Mapping[str, str]) -> dict[str, str]:
    """Choose the variables that an interpreter reads when it starts.

    Parameters
    ----------
    environment : mapping of str to str

    Returns
    -------
    dict of str to str

    Examples
    --------
    >>> start_variables({"PYTHONHASHSEED": "0", "SECRET": "x"})
    {'PYTHONHASHSEED': '0'}
    """
    return {k: v for k, v in environment.items() if k.startswith(READ_AT_START) and k not in BIND}


def _listed(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """List the files of the package with what changes when they do."""
    files = []
    waiting = [folder]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir():
                    waiting += [] if entry.name in LEFT_OUT else [Path(entry.path)]
                else:
                    found = entry.stat()
                    files.append((entry.path, found.st_size, found.st_mtime_ns))
    return tuple(sorted(files))


@lru_cache(maxsize=4)
def _code_digest(listed: tuple[tuple[str, int, int], ...]) -> str:
    """Hash the content of files. Asked again for each kernel, so the answer is kept."""
    whole = hashlib.sha256()
    for path, _, _ in listed:
        whole.update(Path(path).relative_to(PACKAGE).as_posix().encode())
        whole.update(hashlib.sha256(Path(path).read_bytes()).digest())
    return whole.hexdigest()


def _short(facts: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()[:DIGITS]
