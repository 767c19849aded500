"""The list of seals that travels with files: what they are made from, and what each was."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from analysis.documents.seals.seal import Seal, seal_file

if TYPE_CHECKING:
    from collections.abc import Mapping

MANIFEST = "manifest.json"
FORMAT = "patokaz-manifest-1"


class ManifestError(ValueError):
    """A list of seals that cannot be read."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Seals of files that belong together.

    Parameters
    ----------
    made_from : dict of str to str
        Where all of it comes from: run, date and hash of the data, version; no clock.
    files : dict of str to Seal
        By path.
    observations : tuple of str
        Ids of the observations that stand in the files.
    """

    made_from: dict[str, str]
    files: dict[str, Seal]
    observations: tuple[str, ...] = ()


def make_manifest(
    made_from: Mapping[str, str], files: Mapping[str, bytes], observations: tuple[str, ...] = ()
) -> Manifest:
    """Seal files.

    Parameters
    ----------
    made_from : mapping of str to str
    files : mapping of str to bytes
        By path.
    observations : tuple of str

    Returns
    -------
    Manifest
    """
    sealed = {path: seal_file(path, files[path]) for path in sorted(files)}
    return Manifest(dict(sorted(made_from.items())), sealed, tuple(sorted(set(observations))))


def write_manifest(manifest: Manifest) -> bytes:
    """Write seals as JSON, the same bytes for the same seals.

    Parameters
    ----------
    manifest : Manifest

    Returns
    -------
    bytes
    """
    held = {
        "format": FORMAT,
        "made_from": manifest.made_from,
        "observations": list(manifest.observations),
        "files": {
            path: {
                "sha256": s.sha256,
                "size": s.size,
                "chunks": list(s.chunks),
                "units": [list(u) for u in s.units],
            }
            for path, s in manifest.files.items()
        },
    }
    return (json.dumps(held, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def read_manifest(content: bytes) -> Manifest:
    """Read seals.

    Parameters
    ----------
    content : bytes

    Returns
    -------
    Manifest

    Raises
    ------
    ManifestError
        When it is no such list.
    """
    try:
        held: dict[str, Any] = json.loads(content)
        if held["format"] != FORMAT:
            msg = (
                f"The list of seals is of the format '{held['format']}'; this version reads "
                f"'{FORMAT}'. Verify the file with the version that made it."
            )
            raise ManifestError(msg)
        return Manifest(
            {str(k): str(v) for k, v in held["made_from"].items()},
            {str(path): _read_seal(one) for path, one in held["files"].items()},
            tuple(str(one) for one in held["observations"]),
        )
    except (KeyError, TypeError, AttributeError, UnicodeDecodeError, json.JSONDecodeError) as bad:
        msg = (
            f"The list of seals cannot be read ({type(bad).__name__}): it was changed or cut off. "
            f"Fetch it again from where the files came from."
        )
        raise ManifestError(msg) from bad


def _read_seal(one: Mapping[str, Any]) -> Seal:
    return Seal(
        sha256=str(one["sha256"]),
        size=int(one["size"]),
        chunks=tuple(str(c) for c in one["chunks"]),
        units=tuple((str(label), str(digest)) for label, digest in one["units"]),
    )
