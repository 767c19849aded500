"""The hooks refuse what they are there to refuse, and nothing else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
HOOKS = ROOT / ".ci" / "hooks"
# Put together here, so that this file itself passes the hook.
PERSONAL = "0101990" + "450006"
KEY = "-----BEGIN RSA " + "PRIVATE KEY-----"
TOKEN = "ghp_" + "a1B2c3D4e5" * 3 + "f6G7h8"


def run_hook(name: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(HOOKS / name), *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )


def write(folder: Path, content: str) -> Path:
    path = folder / "file.txt"
    path.write_bytes(content.encode())
    return path


def test_hooks_download_nothing() -> None:
    settings = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))

    assert [repo["repo"] for repo in settings["repos"]] == ["local"]
    hooks = settings["repos"][0]["hooks"]
    assert {hook["language"] for hook in hooks} == {"system"}
    for hook in hooks:
        for word in hook["entry"].split():
            if word.startswith(".ci/"):
                assert (ROOT / word).is_file()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (f"embg,{PERSONAL}", "a personal number"),
        (f'"jmbg": "{PERSONAL}"', "a personal number"),
        (KEY, "a private key"),
        (f"header = {TOKEN}", "an access token"),
        ("https://" + "office:hunter22@" + "example.org/", "a password in an address"),
        ("PASSWORD" + " = 'correct-horse-42'", "a password or key"),
    ],
)
def test_private_strings_are_refused_but_not_repeated(
    tmp_path: Path, content: str, kind: str
) -> None:
    answer = run_hook("private_strings.py", write(tmp_path, f"first line\n{content}\n"))

    assert answer.returncode == 1
    assert f"file.txt:2: looks like {kind}." in answer.stdout
    assert content not in answer.stdout


@pytest.mark.parametrize(
    "content",
    [
        "1795322403" + "000 is a time in milliseconds",
        "9780306406" + "157 is a book",
        "41." + PERSONAL + " is a coordinate",
        "e3b0c" + PERSONAL + "ff is a digest",
        PERSONAL + "1 has fourteen digits",
        f"{PERSONAL}  # made-up number",
        "password: asked for at the terminal",
        'secret = "${PATOKAZ_SECRET_1}"',
        "https://example.org:8080/path@2024",
    ],
)
def test_harmless_strings_pass(tmp_path: Path, content: str) -> None:
    answer = run_hook("private_strings.py", write(tmp_path, content))

    assert (answer.returncode, answer.stdout) == (0, "")


def test_a_waiver_is_for_numbers_only(tmp_path: Path) -> None:
    assert run_hook("private_strings.py", write(tmp_path, f"{KEY} made-up number")).returncode == 1


def test_pictures_are_not_searched(tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(b"\x89PNG\xff\xfe" + PERSONAL.encode())

    assert run_hook("private_strings.py", picture, tmp_path / "gone").returncode == 0


@pytest.mark.parametrize(("size", "code"), [(600_000, 0), (600_001, 1)])
def test_large_files_are_refused(tmp_path: Path, size: int, code: int) -> None:
    path = write(tmp_path, "x" * size)
    answer = run_hook("large_files.py", path)

    assert answer.returncode == code
    assert (str(path) in answer.stdout) == bool(code)


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ("a\nb\n", "a\nb\n"),
        ("a \nb\t\n", "a\nb\n"),
        ("a\r\nb\r\n", "a\nb\n"),
        ("a", "a\n"),
        ("a\n\n\n", "a\n"),
        ("", ""),
        ("\0 \n", "\0 \n"),
    ],
)
def test_line_ends_are_mended(tmp_path: Path, content: str, wanted: str) -> None:
    path = write(tmp_path, content)

    assert run_hook("line_ends.py", path).returncode == int(content != wanted)
    assert path.read_bytes() == content.encode()
    run_hook("line_ends.py", "--fix", path)
    assert path.read_bytes() == wanted.encode()
    assert run_hook("line_ends.py", path).returncode == 0
