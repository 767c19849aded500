"""Scanning files and whole editions: sentences, hostile files, and clean editions."""

from __future__ import annotations

import io
import json
import shutil
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING

import pytest

from analysis.protection import publish_observations
from analysis.protection.scanner import fragments
from analysis.protection.scanner.kinds import read_fragments
from analysis.protection.scanner.match import Matcher
from analysis.protection.scanner.scan import (
    list_artefacts,
    scan_bytes,
    scan_files,
    scan_workspace,
)
from analysis.protection.scanner.secrets import read_secrets
from analysis.store.build import build_observations
from analysis.store.files import OBSERVATIONS, write_table
from analysis.suite.plan import plan_runs
from analysis.suite.run import judge_runs, run_suite
from analysis.workspace import Workspace

if TYPE_CHECKING:
    from pathlib import Path

WITHHELD = "a1b2c3d4e5f6"
DIRTY = "Kumanovo, 2023: 7"


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.fixture
def unread(secrets):
    """Finds the sentences of what could not be read."""

    def scan(name: str, content: bytes) -> str:
        leaks = scan_bytes(name, content, Matcher(secrets))
        assert all(leak.observation_id in {"", WITHHELD} for leak in leaks)
        return " ".join(leak.sentence for leak in leaks if not leak.observation_id)

    return scan


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.bin", b"\x00\x01\x02\xff", "a kind that the scanner does not know"),
        ("a.gz", b"\x1f\x8b\x08\x00\xff\xfe", "a kind that the scanner does not know"),
        ("a.txt", "Куманово".encode("cp1251"), "a kind that the scanner does not know"),
        ("a.json", b"{", "it is not the JSON that its name says"),
        ("a.json", b"[" * 100_000, "more deeply"),
        ("a.json", b'{"a":' * 300 + b"1" + b"}" * 300, "more deeply"),
        ("a.ipynb", b"[]", "it is not the JSON that its name says"),
        ("a.csv", b"\xff\xfeKumanovo\x00", "neither a kind that the scanner knows nor text"),
        ("a.xml", b"<a><b></a>", "no well-formed XML"),
        ("a.xml", b"<a>" * 600 + b"</a>" * 600, "more deeply"),
        ("a.xml", b'<!DOCTYPE a [<!ENTITY b "7">]><a>&b;</a>', "declares entities"),
        ("a.zip", b"PK\x03\x04broken", "broken archive"),
        ("a.xlsx", b"no workbook", "broken archive"),
        ("a.png", b"\x89PNG\r\n\x1a\n\x00", "broken picture"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + struct.pack(">I4s", 2**31 - 1, b"tEXt"), "broken picture"),
        ("a.jpg", b"\xff\xd8\xff\xe0\x00", "broken picture"),
        ("a.pdf", b"%PDF-1.7 broken", "broken PDF"),
        ("a.parquet", b"PAR1broken", "broken Parquet"),
        ("a.ttf", b"\0\1\0\0\0\x09", "broken font"),
    ],
)
def test_what_cannot_be_read_is_said(unread, name: str, content: bytes, sentence: str) -> None:
    said = unread(name, content)
    assert sentence in said
    assert said.startswith(f"{name} was not read at the whole file")


def test_a_part_that_cannot_be_read_does_not_keep_the_others_from_being_read(secrets) -> None:
    content = packed({"a.bin": b"\x00\xff", "b.txt": DIRTY.encode()})
    leaks = scan_bytes("a.zip", content, Matcher(secrets))
    assert [leak.observation_id for leak in leaks] == ["", WITHHELD]
    assert "part 1 (a.bin)" in leaks[0].place


def test_what_unpacks_to_too_much_is_said() -> None:
    bomb = packed({"a.txt": b"0" * 1_000_000})
    assert len(bomb) < 10_000
    budget = fragments.Budget(left=10_000)
    source = fragments.Source("a.zip", bomb, read_fragments, budget=budget)
    pieces = [p for p in read_fragments(source) if isinstance(p, fragments.Unread)]
    assert [p.sentence for p in pieces] == [
        "it unpacks to more than the scanner reads; split it or take it out"
    ]
    # It is told as it goes, long before all is unpacked into memory.
    assert budget.left > -2 * 1024 * 1024
    many = packed({f"{n}.txt": b"x" for n in range(20)})
    few = fragments.Source("a.zip", many, read_fragments, budget=fragments.Budget(parts=9))
    said = [p.sentence for p in read_fragments(few) if isinstance(p, fragments.Unread)]
    assert "it has more parts than the scanner reads; split it or take it out" in said


def test_archives_in_archives_are_opened_so_far_and_no_further(unread, find) -> None:
    content = DIRTY.encode()
    name = "a.txt"
    for _ in range(fragments.DEEPEST):
        content, name = packed({name: content}), "a.zip"
    assert find("a.zip", content) == [WITHHELD]
    assert "packed into itself too often" in unread("a.zip", packed({"a.zip": content}))


def test_a_second_part_of_the_same_name_and_bytes_before_an_archive_are_said(unread) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", b"x")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.txt", DIRTY)
    assert "two parts of the same name" in unread("a.zip", out.getvalue())
    assert "before the archive begins" in unread("a.zip", b"#!x\n" + packed({"a.txt": b"x"}))


def test_a_block_of_a_picture_that_nobody_can_read_is_said(unread) -> None:
    def block(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + b"\0\0\0\0"

    start = b"\x89PNG\r\n\x1a\n" + block(b"IHDR", b"\0" * 13)
    assert "unknown kind" in unread("a.png", start + block(b"paTz", b"\0\1") + block(b"IEND", b""))
    assert "behind its end" in unread("a.png", start + block(b"IEND", b"") + b"\0\1")
    assert "broken picture" in unread(
        "a.png", start + block(b"zTXt", b"a\0\0bad") + block(b"IEND", b"")
    )
    fine = zlib.compress(b"text")
    assert unread("a.png", start + block(b"zTXt", b"a\0\0" + fine) + block(b"IEND", b"")) == ""


def test_a_finding_names_file_place_and_cell_and_never_the_number(secrets, tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "a.txt").write_text(f"first\n{DIRTY}\n", encoding="utf-8")
    named = folder / "kumanovo_2023_7.txt"
    named.write_text("nothing", encoding="utf-8")
    found = scan_files([folder / "a.txt", named, folder / "none.txt"], secrets, tmp_path)
    assert [leak.observation_id for leak in found] == [WITHHELD, WITHHELD, ""]
    assert found[0].sentence == (
        "site/a.txt tells a withheld number at line 2: unhcr_refugees_persons in MK-703, 2023 "
        "(observation a1b2c3d4e5f6). Take it out and build the edition again from the public zone."
    )
    assert (found[1].path, found[1].place) == ("site/kumanovo_·_·.txt", "name of the file")
    assert "_7" not in found[1].sentence
    assert "cannot be opened" in found[2].sentence


def test_the_name_of_a_part_that_tells_is_not_repeated(secrets) -> None:
    content = packed({"Kumanovo 2023 - 7.txt": DIRTY.encode()})
    for leak in scan_bytes("a.zip", content, Matcher(secrets)):
        assert "- 7" not in leak.sentence


def test_an_edition_is_scanned_in_all_its_rooms(edition, tmp_path: Path) -> None:
    space = Workspace(tmp_path)
    restricted, public = edition
    write_table(space.restricted / OBSERVATIONS, restricted)
    write_table(space.public / OBSERVATIONS, public)
    rooms = {
        "site": space.site / "en" / "kumanovo" / "index.html",
        "briefs": space.briefs / "kumanovo.md",
        "runs": space.runs / "01" / "manifest.json",
        "public": space.public / "changes.csv",
        "releases": space.root / "data_raw" / "releases" / "1.json",
    }
    for path in rooms.values():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"year": 2023, "n": 8, "area": "Kumanovo"}), encoding="utf-8")
    assert scan_workspace(space) == []
    assert space.restricted / OBSERVATIONS not in list_artefacts(space)
    for path in rooms.values():
        path.write_text(json.dumps({"year": 2023, "n": 7, "area": "Kumanovo"}), encoding="utf-8")
        found = scan_workspace(space)
        assert [leak.path for leak in found] == [path.relative_to(tmp_path).as_posix()]
        path.write_text("{}", encoding="utf-8")
    # The page of a municipality need not repeat its name.
    rooms["site"].write_text("<table><tr><td>2023</td><td>7</td></tr></table>", encoding="utf-8")
    assert [leak.observation_id for leak in scan_workspace(space)] == [WITHHELD]


def test_a_public_table_that_was_not_protected_is_found(edition, tmp_path: Path) -> None:
    space = Workspace(tmp_path)
    restricted, public = edition
    write_table(space.restricted / OBSERVATIONS, restricted)
    write_table(space.public / OBSERVATIONS, public)
    secrets = read_secrets(space)
    write_table(space.public / OBSERVATIONS, restricted)
    found = scan_files([space.public / OBSERVATIONS], secrets)
    assert {leak.observation_id for leak in found} == {WITHHELD, "b1b2c3d4e5f6", "a2b2c3d4e5f6"}


@pytest.mark.slow
def test_pages_and_briefs_of_the_real_edition_are_clean_and_a_restricted_table_is_not(
    tmp_path: Path, new_workspace
) -> None:
    space = new_workspace(tmp_path)
    publish_observations(build_observations(space.published), space)
    # One page of each topic, and the trafficking of all countries, where most is withheld.
    wanted = ("data-readiness", "kumanovo", "trends-north-macedonia", "trafficking-trends-western")
    planned = plan_runs(space, [], ["mk"])
    runs = [run for run in planned if any(name in run.name for name in wanted)]
    assert len(runs) == 5
    report = run_suite(judge_runs(runs, space), space)
    assert [o.reason for o in report.outcomes if o.reason] == []
    assert len(list_artefacts(space)) > 20
    assert [leak.sentence for leak in scan_workspace(space)] == []
    shutil.copy(space.restricted / OBSERVATIONS, space.site / "all.parquet")
    assert len(scan_workspace(space)) > 50
