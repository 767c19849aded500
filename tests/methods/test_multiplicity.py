"""Corrections for many tests equal R's, family by family."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from analysis.methods.multiplicity import control_false_discovery


def test_both_methods_equal_the_oracle(oracles) -> None:
    for case in oracles.read("g12_fdr")["cases"]:
        p = case["input"]["p"]
        for method in ("BH", "BY"):
            got = control_false_discovery(p, method=method.lower())
            np.testing.assert_allclose(got, case["expected"][method], rtol=0, atol=1e-12)


def test_a_blank_is_no_test_and_families_stay_apart(rng) -> None:
    p = rng.random((3, 20, 2))
    p[1, 4:9, 0] = np.nan
    p[2, :, 1] = np.nan
    before = p.copy()
    got = control_false_discovery(p, axis=1)
    np.testing.assert_array_equal(p, before)
    np.testing.assert_array_equal(np.isnan(got), np.isnan(p))
    for place in np.ndindex(3, 2):
        family = p[place[0], :, place[1]]
        tested = ~np.isnan(family)
        if tested.any():
            wanted = false_discovery_control(family[tested])
            np.testing.assert_array_equal(got[place[0], tested, place[1]], wanted)
    np.testing.assert_array_equal(control_false_discovery(p, axis=-2), got)
    order = rng.permutation(20)
    np.testing.assert_allclose(control_false_discovery(p[:, order], axis=1), got[:, order])


def test_a_corrected_value_is_never_smaller_and_by_never_below_bh(rng) -> None:
    p = rng.random(40) ** 2
    bh, by = control_false_discovery(p), control_false_discovery(p, method="by")
    assert (p <= bh).all()
    assert (bh <= by).all()
    assert (by <= 1).all()
    assert control_false_discovery([0.03]).tolist() == [0.03]


def test_wrong_input_gets_a_sentence() -> None:
    with pytest.raises(ValueError, match="p holds 1.2, and a p-value lies between 0 and 1"):
        control_false_discovery([0.1, 1.2])
    with pytest.raises(ValueError, match="p holds -0.1, and a p-value"):
        control_false_discovery([-0.1])
    with pytest.raises(ValueError, match=r"The method 'holm' is unknown. Choose 'bh'.*'by'"):
        control_false_discovery([0.1], method="holm")
    for axis in (1, -2):
        with pytest.raises(ValueError, match=rf"no axis {axis} in p-values of the shape \(1,\)"):
            control_false_discovery([0.1], axis=axis)
