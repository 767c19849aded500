"""Parameters are declared once, in the notebook; other names and values are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from analysis.suite.parameters import ParameterError, accept_parameters, read_parameters

if TYPE_CHECKING:
    from pathlib import Path

PROFILE = "02_municipal_profile"


@pytest.fixture(scope="module")
def notebook(checkout: Path) -> Path:
    return checkout / "notebooks" / f"{PROFILE}.ipynb"


def _notebook(folder: Path, source: str, *, tagged: bool = True) -> Path:
    cell = new_code_cell(source)
    cell["metadata"]["tags"] = ["parameters"] if tagged else []
    path = folder / "own.ipynb"
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    nbformat.write(new_notebook(cells=[cell], metadata=kernel), path)
    return path


def test_the_profile_declares_its_four_parameters(notebook: Path) -> None:
    declared = read_parameters(notebook)
    assert {n: p.kind for n, p in declared.items()} == {
        "area": "Municipality",
        "language": "Language",
        "edition": "Edition",
        "reference_period": "ReferenceYear",
    }
    assert all(p.help and p.allowed for p in declared.values())


def test_defaults_are_values_that_are_allowed(notebook: Path) -> None:
    declared = read_parameters(notebook)
    assert accept_parameters(declared, {}, PROFILE) == {
        "area": "MK-703",
        "language": "mk",
        "edition": "public",
        "reference_period": 2025,
    }


def test_a_name_in_any_language_becomes_the_code(notebook: Path) -> None:
    declared = read_parameters(notebook)
    assert accept_parameters(declared, {"area": "Гевгелија"}, PROFILE)["area"] == "MK-405"


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"aera": "kumanovo"}, r"'aera' is not a parameter of .*Did you mean 'area'\?"),
        ({"area": "Atlantis"}, r"Parameter 'area': 'Atlantis' is not a municipality"),
        ({"language": "fr"}, r"Parameter 'language': 'fr' is not a language"),
        ({"edition": "secret"}, r"Parameter 'edition': 'secret' is not an edition. Use one of: pu"),
        ({"reference_period": 2050}, r"2050 is not a year from 2021 to 2025"),
        ({"reference_period": "2025"}, r"'2025' is not a year. Write it as a whole number"),
        ({"reference_period": True}, r"True is not a year"),
    ],
)
def test_what_is_not_allowed_is_a_sentence(
    notebook: Path, given: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ParameterError, match=sentence):
        accept_parameters(read_parameters(notebook), given, PROFILE)


def test_an_unknown_kind_is_refused(tmp_path: Path) -> None:
    path = _notebook(tmp_path, 'area: "Village" = "x"  # a place')
    with pytest.raises(ParameterError, match="parameter 'area' has the kind 'Village'"):
        read_parameters(path)


def test_a_notebook_without_parameters_is_refused(tmp_path: Path) -> None:
    path = _notebook(tmp_path, "area = 1", tagged=False)
    with pytest.raises(ParameterError, match="own.ipynb declares no parameters"):
        read_parameters(path)


def test_a_notebook_without_a_kernel_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "own.ipynb"
    cell = new_code_cell("area = 1")
    cell["metadata"]["tags"] = ["parameters"]
    nbformat.write(new_notebook(cells=[cell]), path)
    with pytest.raises(ParameterError, match="own.ipynb cannot be read: No kernel name.*choose a"):
        read_parameters(path)


def test_a_missing_notebook_names_those_there_are(notebook: Path) -> None:
    with pytest.raises(
        ParameterError, match=f"no notebook '99' in notebooks/. There is: .*{PROFILE}"
    ):
        read_parameters(notebook.with_name("99.ipynb"))
