"""Models of lists: fitted as published, refused where they mean nothing, chosen as described."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import linprog

from analysis.methods.hidden.existence import (
    check_existence,
    check_identified,
    check_models,
    find_empty_effects,
    find_open_histories,
)
from analysis.methods.hidden.lists import read_captures
from analysis.methods.hidden.loglinear import fit_models
from analysis.methods.hidden.models import (
    build_design,
    close_model,
    list_models,
    pair_model,
    read_model,
    write_model,
)
from analysis.methods.hidden.search import choose_by_bic, list_estimates
from analysis.methods.hidden.stepwise import (
    _find_wald,
    choose_by_aic,
    choose_stepwise,
    weigh_overlaps,
)

BASICS = "g15_mse_basics"


def fit_one(table, model, order: int = 2):
    design = build_design(table.lists, order)
    return fit_models(design, table.counts[None, :], model[None, :])


def fixed_models(oracles):
    for name, entry in oracles.published().items():
        table = read_captures(oracles.lists(name))
        design = build_design(table.lists)
        for oracle in entry["oracles"]:
            if oracle["kind"] == "fixed_model_point":
                pairs = [tuple(pair.split(":")) for pair in oracle["interactions"]]
                yield name, table, pair_model(pairs, table.names, design), oracle


# Fits


def test_fixed_models_are_those_published(oracles) -> None:
    found = 0
    for name, table, model, oracle in fixed_models(oracles):
        made = fit_one(table, model)
        assert made.code[0] == 0, name
        for mine, theirs in (
            ("total", "N_hat"),
            ("deviance", "deviance"),
            ("aic", "aic"),
            ("bic", "bic_lnn"),
        ):
            # Printed to four or five decimals.
            assert getattr(made, mine)[0] == pytest.approx(oracle[theirs], abs=6e-5), name
        found += 1
    assert found == 8


def test_models_of_three_lists_are_those_of_the_reference(oracles) -> None:
    table = read_captures(oracles.lists("palembang_3list"))
    entries = oracles.published()["palembang_3list"]["oracles"]
    printed = next(entry["models"] for entry in entries if "models" in entry)
    listed = list_estimates(build_design(3), table.counts).set_index("model")
    assert set(listed.index[listed["code"] == 0]) == set(printed)
    for model, (total, bic) in printed.items():
        assert listed.loc[model, "total"] == pytest.approx(total, abs=6e-5)
        assert listed.loc[model, "bic"] == pytest.approx(bic, abs=6e-6)
    best = next(entry for entry in entries if "test_value" in entry)
    assert listed.index[0] == min(printed, key=lambda model: printed[model][1])
    assert listed["total"].iloc[0] == pytest.approx(best["test_value"], abs=6e-6)
    assert listed["bic"].iloc[0] == pytest.approx(best["bic"], abs=6e-6)


def test_all_pairs_of_three_lists_have_the_closed_form(oracles) -> None:
    cases = oracles.read(BASICS)["cases"]
    case = next(case for case in cases if case.get("name") == "three_lists_saturated_pairs")
    rows = pd.DataFrame(case["input"]["histories"], columns=list("ABC"))
    table = read_captures(rows.assign(count=case["input"]["count"]))
    made = fit_one(table, read_model("[12,13,23]", build_design(3)))
    assert made.hidden[0] == pytest.approx(case["expected"]["n000"], rel=1e-9)
    assert made.total[0] == pytest.approx(case["expected"]["N"], rel=1e-9)
    assert made.deviance[0] == pytest.approx(0, abs=1e-9)


def test_empty_overlaps_are_fitted_as_the_reference_does(oracles) -> None:
    cases = [case for case in oracles.read(BASICS)["cases"] if "table" in case["input"]]
    assert len(cases) == 2
    for case in cases:
        table = read_captures(pd.DataFrame(case["input"]["table"]), "n")
        design = build_design(3)
        for text, code in case["expected"]["codes"].items():
            made = fit_one(table, read_model(text, design))
            assert made.code[0] == code, text
            assert np.isnan(made.total[0]) == (code != 0)
            wanted = case["expected"].get("estimates", {}).get(text)
            if wanted is not None:
                assert made.total[0] == pytest.approx(wanted, rel=1e-9)


def test_codes_of_the_artificial_table_are_those_published(oracles) -> None:
    table = read_captures(oracles.lists("artificial_3list"))
    entries = oracles.published()["artificial_3list"]["oracles"]
    expected = next(entry["expected"] for entry in entries if entry["kind"] == "identifiability")
    design = build_design(3)
    models = np.array([read_model(text, design) for text in expected])
    counts = np.tile(table.counts, (len(models), 1))
    assert list(check_models(design, counts, models)) == list(expected.values())
    assert list(fit_models(design, counts, models).code) == list(expected.values())


def test_fits_are_those_of_statsmodels(oracles) -> None:
    from statsmodels.api import GLM, families

    table = read_captures(oracles.lists("uk2013_4list"))
    design = build_design(4)
    model = pair_model([("LA", "NG"), ("NG", "GO")], table.names, design)
    generator = np.random.default_rng(5)
    drawn = generator.multinomial(table.seen, table.counts / table.seen, 300).astype(float)
    models = np.tile(model, (300, 1))
    made = fit_models(design, drawn, models)
    whole = np.flatnonzero(~find_empty_effects(design, drawn, models).any(axis=1))[:60]
    assert whole.size == 60
    part = design.matrix[:, model]
    fits = [GLM(drawn[row], part, family=families.Poisson()).fit() for row in whole]
    np.testing.assert_allclose(made.effects[whole][:, model], [f.params for f in fits], rtol=1e-6)
    np.testing.assert_allclose(made.deviance[whole], [f.deviance for f in fits], rtol=1e-6)
    np.testing.assert_allclose(made.aic[whole], [f.aic for f in fits], rtol=1e-8)


def test_the_chance_of_an_effect_is_that_of_statsmodels(oracles) -> None:
    from statsmodels.api import GLM, families

    table = read_captures(oracles.lists("uk2013_4list"))
    design = build_design(4)
    model = pair_model([("PFNCA", "GO")], table.names, design)
    made = [_find_wald(design, fit_one(table, model), 0, at) for at in np.flatnonzero(model)]
    library = GLM(table.counts, design.matrix[:, model], family=families.Poisson()).fit()
    np.testing.assert_allclose(made, library.pvalues, rtol=1e-4, atol=1e-12)
    assert made[-1] > 0.2


def test_many_tables_at_once_are_the_same_as_one_at_a_time(oracles) -> None:
    table = read_captures(oracles.lists("netherlands_5list"))
    design = build_design(5)
    models = list_models(design)[::37]
    counts = np.tile(table.counts, (len(models), 1))
    made = fit_models(design, counts, models)
    for row, model in enumerate(models):
        alone = fit_one(table, model)
        assert alone.code[0] == made.code[row]
        assert alone.total[0] == pytest.approx(made.total[row], rel=1e-8, nan_ok=True)


def test_empty_effects_are_minus_infinity_and_pay_in_the_criteria() -> None:
    counts = np.array([[31.0, 22.0, 0.0, 17.0, 5.0, 4.0, 0.0]])
    design = build_design(3)
    with_pair = fit_models(design, counts, read_model("[12,3]", design)[None, :])
    without = fit_models(design, counts, design.independence[None, :])
    place = design.effects.index(3)
    assert with_pair.effects[0, place] == -np.inf
    assert np.isnan(without.effects[0, place])
    assert with_pair.parameters[0] == without.parameters[0] + 1 == 5
    assert with_pair.means[0, 2] == with_pair.means[0, 6] == 0
    log_seen = np.log(counts.sum())
    assert with_pair.bic[0] - with_pair.aic[0] == pytest.approx(5 * (log_seen - 2))
    assert without.deviance[0] - with_pair.deviance[0] == pytest.approx(
        without.aic[0] - with_pair.aic[0] + 2
    )


# Existence


def has_estimate(design, counts, model) -> bool:
    """Ask the programme of Fienberg & Rinaldo itself: the largest least mean with all totals."""
    empty = find_empty_effects(design, counts[None, :], model[None, :])
    open_ = find_open_histories(design, empty)[0]
    part = design.matrix[np.ix_(open_, model)]
    width = part.shape[0]
    solved = linprog(
        np.append(np.zeros(width), -1.0),
        A_ub=np.column_stack([-np.eye(width), np.ones(width)]),
        b_ub=np.zeros(width),
        A_eq=np.column_stack([part.T, np.zeros(part.shape[1])]),
        b_eq=part.T @ counts[open_],
        bounds=[(0, None)] * (width + 1),
        method="highs",
    )
    return solved.status == 0 and solved.x[-1] > 1e-6


@settings(max_examples=25)
@given(
    st.lists(st.sampled_from([0, 0, 1, 2, 9]), min_size=7, max_size=7).filter(any),
    st.integers(0, 8),
)
def test_existence_is_that_of_the_programme_as_published(counts, number) -> None:
    design = build_design(3, 3)
    table, model = np.array(counts, dtype=float), list_models(design)[number]
    found = check_existence(design, table[None, :], model[None, :])[0]
    assert found == has_estimate(design, table, model)
    fitted = fit_models(design, table[None, :], model[None, :])
    assert fitted.code[0] == check_models(design, table[None, :], model[None, :])[0]


def test_fitted_totals_prove_what_the_programme_says(oracles) -> None:
    table = read_captures(oracles.lists("netherlands_5list"))
    design = build_design(5)
    models = list_models(design)
    counts = np.broadcast_to(table.counts, (len(models), 31))
    made = fit_models(design, counts, models)
    assert (made.code == check_models(design, counts, models)).all()


def test_codes_of_sparse_tables_are_the_same_on_both_ways() -> None:
    design = build_design(3)
    models = list_models(design)
    held = set()
    for number in range(1, 128, 5):
        counts = np.array([(number >> place & 1) * (3.0 + place) for place in range(7)])
        tables = np.broadcast_to(counts, (len(models), 7))
        codes = check_models(design, tables, models)
        assert (fit_models(design, tables, models).code == codes).all()
        held |= set(codes)
    assert held == {0, 1, 2, 3}


def test_more_effects_than_histories_are_not_identified() -> None:
    design = build_design(2)
    table = np.array([[5.0, 4.0, 2.0]])
    assert list(check_identified(design, table, np.ones((1, 4), dtype=bool))) == [False]
    assert list(check_identified(design, table, design.independence[None, :])) == [True]
    assert check_models(design, np.zeros((1, 3)), design.independence[None, :])[0] == 1


# Notation


def test_models_are_written_as_they_are_read() -> None:
    for design in (build_design(3), build_design(4), build_design(4, 3)):
        models = list_models(design)
        texts = [write_model(model, design) for model in models]
        assert len(set(texts)) == len(texts)
        again = np.array([read_model(text, design) for text in texts])
        np.testing.assert_array_equal(again, models)
    design = build_design(3)
    assert write_model(read_model("[12,13,2,3]", design), design) == "[12,13]"
    assert write_model(read_model(" [ 3, 21 ] ", design), design) == "[12,3]"


def test_there_are_as_many_models_as_counted_elsewhere() -> None:
    # Dedekind's numbers of hierarchical models with all lists, without the saturated one.
    assert len(list_models(build_design(3, 3))) == 9
    assert len(list_models(build_design(4, 3))) == 113
    assert len(list_models(build_design(5))) == 1024
    assert len(list_models(build_design(4, 1))) == 1
    for model in list_models(build_design(4, 3)):
        held = [e for e, there in zip(build_design(4, 3).effects, model, strict=True) if there]
        np.testing.assert_array_equal(close_model(held, build_design(4, 3)), model)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[12]", r"The model '\[12\]' leaves out list 3; each list stands in it at least once"),
        ("[14,2,3]", r"The group '14' of the model '\[14,2,3\]' is none of the lists 1 to 3"),
        ("[11,2,3]", "The group '11' of the model"),
        ("[12,,3]", "The group '' of the model"),
        ("[123]", "has a group of more lists than the design holds"),
    ],
)
def test_models_that_are_none_get_a_sentence(text, sentence) -> None:
    with pytest.raises(ValueError, match=sentence):
        read_model(text, build_design(3))


def test_too_much_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="7 lists have more than 40000 models, too many to look"):
        list_models(build_design(7))
    with pytest.raises(ValueError, match="6 lists have more than 40000 models"):
        list_models(build_design(6, 3))
    with pytest.raises(ValueError, match="Effects of 4 lists were asked for; give 1"):
        build_design(5, 4)
    with pytest.raises(ValueError, match="There is no list 'X'; the lists are A, B"):
        pair_model([("A", "X")], ["A", "B"], build_design(2))


# Choice


def test_chances_of_overlaps_are_those_of_the_poisson_distribution(rng) -> None:
    design = build_design(3)
    counts = rng.poisson(4.0, (40, 7)).astype(float)
    counts[:5, [2, 6]] = 0
    means = rng.uniform(0.5, 8.0, (40, 7))
    found = weigh_overlaps(counts, means, design)
    part = design.matrix[:, design.pairs]
    shared, fitted = counts @ part, means @ part
    below, above = stats.poisson.cdf(shared, fitted), stats.poisson.sf(shared - 1, fitted)
    np.testing.assert_allclose(found, np.where(shared < fitted, below, above), rtol=1e-10)
    assert found[0, 0] == pytest.approx(np.exp(-fitted[0, 0]))


def choose_plainly(table, threshold):
    """One table, one candidate, one fit at a time: the rule as it is described."""
    design = build_design(table.lists)
    model = design.independence.copy()
    while True:
        means = fit_one(table, model).means
        chances = weigh_overlaps(table.counts[None, :], means, design)[0]
        for place in np.argsort(chances, kind="stable"):
            if chances[place] > threshold:
                return model
            trial = model.copy()
            trial[design.pairs[place]] = True
            if not model[design.pairs[place]] and fit_one(table, trial).code[0] == 0:
                model = trial
                break
        else:
            return model


def test_stepwise_choice_follows_its_description(oracles) -> None:
    for name in oracles.published():
        table = read_captures(oracles.lists(name))
        design = build_design(table.lists)
        for threshold in (1e-6, 0.02, 0.3):
            models, fits = choose_stepwise(design, table.counts[None, :], threshold)
            np.testing.assert_array_equal(models[0], choose_plainly(table, threshold), name)
            assert fits.total[0] == pytest.approx(fit_one(table, models[0]).total[0])


def test_stepwise_choice_of_many_tables_is_that_of_each(oracles) -> None:
    table = read_captures(oracles.lists("netherlands_5list"))
    design = build_design(5)
    drawn = np.random.default_rng(3).multinomial(table.seen, table.counts / table.seen, 25)
    models, fits = choose_stepwise(design, drawn.astype(float))
    assert len(np.unique(models, axis=0)) > 3
    for row, counts in enumerate(drawn.astype(float)):
        alone, fit = choose_stepwise(design, counts[None, :])
        np.testing.assert_array_equal(alone[0], models[row])
        assert fit.total[0] == pytest.approx(fits.total[row], rel=1e-8)


def test_a_pair_that_cannot_be_answered_is_passed_over(oracles) -> None:
    table = read_captures(oracles.lists("artificial_3list"))
    design = build_design(3)
    models, fits = choose_stepwise(design, table.counts[None, :], threshold=1.0)
    assert fits.code[0] == 0
    assert not models[0, design.effects.index(3)]
    assert models[0, design.effects.index(5)]


def test_the_older_choice_reproduces_its_published_models(oracles) -> None:
    found = 0
    for name, table, model, oracle in fixed_models(oracles):
        if oracle["model"] != "AIC stepwise 5%":
            continue
        chosen, path = choose_by_aic(build_design(table.lists), table.counts)
        np.testing.assert_array_equal(chosen, model, name)
        order = [
            {place for i, place in enumerate(table.names) if effect >> i & 1} for effect in path
        ]
        assert order == [set(pair.split(":")) for pair in oracle["interactions"]], name
        found += 1
    assert found == 2


def test_the_best_by_bic_is_the_first_of_the_list(oracles) -> None:
    table = read_captures(oracles.lists("uk2013_4list"))
    design = build_design(4)
    models = list_models(design)
    best, total = choose_by_bic(design, np.tile(table.counts, (2, 1)), models)
    listed = list_estimates(design, table.counts)
    assert write_model(models[best[0]], design) == listed["model"][0]
    assert total[1] == pytest.approx(listed["total"][0])
    assert listed["bic"].is_monotonic_increasing
    none, nothing = choose_by_bic(design, np.zeros((1, 15)), models)
    assert none[0] == -1
    assert np.isnan(nothing[0])


def test_deviance_falls_with_every_effect_and_the_observed_are_fitted(oracles) -> None:
    table = read_captures(oracles.lists("uk2013_4list"))
    listed = list_estimates(build_design(4), table.counts).set_index("model")
    assert listed.loc["[1,2,3,4]", "deviance"] == listed["deviance"].max()
    design = build_design(4)
    model = read_model("[12,34]", design)
    made = fit_one(table, model)
    np.testing.assert_allclose(
        made.means[0] @ design.matrix[:, model], table.counts @ design.matrix[:, model]
    )
    assert made.total[0] == pytest.approx(made.means[0].sum() + made.hidden[0])
