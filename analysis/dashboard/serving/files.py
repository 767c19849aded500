"""Files from memory: packed where that helps, with a tag that changes with their content."""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import os
import re
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tornado.web import HTTPError, StaticFileHandler

from analysis.dashboard.serving.guard import NOT_FOUND, Guarded

if TYPE_CHECKING:
    from collections.abc import Sequence

# Asked again each time, and answered in a few bytes where nothing has changed.
ASK_AGAIN = "no-cache"
FOR_EVER = "public, max-age=31536000, immutable"
A_DAY = "public, max-age=86400"
# A name that changes with the content: at least 16 digits of a hash.
HASHED = re.compile(r"[.\-/][0-9a-f]{16,}\.\w+$")
PACKED_KINDS = ("text/", "application/javascript", "application/json", "image/svg+xml")
KEPT_BYTES = 64 * 2**20
# Larger files are no pages: they are read from the disk, a piece at a time.
LARGEST_KEPT = 4 * 2**20
LEVEL = 6


@dataclass(frozen=True, slots=True)
class Kept:
    """One file as it is sent.

    Parameters
    ----------
    plain : bytes
    packed : bytes
        Blank where packing does not help.
    tag : str
        Of the content.
    """

    plain: bytes
    packed: bytes
    tag: str


class Shelf:
    """Files that were sent lately, as long as they are unchanged on the disk.

    Parameters
    ----------
    room : int
        Bytes.
    """

    def __init__(self, room: int = KEPT_BYTES) -> None:
        self._room = room
        self._size = 0
        self._files: OrderedDict[tuple[str, int, int, int], Kept] = OrderedDict()

    def get(self, path: str) -> Kept:
        """Get a file, from memory where it is there.

        Parameters
        ----------
        path : str
            Resolved: no part of it is a link.

        Returns
        -------
        Kept
        """
        found = os.stat(path)  # noqa: PTH116  # tornado keeps text
        key = (path, found.st_ino, found.st_size, found.st_mtime_ns)
        if key in self._files:
            self._files.move_to_end(key)
            return self._files[key]
        kept = read_kept(path)
        self._files[key] = kept
        self._size += len(kept.plain) + len(kept.packed)
        while self._size > self._room and self._files:
            _, gone = self._files.popitem(last=False)
            self._size -= len(gone.plain) + len(gone.packed)
        return kept


def read_kept(path: str) -> Kept:
    """Read a file and pack it.

    Parameters
    ----------
    path : str

    Returns
    -------
    Kept
    """
    plain = Path(path).read_bytes()
    kind = mimetypes.guess_type(path)[0] or ""
    packed = gzip.compress(plain, LEVEL, mtime=0) if kind.startswith(PACKED_KINDS) else b""
    packed = packed if len(packed) < len(plain) else b""
    return Kept(plain, packed, hashlib.sha256(plain).hexdigest()[:32])


class KeptFileHandler(Guarded, StaticFileHandler):
    """A file of one of some folders, and of nowhere else.

    Settings of the application that it goes by: ``shelf``.
    """

    cache = ASK_AGAIN
    _kept: Kept | None = None
    _is_packed = False

    def initialize(  # type: ignore[override]
        self, path: str = "", default_filename: str | None = None, **more: Any
    ) -> None:
        """Take the folders; the first that has a file gives it."""
        self.folders: Sequence[str] = more.get("folders") or (path,)
        super().initialize(path=str(self.folders[0]), default_filename=default_filename)

    def get_absolute_path(  # type: ignore[override]
        self,
        root: str,  # noqa: ARG002  # ours are in `folders`
        path: str,
    ) -> str:
        """Find the folder that has the file."""
        if "\x00" in path:
            raise HTTPError(NOT_FOUND)
        for folder in self.folders:
            self.root = os.path.realpath(folder)
            found = StaticFileHandler.get_absolute_path(self.root, path)
            if os.path.exists(found):  # noqa: PTH110  # tornado keeps text
                break
        return found

    def validate_absolute_path(self, root: str, absolute_path: str) -> str | None:  # noqa: ARG002
        """See that the file lies in the folder, however one got there, and take it."""
        path = super().validate_absolute_path(self.root, absolute_path)
        if path is None:
            return None
        real = os.path.realpath(path)
        if os.path.commonpath([real, self.root]) != self.root:
            raise HTTPError(NOT_FOUND)
        if os.path.getsize(real) <= LARGEST_KEPT:  # noqa: PTH202  # tornado keeps text
            shelf: Shelf = self.settings["shelf"]
            self._kept = shelf.get(real)
            asked = self.request.headers
            takes = "gzip" in asked.get("Accept-Encoding", "") and "Range" not in asked
            self._is_packed = bool(self._kept.packed) and takes
        return real

    def get_content_size(self) -> int:
        """Count what is sent."""
        if self._kept is None:
            return super().get_content_size()
        return len(self._sent())

    def get_content(  # type: ignore[override]  # tornado asks the instance
        self, abspath: str, start: int | None = None, end: int | None = None
    ) -> Any:
        """Give what is sent."""
        if self._kept is None:
            return StaticFileHandler.get_content(abspath, start, end)
        return self._sent()[start:end]

    def _sent(self) -> bytes:
        if self._kept is None:
            return b""
        return self._kept.packed if self._is_packed else self._kept.plain

    def compute_etag(self) -> str | None:
        """Tag the bytes that are sent: packed and plain ones are not the same."""
        if self._kept is None:
            return super().compute_etag()
        return f'"{self._kept.tag}{"-gzip" if self._is_packed else ""}"'

    def get_content_type(self) -> str:
        """Name the kind of content, with its writing."""
        kind = super().get_content_type()
        return f"{kind}; charset=utf-8" if kind.startswith("text/") else kind

    def set_extra_headers(self, path: str) -> None:
        """Say how long a copy may be kept."""
        keep = FOR_EVER if HASHED.search(path) else self.cache
        if self.identity.way.is_asked and not self.is_open:
            # What only some may read is kept by nobody but their own browser.
            keep = f"private, {keep.removeprefix('public, ')}"
        self.set_header("Cache-Control", keep)
        self.set_header("Vary", "Accept-Encoding")
        if self._is_packed:
            self.set_header("Content-Encoding", "gzip")


class AssetHandler(KeptFileHandler):
    """Scripts and styles that pages load: code that is known everywhere, and no figures."""

    is_open = True


class FontHandler(AssetHandler):
    """The font. The map is a document of its own and may load it too."""

    cache = A_DAY

    def set_default_headers(self) -> None:
        """Let the map, which has no origin, read the font."""
        super().set_default_headers()
        self.set_header("Access-Control-Allow-Origin", "*")
        self.set_header("Cross-Origin-Resource-Policy", "cross-origin")
