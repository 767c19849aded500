"""A refusal names cells, release and remedy, never a number; a person accepts the remedy."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING

import pytest

from analysis.protection.ledger.chain import LedgerError
from analysis.protection.ledger.folder import read_ledger
from analysis.protection.ledger.refusal import (
    REMEDIES,
    CellName,
    Refusal,
    ReleaseRefusedError,
    Remedy,
    name_cell,
    propose_remedy,
)
from analysis.protection.ledger.remedies import (
    REMEDY_FILE,
    accept_remedy,
    clear_offer,
    offer_remedy,
    read_accepted,
    read_offer,
)
from analysis.protection.ledger.standing import read_standing
from analysis.protection.ledger.steps import approve_edition, submit_edition
from analysis.protection.ledger.summary import BY_SOURCE, WithheldCount, count_withheld

if TYPE_CHECKING:
    from collections.abc import Sequence

CELL = CellName("asylum_unknown", "MK-703", "2023-01-01", "2023-12-31", (("sex", "female"),))


def refuse(ids: Sequence[str] = ("b", "a"), cells: int = 1, day: str = "2026-03-06") -> Refusal:
    return Refusal((CELL,) * cells, 3, propose_remedy("suppress", ids), day)


def test_a_refusal_is_one_sentence_with_all_that_is_needed() -> None:
    error = ReleaseRefusedError(refuse())
    assert error.refusal == refuse()
    assert str(error) == (
        "Nothing was published: together with release 0003 of 2026-03-06 this edition would tell "
        "what is withheld in asylum_unknown in Kumanovo, 2023, sex: female. The cheapest remedy is "
        "to withhold these figures as well (2 figures less). Run `patokaz protect --accept --by "
        "NAME` and build again."
    )


@pytest.mark.parametrize(("cells", "rest"), [(10, "female. The"), (12, "female; and 2 more. The")])
def test_many_cells_are_named_up_to_a_number(cells: int, rest: str) -> None:
    sentence = refuse(["a"], cells, "").sentence
    assert rest in sentence
    assert sentence.count("Kumanovo") == 10
    assert "(1 figure less)" in sentence
    assert "release 0003 this edition" in sentence


def test_a_cell_is_named_by_its_row_without_its_number(observed) -> None:
    row = observed().assign(sex="female", age="child").iloc[0].to_dict()
    cell = name_cell(row)
    assert cell.split == (("sex", "female"), ("age", "child"))
    assert cell.words.endswith("in Kumanovo, 2023, sex: female, age: child")
    assert "7.1" not in repr(cell)


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2023-01-01", "2024-12-31", "x in Atlantis, 2023-01-01 to 2024-12-31"),
        ("2023-01-01", "2023-06-30", "x in Atlantis, 2023-01-01 to 2023-06-30"),
        ("2023-01-01", "2023-12-31", "x in Atlantis, 2023"),
    ],
)
def test_periods_and_unknown_names_are_told_as_they_are(start: str, end: str, words: str) -> None:
    assert CellName("x", "Atlantis", start, end).words == words


def test_a_known_indicator_has_its_name() -> None:
    from analysis.catalog import load_indicators

    indicator = next(iter(load_indicators()))
    cell = CellName(indicator.indicator_id, "MK", "2023-01-01", "2023-12-31")
    assert cell.words.startswith(f"{indicator.name_en} in ")


def test_remedies_are_those_of_the_policy() -> None:
    assert list(REMEDIES) == ["longer_period", "larger_area", "fewer_dimensions", "suppress"]
    with pytest.raises(
        ValueError, match="'prayer' is not a remedy. Expected one of: longer_period"
    ):
        propose_remedy("prayer", ["a"])
    with pytest.raises(ValueError, match="The remedy 'suppress' names no observation"):
        propose_remedy("suppress", [])
    assert propose_remedy("suppress", ["b", "a", "b"]).observation_ids == ("a", "b")


def test_a_remedy_is_offered_then_accepted_by_a_person(space, march) -> None:
    assert read_offer(space) is None
    assert read_accepted(space) == frozenset()
    offer_remedy(space, refuse())
    offer = read_offer(space)
    assert offer is not None
    assert (offer.remedy, offer.sentence) == (refuse().remedy, refuse().sentence)
    assert read_accepted(space) == frozenset()
    assert accept_remedy(space, " Ana  Petrova ", march) == refuse().remedy
    assert read_offer(space) is None
    assert read_accepted(space) == {"a", "b"}
    kept = json.loads((space.restricted / REMEDY_FILE).read_text(encoding="utf-8"))["accepted"][0]
    assert (kept["by"], kept["moment"]) == ("Ana Petrova", "2026-03-04T10:30:05Z")


def test_remedies_add_up(space) -> None:
    for ids in (["a"], ["b"]):
        offer_remedy(space, refuse(ids))
        accept_remedy(space, "Ana")
    offer_remedy(space, refuse(["c"]))
    offer_remedy(space, refuse(["d"]))
    assert read_accepted(space) == {"a", "b"}
    accept_remedy(space, "Ana")
    assert read_accepted(space) == {"a", "b", "d"}


@pytest.mark.parametrize("before", ["nothing", "accepted", "cleared"])
def test_there_has_to_be_something_to_accept(space, before: str) -> None:
    if before != "nothing":
        offer_remedy(space, refuse())
    if before == "accepted":
        accept_remedy(space, "Ana")
    if before == "cleared":
        clear_offer(space)
    with pytest.raises(LedgerError, match="No remedy is on offer: the last build was not refused"):
        accept_remedy(space, "Ana")


def test_nobody_accepts_nothing(space) -> None:
    offer_remedy(space, refuse())
    with pytest.raises(LedgerError, match="'' is not the name of a person"):
        accept_remedy(space, " ")
    assert read_accepted(space) == frozenset()


def test_an_offer_that_is_cleared_leaves_what_was_accepted(space) -> None:
    clear_offer(space)
    assert not (space.restricted / REMEDY_FILE).exists()
    offer_remedy(space, refuse(["a"]))
    accept_remedy(space, "Ana")
    offer_remedy(space, refuse(["b"]))
    clear_offer(space)
    assert (read_offer(space), read_accepted(space)) == (None, {"a"})


@pytest.mark.parametrize("content", ["{", "[]", "{}", "3"])
def test_a_file_that_cannot_be_read_is_not_taken_for_empty(space, content: str) -> None:
    offer_remedy(space, refuse())
    (space.restricted / REMEDY_FILE).write_text(content, encoding="utf-8")
    for read in (read_accepted, read_offer, clear_offer):
        with pytest.raises(LedgerError, match="cannot be read .* which remedies were accepted"):
            read(space)


def test_a_release_takes_over_what_was_accepted_and_keeps_it(space, built, march) -> None:
    ids = built(space)["observation_id"].tolist()
    offer_remedy(space, refuse([ids[3], ids[4]]))
    accept_remedy(space, "Ana", march)
    later = march + dt.timedelta(days=1)

    def release(changes: dict[int, float]) -> None:
        built(space, changes, also=tuple(read_accepted(space)))
        submit_edition(space, "Ana", march)
        approve_edition(space, "Arben", later)

    release({})
    kept = json.loads((space.restricted / REMEDY_FILE).read_text(encoding="utf-8"))
    assert kept == {"offered": None, "accepted": []}
    assert read_ledger(space).entries[0].remedied == tuple(sorted([ids[3], ids[4]]))
    # Built again, on this machine or another, the same figures are the same release.
    built(space, also=tuple(read_accepted(space)))
    assert read_standing(space).number == 1
    (space.restricted / REMEDY_FILE).unlink()
    offer_remedy(space, refuse([ids[8]]))
    accept_remedy(space, "Ana", march)
    release({1: 500.0})
    assert read_ledger(space).entries[1].remedied == tuple(sorted([ids[3], ids[4], ids[8]]))
    assert read_accepted(space) == {ids[3], ids[4], ids[8]}


def test_a_remedy_that_came_after_the_build_waits_for_the_next(space, built, march) -> None:
    ids = built(space)["observation_id"].tolist()
    submit_edition(space, "Ana", march)
    offer_remedy(space, refuse([ids[0], ids[3]]))
    accept_remedy(space, "Ana", march)
    entry = approve_edition(space, "Arben", march)
    # The first is withheld as small; the second is shown, so the remedy is not carried out yet.
    assert entry.remedied == (ids[0],)
    assert read_accepted(space) == {ids[0], ids[3]}


def test_withheld_cells_are_counted_by_level_and_reason(observed, protected) -> None:
    from analysis.catalog import load_areas

    table = protected(observed())
    table.loc[5, "area_id"] = "MK"
    assert count_withheld(table, load_areas()) == (
        WithheldCount("country", "small count", 1),
        WithheldCount("municipality", "small count", 1),
        WithheldCount("municipality", BY_SOURCE, 1),
    )
    more = protected(observed({3: 4.0}))
    assert count_withheld(more, load_areas())[0] == WithheldCount("municipality", "small count", 3)


def test_a_remedy_is_plain_data() -> None:
    assert Remedy("suppress", ("a",), REMEDIES["suppress"]) == propose_remedy("suppress", ["a"])
