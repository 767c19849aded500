"""A workspace whose runs are invented: small pages with numbers, and their records."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from analysis.documents.as_of import MARKER
from analysis.protection.scanner import secrets
from analysis.suite.editions import scanned
from analysis.suite.editions.publish import publish_edition
from analysis.suite.records import Good, Record, write_record
from analysis.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

TIME = "2026-01-02T03:04:05+00:00"
NOTEBOOK = "02_municipal_profile"


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def write_page(
    language: str, slug: str, numbers: Mapping[str, str], extra: str = "", place: str = MARKER
) -> bytes:
    """Write a page that prints numbers by observation and links to its other languages."""
    others = "".join(
        f'<a href="../../{code}/{slug}/index.html">{code}</a>'
        for code in ("mk", "en")
        if code != language
    )
    said = "".join(
        f'<data value="{v}" data-observation="{o}">{v}</data>' for o, v in numbers.items()
    )
    return (
        f'<!doctype html><html lang="{language}"><head><title>{slug}</title>'
        f'<link rel="stylesheet" href="../../assets/page.css"></head><body><main id="main">'
        f"{place}{others}<p>{said}</p>{extra}</main></body></html>"
    ).encode()


class Runs:
    """Writes invented runs into a workspace."""

    def __init__(self, workspace: Workspace, table: str) -> None:
        self.workspace = workspace
        self.table = table

    def give(
        self,
        slug: str,
        language: str,
        numbers: Mapping[str, str] | None = None,
        extra: str = "",
        place: str = MARKER,
        **files: bytes,
    ) -> Record:
        """Leave a good run: a page, and a brief."""
        page = f"site/{language}/{slug}/index.html"
        brief = f"briefs/{slug}_{language}.docx.txt"
        said = {"o1": "7"} if numbers is None else numbers
        content = {
            page: write_page(language, slug, said, extra, place),
            brief: f"{slug} {language}".encode(),
            **{f"site/{language}/{slug}/{name}.txt": data for name, data in files.items()},
        }
        name = f"{NOTEBOOK}/{slug}_{language}_public"
        folder = self.workspace.runs / name
        shutil.rmtree(folder / "results", ignore_errors=True)
        for path, data in content.items():
            (folder / "results" / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "results" / path).write_bytes(data)
        key = (
            ("run", json.dumps([name, [], ["page", "brief"], ["mk", "en"]])),
            ("table", self.table),
            ("data", "none"),
        )
        outputs = {path: sha(data) for path, data in content.items()}
        good = Good(sha(content[page])[:12], TIME, "2025-12", key, outputs)
        record = Record(
            name=name, notebook=NOTEBOOK, area="MK-703", language=language, edition="public",
            slug=slug, state="ok", reason="", cell=None, attempts=1, began=TIME, ended=TIME,
            seconds=0.1, cpu_seconds=0.1, peak_bytes=0, kernel="ordinary", run_id=good.run_id,
            seed=0, key=key, parameters={}, reads={}, good=good,
        )  # fmt: skip
        write_record(self.workspace, record)
        return record

    def replace_page(self, record: Record, page: bytes, languages: list[str]) -> None:
        """Put another page in place of the one of a run, in a suite of other languages."""
        assert record.good is not None
        path = f"site/{record.language}/{record.slug}/index.html"
        (self.results(record) / path).write_bytes(page)
        key = dict(record.good.key) | {"run": json.dumps([record.name, [], ["page"], languages])}
        good = replace(
            record.good,
            key=tuple(key.items()),
            outputs=record.good.outputs | {path: sha(page)},
        )
        write_record(self.workspace, replace(record, good=good))

    def add_file(self, record: Record, path: str, content: bytes) -> None:
        """Put another file among what a run gave."""
        assert record.good is not None
        (self.results(record) / path).write_bytes(content)
        good = replace(record.good, outputs=record.good.outputs | {path: sha(content)})
        write_record(self.workspace, replace(record, good=good))

    def put(self, record: Record) -> None:
        """Put a record in place of another one."""
        write_record(self.workspace, record)

    def fail(self, record: Record, *, ever_good: bool = True) -> Record:
        """Have the newest attempt at a run fail."""
        failed = replace(
            record,
            state="failed",
            reason="cell 3: the file is torn",
            good=record.good if ever_good else None,
        )
        write_record(self.workspace, failed)
        return failed

    def results(self, record: Record) -> Path:
        """Give the folder of what a run gave."""
        return self.workspace.runs / record.name / "results"


HELD: dict[str, Any] = {}


@pytest.fixture(autouse=True)
def _secrets_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading what is withheld takes long, and it is the same in most tests."""

    def read(workspace: Workspace) -> Any:
        tables = (workspace.restricted, workspace.public)
        said = "".join(sha((room / "observations.parquet").read_bytes()) for room in tables)
        if said not in HELD:
            HELD[said] = secrets.read_secrets(workspace)
        return HELD[said]

    monkeypatch.setattr(scanned, "read_secrets", read)


@pytest.fixture
def space(tmp_path: Path, workspace: Workspace) -> Workspace:
    """A workspace that is built, and in which nothing ever ran."""
    root = tmp_path / "own"
    for name in ("public", "restricted"):
        shutil.copytree(workspace.root / "data_processed" / name, root / "data_processed" / name)
    (root / "dashboards").mkdir()
    (root / "dashboards" / "municipal_profile.ipynb").write_text("{}", encoding="utf-8")
    return Workspace(root)


@pytest.fixture
def runs(space: Workspace) -> Runs:
    """Writes invented runs into the workspace of the test."""
    release = json.loads((space.public / "release.json").read_text(encoding="utf-8"))
    return Runs(space, f"{release['observations_sha256']} {release['sources_sha256']}")


@pytest.fixture
def published(space: Workspace, runs: Runs) -> Workspace:
    """A workspace with a first edition: Kumanovo in two languages."""
    for language in ("mk", "en"):
        runs.give("kumanovo", language)
    publish_edition(space)
    return space


@pytest.fixture
def see() -> Callable[[Workspace], dict[str, bytes]]:
    """Reads all that readers see, through the links."""

    def read(space: Workspace) -> dict[str, bytes]:
        rooms = {"site": space.site, "briefs": space.briefs}
        return {
            f"{name}/{path.relative_to(room.resolve()).as_posix()}": path.read_bytes()
            for name, room in rooms.items()
            for path in sorted(room.resolve().rglob("*"))
            if path.is_file()
        }

    return read
