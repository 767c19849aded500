"""The same figures give the same bundle, wherever, whenever and in whatever tongue it is made."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import sys
import zipfile

import pytest

from analysis.documents.seals.manifest import MANIFEST, read_manifest
from analysis.documents.seals.seal import find_change
from analysis.suite.verification import verify_path

COMMAND = "from analysis.cli import main; main()"
# Where a clock, a collation or the order of a set would show.
ABROAD = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7", "LANG": "mk_MK.UTF-8"}
HERE = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}


def make(root, settings, *words):
    told = subprocess.run(
        [sys.executable, "-c", COMMAND, "bundle", *words],
        env={**os.environ, **settings, "PATOKAZ_HOME": str(root)},
        cwd=root,
        check=True,
        capture_output=True,
        encoding="utf-8",
    )
    path = root / told.stdout.split("\n")[0].strip()
    return path.read_bytes()


def unpack(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.slow
@pytest.mark.parametrize(
    "words", [("kumanovo", "--language", "mk"), ("MK", "--about", "trafficking")]
)
def test_a_bundle_made_elsewhere_is_the_same_to_the_byte(workspace, tmp_path, words) -> None:
    other = tmp_path / "a longer name" / "elsewhere"
    shutil.copytree(workspace.root, other)
    home = tmp_path / "here"
    shutil.copytree(workspace.root, home)
    one, two = make(home, HERE, *words), make(other, ABROAD, *words)

    first, second = unpack(one), unpack(two)
    assert {n for n in first if first[n] != second.get(n)} == set()
    assert one == two


@pytest.mark.slow
def test_what_a_bundle_holds_is_what_its_seals_say_and_no_path_of_a_machine(
    workspace, tmp_path
) -> None:
    home = tmp_path / "folder-of-a-person"
    shutil.copytree(workspace.root, home)
    packed = make(home, HERE, "butel", "--language", "en")
    held = unpack(packed)
    seals = read_manifest(held[MANIFEST]).files
    path = tmp_path / "sent.zip"
    path.write_bytes(packed)

    assert verify_path(path).is_intact
    assert not [n for n, seal in seals.items() if find_change(n, held[n], seal)]
    assert not [n for n, content in held.items() if b"folder-of-a-person" in content]
