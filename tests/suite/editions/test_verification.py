"""An edition and each file of it are accepted untouched; of a tampered one the place is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis.suite.verification import VerifyError, verify_path

PAGE = "site/en/kumanovo/index.html"


@pytest.fixture
def edition(published):
    return published.editions / "0001"


def tamper(edition, path, old, new):
    # Files of an edition are links to those of the run: a new file, as an editor writes it.
    file = edition / path
    content = file.read_bytes()
    assert old in content
    file.unlink()
    file.write_bytes(content.replace(old, new))
    return file


def test_an_untouched_edition_is_accepted_by_number_and_by_folder(published, edition) -> None:
    for subject in (Path("1"), edition):
        verdict = verify_path(subject, published)
        assert verdict.is_intact, verdict.findings
        assert verdict.subject == "edition 1"
        assert verdict.files > 4


def test_the_changed_sentence_of_a_page_is_named(published, edition) -> None:
    tamper(
        edition, PAGE, b'value="7" data-observation="o1">7<', b'value="7" data-observation="o1">8<'
    )
    (sentence,) = verify_path(edition, published).findings

    assert sentence.startswith(f"'{PAGE}' was changed (bytes 0 to ")
    assert "sentence 1 now says '8'" in sentence


def test_without_a_copy_the_changed_file_is_named(edition) -> None:
    tamper(edition, PAGE, b">7<", b">8<")

    assert verify_path(edition, None).findings == (
        f"'{PAGE}' was changed after edition 1 was published.",
    )


def test_a_missing_and_an_added_file_are_told(published, edition) -> None:
    (edition / PAGE).unlink()
    (edition / "site" / "extra.html").write_text("x", encoding="utf-8")

    assert verify_path(edition, published).findings == (
        f"'{PAGE}' is missing.",
        "'site/extra.html' is in the edition and not on its list: somebody added it.",
    )


def test_a_file_that_was_sent_is_known_by_its_bytes(published, edition, tmp_path) -> None:
    sent = tmp_path / "renamed.html"
    sent.write_bytes((edition / PAGE).read_bytes())
    verdict = verify_path(sent, published)

    assert verdict.is_intact
    assert verdict.known == "edition 1"
    assert verdict.made_from["as"] == PAGE


def test_a_sent_file_that_was_changed_is_known_by_its_name(published, tmp_path) -> None:
    sent = tmp_path / "kumanovo_en.docx.txt"
    sent.write_bytes(b"kumanovo xx")
    (sentence,) = verify_path(sent, published).findings

    assert sentence == (
        "'kumanovo_en.docx.txt' was changed (bytes 0 to 10): line 1 now says 'kumanovo xx'."
    )


def test_a_number_without_an_edition_is_a_sentence(published) -> None:
    with pytest.raises(VerifyError, match="or the number of an edition as `patokaz editions`"):
        verify_path(Path("99"), published)
