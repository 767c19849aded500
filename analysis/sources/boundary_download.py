"""The one file of boundaries that may be downloaded, pinned by its SHA-256."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import tempfile
from pathlib import Path

from analysis.sources.boundaries import PIN_CREDIT, PIN_SHA256, BoundaryError
from analysis.sources.client import Client

PIN_ADDRESS = (
    "https://github.com/wmgeolab/geoBoundaries/raw/9469f09/releaseData/gbOpen/MKD/ADM2/"
    "geoBoundaries-MKD-ADM2.geojson"
)
PIN_SIZE = 426_003
# Room to see how much came instead; never more.
MAX_BYTES = 2 * PIN_SIZE


def fetch_boundaries(target: Path, client: Client | None = None) -> Path:
    """Download the pinned boundaries, check them and keep them as received.

    Parameters
    ----------
    target : pathlib.Path
        File to write; a sidecar ``.json`` is written beside it.
    client : Client, optional
        One is made where none is given.

    Returns
    -------
    pathlib.Path
        ``target``.

    Raises
    ------
    SourceError
        When the publisher does not answer, or refuses.
    BoundaryError
        When it answers with other bytes than the pinned ones. What lay at ``target`` before is
        still there, unchanged.
    """
    if target.is_file():
        if _digest(target.read_bytes()) == PIN_SHA256:
            return target
        msg = (
            f"'{target}' is there and is not the pinned file. Move it away first; a file that "
            f"was received is never overwritten."
        )
        raise BoundaryError(msg)
    if client is None:
        with Client(max_bytes=MAX_BYTES) as own:
            content = own.get(PIN_ADDRESS).content
    else:
        content = client.get(PIN_ADDRESS).content
    if len(content) != PIN_SIZE or _digest(content) != PIN_SHA256:
        msg = (
            f"{PIN_ADDRESS} gave {_amount(content)} with the SHA-256 {_digest(content)}; "
            f"expected {PIN_SIZE} bytes with {PIN_SHA256}. Nothing was kept. Try again later; if "
            f"it stays so, the publisher has changed the file and the pin needs a review."
        )
        raise BoundaryError(msg)
    try:
        # The sidecar goes first: a download is never there without saying whence it came.
        _keep(target.with_suffix(target.suffix + ".json"), _sidecar(content))
        _keep(target, content)
    except OSError as refused:
        msg = f"'{target}' could not be written ({refused}). Choose a folder that can be written."
        raise BoundaryError(msg) from None
    return target


def _sidecar(content: bytes) -> bytes:
    facts = {
        "title": "Administrative boundaries of North Macedonia, level ADM2, 84 units",
        "producer": "geoBoundaries, William & Mary geoLab",
        "citation": PIN_CREDIT,
        "address": PIN_ADDRESS,
        "date_accessed": dt.datetime.now(dt.UTC).date().isoformat(),
        "licence": "CC BY 4.0",
        "sha256": _digest(content),
        "size": len(content),
    }
    return (json.dumps(facts, indent=2, sort_keys=True) + "\n").encode()


def _keep(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        # mkstemp lets only its owner read; dashboards may run as somebody else.
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _amount(content: bytes) -> str:
    more = "more than " if len(content) > PIN_SIZE else ""
    return f"{more}{min(len(content), PIN_SIZE)} bytes"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
