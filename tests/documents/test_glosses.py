from __future__ import annotations

import pytest

from analysis.catalog import load_glossary
from analysis.documents.glosses import EXPLAINED, mark_terms
from analysis.documents.page_parts import list_publishers, split_parts
from analysis.text import LANGUAGES

EN = LANGUAGES["en"]


def test_the_first_use_of_a_term_is_marked_and_explained_behind_its_paragraph():
    text = "<p>Asylum seekers came.</p><p>More asylum seekers came.</p>"

    assert mark_terms(text, EN, "flows") == (
        '<p><dfn class="term" tabindex="0" aria-describedby="flows-gloss-1">Asylum seekers</dfn> '
        'came.</p><p class="gloss" role="note" id="flows-gloss-1">Definition: <span lang="en">A '
        "foreigner who has applied for asylum and has no final decision yet.</span></p>"
        "<p>More asylum seekers came.</p>"
    )


def test_in_a_list_it_stands_inside_its_item():
    marked = mark_terms('<ul><li>Stateless persons: <data value="3">3</data></li></ul>', EN, "s")

    assert marked.startswith('<ul><li><dfn class="term"')
    assert marked.endswith("</span></span></li></ul>")
    assert '<data value="3">3</data>' in marked


@pytest.mark.parametrize(
    "text",
    [
        "<p>Nothing of that.</p>",
        '<p><a href="x">asylum seeker</a></p>',
        "<p><data value='1'>asylum seeker</data></p>",
        "<table><tr><td>asylum seeker</td></tr></table>",
        "<h2>Asylum seekers</h2>",
    ],
)
def test_what_is_no_text_of_a_sentence_stays_as_it_is(text):
    assert mark_terms(text, EN, "s") == text


@pytest.mark.parametrize(
    ("code", "sentence", "found"),
    [
        ("mk", "Жртвите на трговија со луѓе се заштитени.", "Жртвите на трговија со луѓе"),
        ("sq", "Kërkojnë azilkërkuesit.", "azilkërkuesit"),
        ("sr-Latn", "Broj žrtava trgovine ljudima raste.", "žrtava trgovine ljudima"),
        ("sr-Cyrl", "Број жртава трговине људима расте.", "жртава трговине људима"),
    ],
)
def test_endings_and_scripts_hide_no_term(code, sentence, found):
    marked = mark_terms(f"<p>{sentence}</p>", LANGUAGES[code], "s")

    assert f">{found}</dfn>" in marked
    assert sentence in marked.replace("</dfn>", "").partition('<p class="gloss"')[0].replace(
        marked[marked.index("<dfn") : marked.index(">", marked.index("<dfn")) + 1], ""
    )


def test_every_explanation_is_of_a_term_of_the_glossary_and_a_sentence():
    for term, said in EXPLAINED.items():
        assert load_glossary().get(term).term_en == term
        assert said.endswith(".")


def test_parts_have_the_names_and_headings_of_their_sections():
    body = ['<section id="a-b" x="1">\n<h2 id="y">One &amp; two</h2></section>', "<p>None</p>"]
    first, second = split_parts(body)

    assert (first.name, first.heading, first.markup) == ("a-b", "One & two", body[0])
    assert (second.name, second.heading) == ("", "")
    assert first.write_snippet("http://a/x?b=1&c=2", 'T "q"') == (
        '<iframe src="http://a/x?b=1&amp;c=2#embed-a-b" title="T &quot;q&quot;: One &amp; two" '
        'width="100%" height="900" style="border: 0" loading="lazy"></iframe>'
    )


def test_publishers_are_those_of_the_table_of_sources_each_once():
    rows = "".join(f'<tr><th scope="row">{name}</th></tr>' for name in ("A &amp; B", "C", "C"))
    other = '<table data-table="residents"><tr><th scope="row">D</th></tr></table>'

    assert list_publishers([other, f'<table data-table="sources">{rows}</table>']) == ["A & B", "C"]
    assert list_publishers([other]) == []
