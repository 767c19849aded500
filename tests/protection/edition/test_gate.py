"""An edition that a former release would turn inside out is refused, with the way out of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from analysis.protection.edition.protect import Rules, protect_edition
from analysis.protection.edition.search import Choice
from analysis.protection.gate import ExposedError, pass_gate
from analysis.protection.ledger.editions import FormerEdition
from analysis.protection.ledger.refusal import ReleaseRefusedError

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

STOCK = "unhcr_refugees_persons"


@pytest.fixture
def release(rules: Rules) -> Callable[..., FormerEdition]:
    def make(frame: pd.DataFrame, number: int = 1) -> FormerEdition:
        edition = protect_edition(frame, rules)
        told = frame.assign(withheld=edition.withheld)
        return FormerEdition(number, f"2026-0{number}-01", told)

    return make


def _pooled(row: Any, first: str, last: str, count: int) -> dict[str, Any]:
    span = {"period_start": f"{first}-01-01", "period_end": f"{last}-12-31"}
    found: dict[str, Any] = row(count, "MK-703", **span)
    return found


def test_without_a_former_release_an_edition_passes(rules, table, row) -> None:
    years = [row(8, "MK-703", y) for y in ("2021", "2022", "2023")]
    edition = pass_gate(table(_pooled(row, "2021", "2022", 16), *years), rules)
    assert edition.withheld.tolist() == [False, True, True, True]


def test_a_shorter_sum_is_refused_after_a_longer_one_and_the_remedy_is_accepted(
    rules, table, row, release
) -> None:
    years = [row(c, "MK-703", y) for y, c in (("2021", 8), ("2022", 9), ("2023", 8))]
    past = release(table(_pooled(row, "2021", "2023", 25), *years))
    now = table(_pooled(row, "2021", "2022", 17), *years)
    with pytest.raises(ReleaseRefusedError, match="release 0001 of 2026-01-01") as refused:
        pass_gate(now, rules, [past])
    refusal = refused.value.refusal
    assert [(c.area_id, c.period_start) for c in refusal.cells] == [("MK-703", "2023-01-01")]
    assert refusal.release == 1
    assert refusal.remedy.observation_ids == (now["observation_id"][0],)
    assert not re.search(r"\b(8|9|17|25)\b", refusal.sentence), "the sentence tells no count"
    edition = pass_gate(now, rules, [past], refusal.remedy.observation_ids)
    assert edition.withheld.all()


def test_the_release_that_tells_is_named(rules, table, row, release) -> None:
    years = [row(c, "MK-703", y) for y, c in (("2021", 8), ("2022", 9), ("2023", 8))]
    harmless = release(table(*years), 2)
    telling = release(table(_pooled(row, "2021", "2023", 25), *years), 1)
    now = table(_pooled(row, "2021", "2022", 17), *years)
    with pytest.raises(ReleaseRefusedError, match="release 0001") as refused:
        pass_gate(now, rules, [telling, harmless])
    assert refused.value.refusal.release == 1


def test_the_same_edition_again_passes_unchanged(rules, table, row, release) -> None:
    places = ["MK-101", "MK-403", "MK-405"]
    frame = table(
        row(100, indicator_id=STOCK),
        *(row(c, p, indicator_id=STOCK) for p, c in zip(places, [7, 20, 73], strict=True)),
    )
    past = release(frame)
    again = pass_gate(frame, rules, [past])
    assert again.withheld.tolist() == past.observations["withheld"].tolist()


def test_a_revised_figure_that_opens_the_withheld_one_is_refused(
    rules, table, row, release
) -> None:
    """The place that was withheld for another's sake may not be shown later."""

    def edition(counts: list[int]) -> pd.DataFrame:
        places = ["MK-101", "MK-403", "MK-405", "MK-703"]
        rows = [row(c, p, indicator_id=STOCK) for p, c in zip(places, counts, strict=True)]
        return table(row(sum(counts), indicator_id=STOCK), *rows)

    past = release(edition([7, 20, 73, 40]))
    assert past.observations["withheld"].tolist() == [False, True, True, False, False]
    # 7 is small in both; now 12 is the smallest beside it, and 20 would be shown.
    now = edition([7, 20, 73, 12])
    try:
        found = pass_gate(now, rules, [past])
    except ReleaseRefusedError as refused:
        found = pass_gate(now, rules, [past], refused.refusal.remedy.observation_ids)
    assert found.withheld[1]
    assert found.withheld[2], "20 tells 7 by the total of the former release"


def test_what_nothing_protects_is_not_published(rules, table, row, monkeypatch) -> None:
    from analysis.protection.edition import protect

    monkeypatch.setattr(protect, "search_pattern", lambda *given, **_: Choice(given[2]))
    places = ["MK-101", "MK-403"]
    frame = table(
        row(27, indicator_id=STOCK),
        *(row(c, p, indicator_id=STOCK) for p, c in zip(places, [7, 20], strict=True)),
    )
    with pytest.raises(ExposedError, match=r"Nothing was published.*in Veles, 2022") as told:
        pass_gate(frame, rules)
    assert "7" not in str(told.value)
