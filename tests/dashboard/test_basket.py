"""The basket worked out: the numbers of the dashboards, what is gone, and files that verify."""

from __future__ import annotations

import base64
import io
import zipfile
from collections import Counter

import docx
import pytest
from lxml import html

from analysis import open_dashboard
from analysis.assessment import load_profile
from analysis.assessment.migration import load_migration
from analysis.dashboard.basket import BasketMaker
from analysis.dashboard.basket_answers import answer_basket
from analysis.dashboard.basket_findings import name_statements
from analysis.dashboard.basket_notebook import Basket
from analysis.dashboard.migration import MigrationDashboard
from analysis.dashboard.registry import find_kind, list_dashboards
from analysis.documents.basket.compose import compose_basket
from analysis.documents.basket.entries import BasketError, Entry, parse_reference, write_entries
from analysis.documents.basket.export import write_word
from analysis.documents.basket.found import list_subjects
from analysis.documents.model import Provenance
from analysis.documents.seals.manifest import MANIFEST, read_manifest
from analysis.documents.seals.seal import find_change
from analysis.documents.traces import find_numbers
from analysis.documents.views import PLAIN
from analysis.documents.word_template import build_template
from analysis.documents.wording import Wording
from analysis.suite.verification import verify_path
from analysis.text import translator

PROFILE = "municipal_profile?area=kumanovo"
MIGRATION = "migration?area=serbia&period=2021-2025"
CHOSEN = "migration?area=serbia&figure=asylum_applications_persons&period=2021-2025"
COLLECTED = (
    (f"{PROFILE}#finding:residents", "The council asked for it in 2025."),
    (f"{PROFILE}#picture:change", ""),
    (f"{PROFILE}#table:residents", "Some 40 persons more."),
    (f"{CHOSEN}#table:figure", ""),
)
# Read with the forecasts of its topic, which take their time.
BELOW = (f"{MIGRATION}#table:newest_flow", "")
GONE = "municipal_profile?area=kumanovo#table:was_there_once"


def entries_of(*pairs):
    return tuple(Entry(parse_reference(text), line) for text, line in pairs)


@pytest.fixture(scope="module")
def maker(workspace):
    return BasketMaker(workspace)


@pytest.fixture(scope="module")
def bundle(maker):
    return maker.export(entries_of(*COLLECTED), "en", "zip")


def unpack(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def numbers_of(markup, xpath):
    tree = html.fromstring(f"<main>{markup}</main>")
    found = tree.xpath(f"{xpath}//*[@data-observation or @data-inputs]")
    return [
        (e.get("data-observation") or e.get("data-inputs"), " ".join(e.text_content().split()))
        for e in found
    ]


def whole_view(name, query, workspace):
    """All that a dashboard shows of a choice, as markup."""
    dashboard = open_dashboard(f"{name}?{query}", workspace)
    w = Wording(translator(dashboard.choice.language.code))
    live = dashboard._live("")
    return dashboard.figures_html(w, live) + dashboard.rest_html(w, live)


def offered_in(markup):
    """What the script of the page puts a button beside: kind and name."""
    tree = html.fromstring(f"<main>{markup}</main>")
    return {
        *(("picture", e.get("data-picture")) for e in tree.xpath("//figure[@data-picture]")),
        *(
            ("table", e.get("data-table"))
            for e in tree.xpath("//table[@data-table]")
            if e.get("data-table") not in PLAIN
        ),
        *(("finding", e.get("data-finding")) for e in tree.xpath("//*[@data-finding]")),
    }


SHORT = {"trafficking": "period=2021-2025", "migration": "period=2021-2025"}


@pytest.mark.slow
@pytest.mark.parametrize("name", list_dashboards())
def test_all_that_a_dashboard_shows_can_be_collected_and_is_named_once(
    name, maker, workspace
) -> None:
    kind = find_kind(name)
    query = f"{SHORT.get(name, '')}&language=en".removeprefix("&")
    view = f"{name}?{kind.read(query).choice.write_without(('language',))}"
    offers = [(k, n) for k, n, _ in list_subjects(maker.compose_view(view, "en"), PLAIN)]

    assert Counter(offers).most_common(1)[0][1] == 1
    shown = offered_in(whole_view(name, query, workspace))
    assert shown
    assert shown <= set(offers)


@pytest.mark.slow
def test_below_the_first_view_the_figure_that_is_chosen_changes_nothing(workspace) -> None:
    dashboard = open_dashboard("migration?area=serbia&period=2021-2025&language=en", workspace)
    words = dashboard.frame()

    assert words["collect_rest"] == "migration?area=serbia&period=2021-2025"
    assert words["collect_top"] == (
        "migration?area=serbia&figure=asylum_applications_persons&period=2021-2025"
    )
    assert '<div class="part" data-rest' in dashboard.rest_html(
        Wording(translator("en")), dashboard._live("")
    )


@pytest.mark.slow
@pytest.mark.parametrize("language", ["mk", "sq", "en", "sr-Latn", "sr-Cyrl"])
def test_the_document_prints_the_numbers_of_the_dashboards(language, maker, workspace) -> None:
    made = maker.export(entries_of(*COLLECTED, BELOW), language, "docx")
    in_document = Counter(
        (" ".join(n.observations), n.text) for n in find_numbers(made.name, made.content)
    )
    profile = whole_view("municipal_profile", f"area=kumanovo&language={language}", workspace)
    moves = whole_view("migration", f"area=serbia&period=2021-2025&language={language}", workspace)
    wanted = [
        *numbers_of(profile, "//*[@data-finding='residents']"),
        *numbers_of(profile, "//table[@data-table='residents']"),
        *numbers_of(moves, "//table[@data-table='newest_flow']"),
        *numbers_of(moves, "//table[@data-table='figure']"),
    ]

    assert len(wanted) > 20
    assert in_document == Counter(wanted)


def test_what_stands_above_does_not_wait_for_the_topic(maker, monkeypatch) -> None:
    def read(*_):
        pytest.fail("The topic was read for a figure that stands above it.")

    monkeypatch.setattr(MigrationDashboard, "read", read)
    text = CHOSEN.replace("2021", "2020")
    described, _ = maker.describe(entries_of((f"{text}#table:figure", "")), "en")

    assert described[0]["exists"] is True
    assert described[0]["heading"].startswith("Asylum applications in the year: Serbia")


def test_the_document_of_a_municipality_prints_the_numbers_of_its_dashboard(
    maker, workspace
) -> None:
    made = maker.export(entries_of(*COLLECTED[:3]), "en", "docx")
    dashboard = open_dashboard("municipal_profile?area=kumanovo&language=en", workspace)
    markup = dashboard.figures_html(Wording(translator("en")), dashboard._live(""))
    wanted = numbers_of(markup, "//table[@data-table='residents']")
    found = [(" ".join(n.observations), n.text) for n in find_numbers(made.name, made.content)]

    assert len(wanted) == 12
    assert found[-12:] == wanted


def test_the_document_says_where_all_of_it_comes_from(maker) -> None:
    made = maker.export(entries_of(*COLLECTED), "en", "docx")
    word = docx.Document(io.BytesIO(made.content))
    said = [p.text for p in word.paragraphs]
    whole = "\n".join(said)

    assert any(text.startswith("Draft for discussion") for text in said)
    assert "Confidence:\N{NO-BREAK SPACE}low" in whole
    assert "From:\N{NO-BREAK SPACE}Kumanovo: municipal profile · Source:" in whole
    assert "Data as of:\N{NO-BREAK SPACE}2022-03-30" in whole
    assert "Written by a person, not made from the figures: The council asked" in whole
    assert whole.count("typed and cannot be traced") == 1
    assert "typed and cannot be traced: 40." in whole
    order = [
        whole.index(t)
        for t in ("Residents fell by less", "as a tick", "Residents of Kumanovo, of its region")
    ]
    assert order == sorted(order)
    assert made.name == "collected_en.docx"


def test_the_order_of_the_basket_is_that_of_the_document(maker) -> None:
    pair = entries_of((f"{PROFILE}#table:residents", ""), (f"{PROFILE}#finding:residents", ""))

    def places(entries):
        content = maker.export(entries, "en", "zip").content
        text = unpack(content)["collected_en.html"].decode()
        return text.index('data-table="residents"'), text.index("Residents fell by less")

    table, finding = places(pair)
    assert table < finding
    table, finding = places(pair[::-1])
    assert finding < table


def test_what_does_not_exist_any_more_is_said_in_its_place(maker) -> None:
    pair = entries_of((GONE, ""), (f"{PROFILE}#table:residents", ""))
    described, notice = maker.describe(pair, "en")
    text = unpack(maker.export(pair, "en", "zip").content)["collected_en.html"].decode()

    assert [one["exists"] for one in described] == [False, True]
    assert notice == ""
    assert f"the published figures do not have it any more: {GONE}" in text
    assert text.index(GONE) < text.index('data-table="residents"')


@pytest.mark.parametrize(
    "text",
    [
        "nothing?area=kumanovo#table:residents",
        "municipal_profile?area=atlantis#table:residents",
        "municipal_profile?#table:residents",
        "municipal_profile?area=kumanovo&more=1#table:residents",
        "municipal_profile?area=kumanovo&area=butel#table:residents",
        "municipal_profile?area=MK-703#table:residents",
        "municipal_profile?area=kumanovo&language=sq#table:residents",
        "migration?period=2014-2025&area=serbia#table:newest_flow",
        "migration?area=serbia&figure=no_such_figure&period=2014-2025#table:newest_flow",
        "compare?area=kumanovo&figure=change_pct&peers=similar&period=1899&order=name#table:compare",
        pytest.param(f"{MIGRATION}#table:figure", marks=pytest.mark.slow),
        pytest.param(f"{MIGRATION}#picture:figure", marks=pytest.mark.slow),
        f"{PROFILE}#picture:residents",
        f"{PROFILE}#table:change",
        f"{PROFILE}#finding:nobody",
    ],
)
def test_a_reference_stands_for_what_was_collected_or_for_nothing(text, maker) -> None:
    described, _ = maker.describe(entries_of((text, "")), "en")

    assert described[0]["exists"] is False
    assert described[0]["label"] == text


def test_a_list_says_what_each_entry_is(maker) -> None:
    pairs = [*COLLECTED[:3], (f"{CHOSEN}#table:figure", "As {0000} says.")]
    described, _ = maker.describe(entries_of(*pairs), "mk")

    assert [one["bare"] for one in described] == [[], [], ["40"], []]
    assert [bool(one["problem"]) for one in described] == [False, False, False, True]
    assert "{0000}" in described[3]["problem"]
    assert described[0]["label"].startswith("Куманово има помал пад")
    assert described[1]["title"] == "Куманово: општински профил"
    assert described[3]["address"].startswith("/dashboards/migration?area=serbia&figure=asylum")
    assert described[3]["address"].endswith("&language=mk")


def test_a_number_in_a_line_of_ones_own_is_filled_in_and_traced(maker, workspace) -> None:
    profile = load_profile(workspace, "kumanovo")
    here = profile.residents[0].after
    line = f"In 2021 there were {{{here.reference}}} of them."
    entry = entries_of((f"{PROFILE}#finding:residents", line))
    made = maker.export(entry, "en", "docx")
    traced = [n for n in find_numbers(made.name, made.content) if n.text == "98,104"]

    assert [n.observations for n in traced] == [(here.reference,)]
    assert maker.describe(entry, "en")[0][0]["bare"] == []


def test_a_line_with_an_unknown_number_and_an_empty_basket_are_refused(maker) -> None:
    wrong = entries_of((f"{PROFILE}#finding:residents", "As {0000} says."))

    with pytest.raises(BasketError, match=r"“\{0000\}” is no published figure"):
        maker.export(wrong, "en", "docx")
    with pytest.raises(BasketError, match="The basket is empty"):
        maker.export((), "en", "docx")
    with pytest.raises(BasketError, match="'pdf' is no form of a basket"):
        maker.export(wrong, "en", "pdf")


def test_the_bundle_has_every_file_sealed(bundle, workspace, tmp_path) -> None:
    held = unpack(bundle.content)
    manifest = read_manifest(held[MANIFEST])

    assert set(held) == {
        "basket.json",
        "collected_en.docx",
        "collected_en.html",
        "collected_en.pdf",
        "data/01_finding_en.csv",
        "data/02_residents_en.csv",
        "data/03_residents_en.csv",
        "data/04_figure_en.csv",
        "figures/02_change_en.pdf",
        "figures/02_change_en.png",
        "figures/02_change_en.svg",
        "figures/02_change_en.txt",
        "sources.bib",
        MANIFEST,
    }
    assert set(manifest.files) == set(held) - {MANIFEST}
    assert all(find_change(n, held[n], seal) is None for n, seal in manifest.files.items())
    assert len(manifest.made_from["data_sha256"]) == 64
    in_document = {
        o for n in find_numbers("a.docx", held["collected_en.docx"]) for o in n.observations
    }
    assert in_document == set(manifest.observations)
    assert b"restricted" not in bundle.content

    path = tmp_path / bundle.name
    path.write_bytes(bundle.content)
    assert verify_path(path, workspace).is_intact


def test_a_figure_that_somebody_changed_in_the_bundle_is_found(bundle) -> None:
    held = unpack(bundle.content)
    manifest = read_manifest(held[MANIFEST])
    name = "data/03_residents_en.csv"
    changed = held[name].replace(b"98104", b"98105")

    assert changed != held[name]
    assert find_change(name, changed, manifest.files[name]).label.startswith("line")


@pytest.mark.parametrize("form", ["docx", "zip"])
def test_the_same_basket_is_the_same_file(form, maker, workspace) -> None:
    entries = entries_of(*COLLECTED[:3])
    again = BasketMaker(workspace)

    assert maker.export(entries, "mk", form) == again.export(entries, "mk", form)


@pytest.mark.parametrize("name", ["brief.docx", "brief_basket.docx"])
def test_the_template_of_the_institution_is_used(name, workspace, own_workspace) -> None:
    changed = docx.Document(io.BytesIO(build_template()))
    changed.styles["Heading 1"].font.name = "Ministry Sans"
    folder = own_workspace.brief_templates
    folder.mkdir(parents=True, exist_ok=True)
    changed.save(folder / name)
    maker = BasketMaker(workspace)
    gathered = maker.gather(entries_of(COLLECTED[0]), "en")
    origin = Provenance("", "", "", "")
    document = compose_basket(gathered.items, gathered.data, gathered.w, origin)
    made = docx.Document(io.BytesIO(write_word(document, own_workspace, None)))

    assert made.styles["Heading 1"].font.name == "Ministry Sans"


def test_answers_are_lists_documents_or_sentences(maker) -> None:
    content = write_entries(entries_of(COLLECTED[0]))
    listed = answer_basket("list", "en", content, maker).held
    made = answer_basket("docx", "en", content, maker).held
    bundle = answer_basket("list", "en", "[]", maker)

    assert [one["kind"] for one in listed["entries"]] == ["finding"]
    assert base64.b64decode(made["content"]).startswith(b"PK")
    assert made["name"] == "collected_en.docx"
    assert bundle._repr_mimebundle_()["application/json"] == {"entries": [], "notice": ""}
    for action, language, asked, sentence in (
        ("docx", "en", "[]", "The basket is empty"),
        ("list", "en", "{}", "is no basket"),
        ("list", "xx", "[]", "xx"),
        ("list", "en", '[{"reference": "../rows"}]', "is no reference"),
    ):
        assert sentence in answer_basket(action, language, asked, maker).held["problem"]


@pytest.mark.slow
def test_findings_keep_their_names_when_one_before_them_falls_away(workspace) -> None:
    found = load_migration(workspace, "MK", "2014-2025")
    dashboard = open_dashboard("migration?area=north-macedonia&language=en", workspace)
    findings = dashboard.list_findings(found, Wording(translator("en")))
    claims = {f.name: str(f.evidence.claim) for f in findings}
    fewer = name_statements([f.evidence for f in findings[1:]], found)

    assert len(claims) == len(findings) > 3
    assert {f.name: str(f.evidence.claim) for f in fewer}.items() <= claims.items()


@pytest.mark.slow
def test_of_a_municipality_and_of_a_group_no_national_finding_is_offered(workspace) -> None:
    for view in ("migration?area=butel", "trafficking?area=butel", "migration?area=WB"):
        dashboard = open_dashboard(f"{view}&language=en&period=2021-2025", workspace)
        assert dashboard.list_findings(dashboard.found, Wording(translator("en"))) == ()


class TestNotebook:
    def test_it_is_collected_moved_and_written(self, workspace, tmp_path) -> None:
        profile = load_profile(workspace, "kumanovo")
        basket = Basket(workspace, "en")
        offers = dict(basket.list_offers(profile))

        assert basket.add("table:residents", profile) == 1
        assert basket.add("finding:residents", profile, "Own words.") == 2
        assert basket.add("table:residents", profile) == 2
        basket.move(2, -1)
        basket.annotate(2, "More words.")
        assert [str(e.reference) for e in basket.entries] == [
            f"{PROFILE}#finding:residents",
            f"{PROFILE}#table:residents",
        ]
        assert [e.line for e in basket.entries] == ["Own words.", "More words."]
        assert [one["label"] for one in basket.describe()] == [
            offers["finding:residents"],
            offers["table:residents"],
        ]
        for name in ("a.docx", "a.zip"):
            assert basket.write(tmp_path / name).read_bytes().startswith(b"PK")
        basket.remove(1)
        assert len(basket.entries) == 1

    @pytest.mark.slow
    def test_what_there_is_not_is_named_with_what_there_is(self, workspace, tmp_path) -> None:
        found = load_migration(workspace, "MK", "2021-2025")
        basket = Basket(workspace, "en")

        with pytest.raises(BasketError, match=r"table:nothing' is not in .* There are: finding:"):
            basket.add("table:nothing", found)
        with pytest.raises(BasketError, match=r"is not in the published figures\.$"):
            basket.add("migration?area=atlantis#table:flows")
        # The chart on top follows a menu that a reading has not.
        with pytest.raises(BasketError, match="picture:figure' is not in"):
            basket.add("picture:figure", found)
        with pytest.raises(BasketError, match=r"'a\.pdf' ends neither in \.docx nor in \.zip"):
            basket.write(tmp_path / "a.pdf")
        assert basket.entries == ()

    def test_its_buttons_do_what_they_say(self, workspace) -> None:
        profile = load_profile(workspace, "kumanovo")
        basket = Basket(workspace, "en")
        view = basket.show(profile)

        def press(word):
            button = next(b for b in buttons(view) if b.description == word and not b.disabled)
            button.click()

        press("Add to brief")
        assert [e.reference.name for e in basket.entries] == ["residents"]
        second = [b for b in buttons(view) if b.description == "Add to brief"][1]
        second.click()
        assert "Added; 2 in the basket." in texts(view)
        assert "In the basket: 2" in texts(view)
        press("Down")
        assert [e.reference.name for e in basket.entries] == ["registered", "residents"]
        fields = [f for f in walk(view) if type(f).__name__ == "Text"]
        fields[0].value = "Some 40 persons."
        assert basket.entries[0].line == "Some 40 persons."
        assert "cannot be traced: 40." in texts(view)
        fields = [f for f in walk(view) if type(f).__name__ == "Text"]
        fields[0].value = "a" * 400
        assert "has 400 characters" in texts(view)
        press("Take out")
        assert [e.reference.name for e in basket.entries] == ["residents"]


def walk(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


def buttons(view):
    return [w for w in walk(view) if type(w).__name__ == "Button"]


def texts(view):
    return " ".join(w.value for w in walk(view) if type(w).__name__ == "HTML")
