"""JSON-stat as offices write it: sparse or dense, with flags, and what is refused."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from analysis.sources.jsonstat import read_jsonstat
from analysis.sources.protocol import Reshaped

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "files"
ANSWER = SHARED / "makstat_30062021_MKD_allages.jsonstat2.json"

CUBE = {
    "class": "dataset",
    "version": "2.0",
    "label": "Births",
    "updated": "2026-01-02",
    "id": ["geo", "time"],
    "size": [2, 2],
    "dimension": {
        # The object does not lie in the order of its places.
        "geo": {"category": {"index": {"RS": 1, "MK": 0}, "label": {"MK": "North Macedonia"}}},
        "time": {"category": {"index": ["2023", "2024"]}},
    },
    "value": {"0": 5, "3": 0},
    "status": {"1": ":", "3": "p"},
}


def _read(**changes):
    return read_jsonstat(json.dumps({**CUBE, **changes}).encode(), "births.json")


def _cells(cube):
    return [(*cell.codes.values(), cell.value, cell.flag) for cell in cube.cells()]


def test_sparse_values_and_flags_stand_at_their_places() -> None:
    cube = _read()
    assert (cube.label, cube.updated) == ("Births", "2026-01-02")
    assert cube.codes == {"geo": ("MK", "RS"), "time": ("2023", "2024")}
    assert cube.labels["geo"] == {"MK": "North Macedonia", "RS": "RS"}
    assert _cells(cube) == [
        ("MK", "2023", 5, ""),
        ("MK", "2024", None, ":"),
        ("RS", "2023", None, ""),
        ("RS", "2024", 0, "p"),
    ]


def test_dense_values_give_the_same_cells() -> None:
    dense = _read(value=[5, None, None, 0], status=[None, ":", None, "p"])
    assert _cells(dense) == _cells(_read())


def test_one_code_may_stand_without_an_index() -> None:
    one = {**CUBE["dimension"], "geo": {"category": {"label": {"MK": "North Macedonia"}}}}
    cube = _read(dimension=one, size=[1, 2], value=[1, 2], status=None)
    assert _cells(cube) == [("MK", "2023", 1, ""), ("MK", "2024", 2, "")]


def test_a_byte_order_mark_does_not_matter() -> None:
    assert read_jsonstat(b"\xef\xbb\xbf" + json.dumps(CUBE).encode(), "x").label == "Births"


def test_an_empty_dimension_is_named() -> None:
    empty = copy.deepcopy(CUBE["dimension"])
    empty["geo"]["category"] = {"index": {}, "label": {}}
    with pytest.raises(Reshaped, match="births.json has nothing in its dimension 'geo'"):
        _read(dimension=empty, size=[0, 2], value={}, status={})


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"size": [2, 3]}, "states 3 codes for its dimension 'time' and lists 2"),
        ({"size": [2]}, "not a dataset of JSON-stat 2.0"),
        ({"value": [1, 2, 3, 4, 5]}, "a value at place 4, but its dimensions make 4 places"),
        ({"value": {"-1": 3}}, "a value at place -1"),
        ({"value": "much"}, "TypeError: values stand in a str"),
        ({"value": {"first": 3}}, "not a dataset of JSON-stat 2.0"),
        ({"id": ["geo", "year"]}, "KeyError: 'year'"),
        ({"dimension": []}, "Expected id, size, dimension and value"),
    ],
)
def test_what_does_not_fit_is_refused(changes, sentence) -> None:
    with pytest.raises(Reshaped, match=sentence):
        _read(**changes)


@pytest.mark.parametrize("content", [b"", b"[1]", b'"text"', b"{", b'{"value": NaN}', b"\xff\xfe"])
def test_what_is_no_dataset_at_all_is_refused(content) -> None:
    with pytest.raises(Reshaped, match="births.json is not"):
        read_jsonstat(content, "births.json")


@pytest.mark.skipif(not ANSWER.is_file(), reason="the recorded answers are not beside the checkout")
def test_a_recorded_answer_is_read() -> None:
    cube = read_jsonstat(ANSWER.read_bytes(), ANSWER.name)
    assert {name: len(codes) for name, codes in cube.codes.items()} == {
        "Возраст": 1,
        "Година": 5,
        "Пол": 3,
    }
    found = {(c.codes["Година"], c.codes["Пол"]): c.value for c in cube.cells()}
    assert found["2021", "0"] == 1_837_114
    assert found["2025", "2"] == 918_877
