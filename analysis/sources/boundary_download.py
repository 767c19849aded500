"""The one file of boundaries that may be downloaded, pinned by its SHA-256."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import tempfile
from pathlib import Path

import httpx
from tenacity import retry, retry_if_exception_type, stop_after_attempt, wait_exponential

from analysis.sources.boundaries import PIN_CREDIT, PIN_SHA256, BoundaryError

PIN_ADDRESS = (
    "https://github.com/wmgeolab/geoBoundaries/raw/9469f09/releaseData/gbOpen/MKD/ADM2/"
    "geoBoundaries-MKD-ADM2.geojson"
)
PIN_SIZE = 426_003
TIMEOUT = httpx.Timeout(30.0, connect=10.0)
ATTEMPTS = 3


def fetch_boundaries(target: Path, client: httpx.Client | None = None) -> Path:
    """Download the pinned boundaries, check them and keep them as received.

    Parameters
    ----------
    target : pathlib.Path
        File to write; a sidecar ``.json`` is written beside it.
    client : httpx.Client, optional
        For tests; certificates are always verified otherwise.

    Returns
    -------
    pathlib.Path
        ``target``.

    Raises
    ------
    BoundaryError
        When the publisher does not answer, or answers with other bytes than the pinned ones.
        What lay at ``target`` before is still there, unchanged.
    """
    if target.is_file():
        if _digest(target.read_bytes()) == PIN_SHA256:
            return target
        msg = (
            f"'{target}' is there and is not the pinned file. Move it away first; a file that "
            f"was received is never overwritten."
        )
        raise BoundaryError(msg)
    content = _download(client or httpx.Client(timeout=TIMEOUT, follow_redirects=True))
    if len(content) != PIN_SIZE or _digest(content) != PIN_SHA256:
        msg = (
            f"{PIN_ADDRESS} gave {len(content)} bytes with the SHA-256 {_digest(content)}; "
            f"expected {PIN_SIZE} bytes with {PIN_SHA256}. Nothing was kept. Try again later; if "
            f"it stays so, the publisher has changed the file and the pin needs a review."
        )
        raise BoundaryError(msg)
    _keep(target, content)
    _keep(target.with_suffix(target.suffix + ".json"), _sidecar(content))
    return target


def _download(client: httpx.Client) -> bytes:
    with client:
        try:
            return _get(client)
        except httpx.HTTPStatusError as refused:
            status = refused.response.status_code
            msg = (
                f"{PIN_ADDRESS} answered with the status {status}, expected 200. The embedded "
                f"layer stays in use; try again later."
            )
        except httpx.HTTPError as broken:
            msg = (
                f"{PIN_ADDRESS} could not be reached ({broken}). Check the connection or the "
                f"proxy; the embedded layer stays in use."
            )
    raise BoundaryError(msg)


@retry(
    retry=retry_if_exception_type(httpx.TransportError),
    stop=stop_after_attempt(ATTEMPTS),
    wait=wait_exponential(multiplier=0.2, max=5),
    reraise=True,
)
def _get(client: httpx.Client) -> bytes:
    answer = client.get(PIN_ADDRESS)
    answer.raise_for_status()
    return answer.content


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
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).replace(path)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
