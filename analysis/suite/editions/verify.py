"""All that is held against an edition before readers see it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.store.files import OBSERVATIONS, read_table
from analysis.suite.editions.counts import check_counts, count_edition
from analysis.suite.editions.edition import BRIEFS, SITE
from analysis.suite.editions.files import list_files
from analysis.suite.editions.gate import judge_briefs
from analysis.suite.editions.languages import check_languages
from analysis.suite.editions.links import check_links
from analysis.suite.editions.pages import read_pages
from analysis.suite.editions.scanned import find_leaks
from analysis.suite.records import OK

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from analysis.suite.editions.edition import Edition, PublishedRun
    from analysis.suite.editions.pages import PageFacts
    from analysis.suite.records import Record
    from analysis.workspace import Workspace

WITHHELD_NOW = (
    "{page} prints the number of observation '{observation}', which the public table withholds "
    "now. Run that page again, or remove its folder below data_processed/runs."
)


@dataclass(frozen=True)
class Staged:
    """An edition that lies ready.

    Parameters
    ----------
    folder : pathlib.Path
    runs : tuple of PublishedRun
    spoken : mapping of str to sequence of str
        The languages that each page should exist in, by slug.
    """

    folder: Path
    runs: tuple[PublishedRun, ...]
    spoken: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Verdict:
    """What verifying an edition came to.

    Parameters
    ----------
    faults : tuple of str
        Sentences; none where it may be shown.
    falls : tuple of str
        Sentences about what became less; a person may accept them.
    counts : dict of str to int
    """

    faults: tuple[str, ...]
    falls: tuple[str, ...]
    counts: dict[str, int]


def verify_edition(
    staged: Staged, workspace: Workspace, records: Sequence[Record], former: Edition | None
) -> Verdict:
    """Hold a staged edition against its runs, the table, the gate of briefs, and the last one.

    Parameters
    ----------
    staged : Staged
    workspace : Workspace
        Built.
    records : sequence of Record
        Their executed notebooks are scanned too.
    former : Edition or None
        What readers see now.

    Returns
    -------
    Verdict
    """
    pages = read_pages(staged.folder / SITE)
    table = read_table(workspace.public / OBSERVATIONS)
    counts = count_edition(pages, table)
    leaks = find_leaks(workspace, list_scanned(staged, records, workspace))
    dashboards = [path.stem for path in workspace.dashboards.glob("*.ipynb")]
    return Verdict(
        faults=(
            *check_links(staged.folder / SITE, pages, dashboards),
            *check_languages(staged.runs, pages, staged.spoken),
            *check_withheld(pages, table),
            *(leak.sentence for leak in leaks),
            *judge_briefs(staged.folder, staged.runs, workspace),
        ),
        falls=tuple(check_counts(former.counts if former else {}, counts)),
        counts=counts,
    )


def check_withheld(pages: Mapping[str, PageFacts], table: pd.DataFrame) -> list[str]:
    """Find pages that print a number which is withheld by now: an older page may.

    Parameters
    ----------
    pages : mapping of str to PageFacts
    table : pandas.DataFrame
        The public table.

    Returns
    -------
    list of str
    """
    withheld = set(table.loc[table["state"].eq("suppressed"), "observation_id"])
    return [
        WITHHELD_NOW.format(page=page, observation=observation)
        for page, facts in pages.items()
        for observation in sorted(facts.shown & withheld)
    ]


def list_scanned(
    staged: Staged, records: Sequence[Record], workspace: Workspace
) -> dict[str, Path]:
    """List what is scanned: all that is published, and the notebooks that it was made by.

    Parameters
    ----------
    staged : Staged
    records : sequence of Record
    workspace : Workspace

    Returns
    -------
    dict of str to pathlib.Path
        By name for readers. The notebook of a failed run is not among them: nothing of it is
        published.
    """
    published = {
        path.relative_to(staged.folder).as_posix(): path
        for part in (SITE, BRIEFS)
        for path in list_files(staged.folder / part)
    }
    executed = {
        f"runs/{record.name}/{record.notebook}.ipynb": (
            workspace.runs / record.name / f"{record.notebook}.ipynb"
        )
        for record in records
        if record.state == OK
    }
    return published | {name: path for name, path in executed.items() if path.is_file()}
