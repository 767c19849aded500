"""What a basket holds: order, no doubles, round trip, and what is refused with a sentence."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.documents.basket.entries import (
    LONGEST_LINE,
    LONGEST_REFERENCE,
    MOST_ENTRIES,
    BasketError,
    Entry,
    Reference,
    add_entry,
    clean_line,
    move_entry,
    parse_reference,
    read_entries,
    remove_entry,
    write_entries,
    write_line,
)

NAMES = st.text("abcdefghij_-0123456789", min_size=1, max_size=12)
REFERENCES = st.builds(
    Reference,
    st.sampled_from(["municipal_profile", "migration", "compare"]),
    st.sampled_from(["", "area=kumanovo", "area=serbia&period=2014-2025"]),
    st.sampled_from(["picture", "table", "finding"]),
    NAMES,
)
ENTRIES = st.lists(
    st.builds(Entry, REFERENCES, st.text(max_size=60).map(clean_line)),
    max_size=12,
    unique_by=lambda entry: entry.reference,
).map(tuple)


def named(*names):
    return tuple(Entry(Reference("migration", "", "table", name)) for name in names)


def names_of(entries):
    return [entry.reference.name for entry in entries]


@given(REFERENCES)
def test_a_reference_is_read_as_it_was_written(reference) -> None:
    assert parse_reference(str(reference)) == reference


@given(ENTRIES)
def test_a_basket_is_read_as_it_was_written(entries) -> None:
    assert read_entries(write_entries(entries)) == entries


@given(ENTRIES, REFERENCES)
def test_what_is_added_is_last_and_once(entries, reference) -> None:
    grown = add_entry(entries, Entry(reference, "own"))
    known = [entry.reference for entry in entries]

    if reference in known:
        assert grown == entries
    else:
        assert grown == (*entries, Entry(reference, "own"))
    assert add_entry(grown, Entry(reference, "another")) == grown


@given(ENTRIES.filter(len), st.data())
def test_moving_keeps_all_others_in_order(entries, data) -> None:
    place = data.draw(st.integers(1, len(entries)))
    steps = data.draw(st.integers(-15, 15))
    moved = move_entry(entries, place, steps)
    own = entries[place - 1]

    assert [e for e in moved if e != own] == [e for e in entries if e != own]
    assert moved.index(own) == min(max(place - 1 + steps, 0), len(entries) - 1)


@given(ENTRIES.filter(len), st.data())
def test_what_is_removed_is_gone_and_nothing_else(entries, data) -> None:
    place = data.draw(st.integers(1, len(entries)))

    assert remove_entry(entries, place) == entries[: place - 1] + entries[place:]


def test_moves_by_hand() -> None:
    entries = named("a", "b", "c")

    assert names_of(move_entry(entries, 3, -1)) == ["a", "c", "b"]
    assert names_of(move_entry(entries, 1, 1)) == ["b", "a", "c"]
    assert names_of(move_entry(entries, 1, -1)) == ["a", "b", "c"]
    assert names_of(entries) == ["a", "b", "c"]


def test_a_line_belongs_to_its_entry_and_can_be_taken_back() -> None:
    written = write_line(named("a", "b"), 2, "  Asked by\tthe council. ")

    assert [entry.line for entry in written] == ["", "Asked by the council."]
    assert write_line(written, 2, "") == named("a", "b")


def test_what_stands_there_twice_is_read_once_and_the_first_line_stays() -> None:
    text = "migration?#table:flows"
    held = json.dumps([{"reference": text, "line": "first"}, {"reference": text, "line": "second"}])

    assert [entry.line for entry in read_entries(held)] == ["first"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kumanovo",
        "../restricted/rows?area=kumanovo#table:residents",
        "municipal_profile?area=../../etc/passwd#table:residents",
        "municipal_profile?area=kumanovo#file:residents",
        "municipal_profile?area=kumanovo#table:../rows",
        "municipal_profile?area=kumanovo#table:residents\n",
        "municipal_profile?area=kumanovo#table:<script>",
        "https://example.org/?area=kumanovo#table:residents",
        "municipal_profile?area=куманово#table:residents",
        "municipal_profile?area=kumanovo#table:residents#table:residents",
    ],
)
def test_what_has_not_the_form_of_a_reference_is_refused(text) -> None:
    with pytest.raises(BasketError, match=r"is no reference\. Collect it in the dashboard"):
        parse_reference(text)


def test_the_longest_reference_is_read_and_a_longer_one_is_not() -> None:
    stem = "migration?area=#table:flows"
    longest = stem.replace("=", "=" + "a" * (LONGEST_REFERENCE - len(stem)))

    assert len(str(parse_reference(longest))) == LONGEST_REFERENCE
    with pytest.raises(BasketError, match=f"has {LONGEST_REFERENCE + 1} characters"):
        parse_reference(longest.replace("=", "=a"))


def test_a_full_basket_takes_nothing_more_but_knows_what_it_holds() -> None:
    full = named(*(f"t{place}" for place in range(MOST_ENTRIES)))

    assert add_entry(full, full[0]) == full
    with pytest.raises(BasketError, match=f"is full: it holds {MOST_ENTRIES} entries"):
        add_entry(full, named("more")[0])
    with pytest.raises(BasketError, match=f"holds {MOST_ENTRIES + 1} entries; at most"):
        read_entries(write_entries((*full, *named("more"))))


def test_a_line_of_the_longest_length_is_kept_and_a_longer_one_is_refused() -> None:
    assert clean_line("a" * LONGEST_LINE) == "a" * LONGEST_LINE
    with pytest.raises(BasketError, match=f"has {LONGEST_LINE + 1} characters; at most"):
        write_line(named("a"), 1, "a" * (LONGEST_LINE + 1))


@pytest.mark.parametrize("place", [0, -1, 3])
def test_a_place_that_there_is_not_is_named(place) -> None:
    entries = named("a", "b")
    for change in (
        lambda: remove_entry(entries, place),
        lambda: move_entry(entries, place, 1),
        lambda: write_line(entries, place, "x"),
    ):
        with pytest.raises(BasketError, match=f"no entry {place}: the basket holds 2"):
            change()


@pytest.mark.parametrize("content", ["", "{", "[" * 100_000, '["a"'])
def test_what_cannot_be_read_is_said(content) -> None:
    with pytest.raises(BasketError, match="cannot be read"):
        read_entries(content)


@pytest.mark.parametrize(
    "content", ["{}", "null", "3", '["a"]', '[{"reference": 3}]', '[{"reference": "a", "line": 3}]']
)
def test_what_is_no_list_of_references_is_said(content) -> None:
    with pytest.raises(BasketError, match="is no basket: a list of references is"):
        read_entries(content)
