"""An untouched file, bundle or edition is accepted; of a tampered one the place is named."""

from __future__ import annotations

import io
import json
import random
import shutil
import zipfile

import pytest
from typer.testing import CliRunner

from analysis.assessment import load_profile
from analysis.cli import app
from analysis.documents.briefs.bundle import make_bundle
from analysis.documents.seals.manifest import (
    MANIFEST,
    ManifestError,
    make_manifest,
    read_manifest,
    write_manifest,
)
from analysis.documents.seals.seal import find_change
from analysis.suite.verification import VerifyError, verify_path
from analysis.suite.verification.bundle import LARGEST, read_bundle


@pytest.fixture(scope="module")
def packed(workspace):
    return make_bundle(load_profile(workspace, "butel"), ["en"], workspace, "run-7")


@pytest.fixture
def folder(packed, tmp_path):
    place = tmp_path / "bundle"
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(place)
    return place


def repack(folder, path):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(p for p in folder.rglob("*") if p.is_file()):
            archive.writestr(file.relative_to(folder).as_posix(), file.read_bytes())
    return path


def swap(path, old, new):
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new, 1))


def change_part(path, part, old, new):
    held = io.BytesIO()
    with zipfile.ZipFile(path) as before, zipfile.ZipFile(held, "w") as after:
        for entry in before.infolist():
            content = before.read(entry)
            if entry.filename == part:
                assert old in content
                content = content.replace(old, new, 1)
            after.writestr(entry, content)
    path.write_bytes(held.getvalue())


def test_an_untouched_bundle_is_accepted_packed_and_unpacked(packed, folder, tmp_path) -> None:
    path = tmp_path / "butel_evidence.zip"
    path.write_bytes(packed)

    for subject in (path, folder):
        verdict = verify_path(subject)
        assert verdict.is_intact, verdict.findings
        assert verdict.files == 19
        assert verdict.made_from["run_id"] == "run-7"


def test_each_file_of_a_bundle_is_verified_alone(folder, workspace) -> None:
    for file in (p for p in folder.rglob("*") if p.is_file() and p.name != MANIFEST):
        verdict = verify_path(file, workspace)
        assert verdict.is_intact, (file, verdict.findings)
        assert verdict.known == f"the seals in {MANIFEST}"


@pytest.mark.parametrize(
    ("name", "tamper", "said"),
    [
        (
            "butel_en.html",
            lambda p: swap(p, b"Key messages", b"Key massages"),
            "heading 2 now says 'Key massages'",
        ),
        (
            "data_en.csv",
            lambda p: swap(p, b"Butel", b"Buter"),
            "now says 'Draft for discussion",
        ),
        (
            "butel_en.docx",
            lambda p: change_part(p, "word/document.xml", b"Key messages", b"Key massages"),
            "now says 'Key massages'",
        ),
        (
            "data_en.xlsx",
            lambda p: change_part(p, "xl/sharedStrings.xml", b"Butel", b"Buter"),
            "sheet ",
        ),
        (
            "figures/change_en.svg",
            lambda p: swap(p, b">Butel", b">Buter"),
            "in the picture now says",
        ),
        ("figures/change_en.png", lambda p: swap(p, b"IDAT", b"IDAX"), "(bytes 0 to 4,095)"),
        ("butel_en.pdf", lambda p: p.write_bytes(p.read_bytes()[:-700]), "cannot be read any more"),
        ("sources.bib", lambda p: swap(p, b"@misc", b"@book"), "line 1 now says '@book"),
        ("statements_en.md", lambda p: swap(p, b"# ", b"## "), "line 1 now says '## "),
    ],
)
def test_the_place_of_a_change_is_named_for_each_kind_of_file(folder, name, tamper, said) -> None:
    tamper(folder / name)
    verdict = verify_path(folder)

    assert not verdict.is_intact
    (sentence,) = verdict.findings
    assert sentence.startswith(f"'{name}' was changed (bytes ")
    assert said in sentence


def test_a_changed_word_in_a_pdf_is_found_by_its_page_and_line(folder) -> None:
    from pypdf import PdfReader, PdfWriter

    path = folder / "butel_en.pdf"
    writer = PdfWriter(clone_from=PdfReader(path))
    writer.pages[0].transfer_rotation_to_content()
    writer.add_blank_page(100, 100)
    writer.remove_page(0)
    writer.write(path)
    (sentence,) = verify_path(folder).findings

    assert "page 1, line " in sentence


def test_a_missing_and_an_added_file_are_told(folder) -> None:
    (folder / "sources.bib").unlink()
    (folder / "more.csv").write_text("a\n", encoding="utf-8")

    assert verify_path(folder).findings == (
        "'sources.bib' is missing.",
        "'more.csv' is in the bundle and in no seal: somebody added it.",
    )


def test_a_bundle_that_claims_rows_which_its_table_lacks_is_told(folder, workspace) -> None:
    held = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    held["observations"] = ["nosuchrow", *held["observations"]]
    (folder / MANIFEST).write_text(json.dumps(held), encoding="utf-8")

    (sentence,) = verify_path(folder, workspace).findings
    assert "claims 1 observations that the table it names does not hold" in sentence
    assert "'nosuchrow'" in sentence
    assert verify_path(folder).is_intact, "without the workspace nobody can know"


def test_seals_that_were_cut_off_are_refused(folder) -> None:
    path = folder / MANIFEST
    path.write_bytes(path.read_bytes()[:100])

    with pytest.raises(ManifestError, match="cannot be read .* Fetch it again"):
        verify_path(folder)


def test_what_is_no_archive_is_refused_and_one_without_seals_is_a_file(tmp_path) -> None:
    broken = tmp_path / "a.zip"
    broken.write_bytes(b"PK no zip")
    with pytest.raises(VerifyError, match="'a.zip' is no ZIP archive"):
        verify_path(broken)

    other = repack(tmp_path, tmp_path.parent / "other.zip")
    assert not verify_path(other).known
    other.unlink()


def test_an_archive_that_would_fill_the_disk_is_not_unpacked(tmp_path, monkeypatch) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(MANIFEST, write_manifest(make_manifest({}, {})))
        archive.writestr("big.csv", b"0" * 5000)
    monkeypatch.setattr("analysis.suite.verification.bundle.LARGEST", 4000)

    assert LARGEST > 4000
    with pytest.raises(VerifyError, match="would unpack to .* do not open it"):
        read_bundle(path)


def test_nothing_at_a_path_is_a_sentence(tmp_path) -> None:
    with pytest.raises(VerifyError, match="is no file, no bundle and no edition. Expected"):
        verify_path(tmp_path / "nothing")


def test_the_command_has_an_exit_code_for_each_answer(folder, tmp_path) -> None:
    runner = CliRunner()
    stranger = tmp_path / "stranger.pdf"
    stranger.write_bytes(b"%PDF-1.7")

    assert runner.invoke(app, ["verify", str(folder)]).exit_code == 0
    unknown = runner.invoke(app, ["verify", str(stranger)])
    assert unknown.exit_code == 2
    assert "nothing here knows it" in unknown.stderr
    swap(folder / "sources.bib", b"@misc", b"@book")
    changed = runner.invoke(app, ["verify", str(folder), "--json"])
    assert changed.exit_code == 1
    assert json.loads(changed.stdout)["findings"][0].startswith("'sources.bib' was changed")


def test_a_copy_of_the_bundle_elsewhere_says_the_same(folder, tmp_path) -> None:
    shutil.copytree(folder, tmp_path / "elsewhere")

    assert verify_path(tmp_path / "elsewhere").is_intact


def test_any_flipped_byte_of_any_file_is_refused(folder) -> None:
    chosen = random.Random(7)  # noqa: S311 - places, no secret
    manifest = read_manifest((folder / MANIFEST).read_bytes())
    kinds = set()
    for name, seal in manifest.files.items():
        made = (folder / name).read_bytes()
        kinds.add(name.rpartition(".")[2])
        for place in [0, len(made) - 1, *chosen.sample(range(len(made)), 3)]:
            changed = bytearray(made)
            changed[place] ^= 1 << chosen.randrange(8)
            found = find_change(name, bytes(changed), seal)
            assert found is not None, (name, place)
            assert found.first <= place <= found.last, (name, place)
    assert kinds == {"bib", "csv", "docx", "html", "md", "pdf", "png", "svg", "txt", "xlsx"}


def test_two_files_that_changed_places_are_both_told(folder) -> None:
    one, other = folder / "figures/change_en.svg", folder / "figures/map_en.svg"
    first, second = one.read_bytes(), other.read_bytes()
    one.write_bytes(second)
    other.write_bytes(first)

    assert [s.split("'")[1] for s in verify_path(folder).findings] == [
        "figures/change_en.svg",
        "figures/map_en.svg",
    ]


def test_an_edited_seal_names_the_file_that_it_no_longer_fits(folder) -> None:
    held = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    held["files"]["sources.bib"]["sha256"] = "0" * 64
    (folder / MANIFEST).write_text(json.dumps(held), encoding="utf-8")

    (sentence,) = verify_path(folder).findings
    assert sentence.startswith("'sources.bib' was changed (bytes 0 to ")


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.999])
def test_a_bundle_that_was_cut_off_is_refused(packed, tmp_path, share) -> None:
    path = tmp_path / "cut.zip"
    path.write_bytes(packed[: int(len(packed) * share)])

    with pytest.raises(VerifyError, match="'cut.zip' is no ZIP archive: it was cut off"):
        verify_path(path)
