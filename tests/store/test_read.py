from __future__ import annotations

import math

import pandas as pd

from analysis.store.read import _list_cells


def test_cells_are_listed_as_they_are_and_a_text_that_occurs_often_is_one_text():
    texts = pd.Series(["Скопје", None, "Битола", "Скопје", ""], dtype="str")
    numbers = pd.Series([1.5, None, 1.5])

    listed = _list_cells(texts)

    assert listed[:1] + listed[2:] == ["Скопје", "Битола", "Скопје", ""]
    assert math.isnan(listed[1])
    assert listed[0] is listed[3]
    assert _list_cells(numbers)[::2] == [1.5, 1.5]
    assert math.isnan(_list_cells(numbers)[1])
    assert _list_cells(pd.Series([1, 2])) == [1, 2]
    assert _list_cells(pd.Series([], dtype="str")) == []
