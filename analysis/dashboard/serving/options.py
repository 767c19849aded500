"""What whoever starts the server may choose, and what is refused."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

HOST = "127.0.0.1"
HOSTS = frozenset({HOST, "localhost", "::1"})
EVERYWHERE = frozenset({"", "0.0.0.0", "::"})  # noqa: S104  # named in order to be asked about
MEGABYTE = 2**20
# What a session takes with room to spare, and what stays free for the machine itself.
SESSION_BYTES = 120 * MEGABYTE
MOST_SESSIONS = 40
# Scheme, name and port: no star, so that somebody has thought of each site.
ORIGIN = re.compile(r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?")
CGROUPS = Path("/sys/fs/cgroup")
# Half of what is free: runs of the suite and other programs want some too.
SHARE = 0.5


class ServeError(ValueError):
    """A server that cannot be started."""


@dataclass(frozen=True, slots=True)
class Kernels:
    """Where kernels come from.

    Parameters
    ----------
    settings : dict
        For Jupyter's programs; blank for ordinary kernels.
    hold : callable, optional
        Gets the parent of warm kernels ready and holds it as long as the server runs. It may take
        seconds and is called in a thread.
    """

    settings: dict[str, Any] = field(default_factory=dict)
    hold: Callable[[], AbstractContextManager[object]] | None = None


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """How a server is started.

    Parameters
    ----------
    address : str
        Where to listen: an address of this machine.
    names : tuple of str
        Names by which people reach it from elsewhere, as behind a reverse proxy.
    sessions : int, optional
        How many dashboards may be open at once; by memory unless given.
    identity : pathlib.Path, optional
        File with a password or the institution's OpenID Connect.
    is_public : bool
        Everybody may read, and whoever starts the server says so.
    log : str
        Where each request is noted as a line of JSON: a file, ``-`` for the standard error, blank
        for nowhere.
    embedders : tuple of str
        Origins whose pages may show ours in a frame, as ``https://www.example.mk``; nobody's
        unless given.
    """

    address: str = HOST
    names: tuple[str, ...] = ()
    sessions: int | None = None
    identity: Path | None = None
    is_public: bool = False
    log: str = ""
    embedders: tuple[str, ...] = ()

    @property
    def is_local(self) -> bool:
        """Whether only this machine can reach it."""
        return is_loopback(self.address) and not self.names

    @property
    def hosts(self) -> frozenset[str]:
        """Names that requests may call the server by."""
        own = HOSTS if is_loopback(self.address) else frozenset({self.address})
        named = own | {name.casefold() for name in self.names}
        # An address with colons stands in brackets where it is asked for.
        return named | {f"[{name}]" for name in named if ":" in name}


def is_loopback(address: str) -> bool:
    """Say whether an address leads to this machine only.

    Parameters
    ----------
    address : str

    Returns
    -------
    bool

    Examples
    --------
    >>> [is_loopback(a) for a in ("127.0.0.1", "localhost", "::1", "10.0.0.5", "0.0.0.0", "")]
    [True, True, True, False, False, False]
    """
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def check_options(options: ServeOptions) -> None:
    """Refuse to open figures to others unless somebody has said who may read them.

    Parameters
    ----------
    options : ServeOptions

    Raises
    ------
    ServeError
        Where others could reach the server and neither ``--identity`` nor ``--public`` was given,
        where nobody can say by which name they reach it, or where no session may be opened.
    """
    if options.sessions is not None and options.sessions < 1:
        msg = f"--sessions {options.sessions} would let nobody in. Give a number from 1 upwards."
        raise ServeError(msg)
    for origin in options.embedders:
        if not ORIGIN.fullmatch(origin):
            msg = (
                f"--embed-in '{origin}' is not the origin of a site. Write how its addresses "
                f"begin, without a path: https://www.example.mk."
            )
            raise ServeError(msg)
    if options.is_local:
        return
    shown = options.address if not is_loopback(options.address) else ", ".join(options.names)
    if options.address in EVERYWHERE and not options.names:
        msg = (
            f"The server is to listen on all addresses ('{options.address}'). Say by which name "
            f"people reach it: --name figures.example.mk."
        )
        raise ServeError(msg)
    if options.identity is None and not options.is_public:
        msg = (
            f"At '{shown}' others than this machine could read. Say who may: --identity FILE asks "
            f"for a password or the sign-in of your institution; --public lets everybody read."
        )
        raise ServeError(msg)


def count_sessions(options: ServeOptions, free: int | None = None) -> int:
    """Give how many dashboards may be open at once.

    Parameters
    ----------
    options : ServeOptions
    free : int, optional
        Bytes of memory that programs could still have; the machine's own unless given.

    Returns
    -------
    int

    Examples
    --------
    >>> count_sessions(ServeOptions(), free=1200 * 2**20)
    5
    >>> count_sessions(ServeOptions(sessions=7), free=0)
    7
    """
    if options.sessions is not None:
        return options.sessions
    if free is None:
        free = read_free_memory()
    return max(1, min(MOST_SESSIONS, int(free * SHARE) // SESSION_BYTES))


def read_free_memory(groups: Path = CGROUPS, own: Path = Path("/proc/self/cgroup")) -> int:
    """Read how much memory programs could still have, on the machine and in the service.

    Parameters
    ----------
    groups, own : pathlib.Path
        Where Linux tells what a service may have, and which service this is.

    Returns
    -------
    int
        Bytes.
    """
    import psutil

    free = int(psutil.virtual_memory().available)
    try:
        line = next(x for x in own.read_text(encoding="utf-8").splitlines() if x[:3] == "0::")
        folder = groups / line[3:].lstrip("/")
        most = int((folder / "memory.max").read_text(encoding="ascii"))
        taken = int((folder / "memory.current").read_text(encoding="ascii"))
    except (OSError, ValueError, StopIteration):
        # No such system, or no bound.
        return free
    return min(free, max(0, most - taken))
