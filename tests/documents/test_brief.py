from __future__ import annotations

import dataclasses
import io
import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from pypdf import PdfReader

from analysis.assessment import Profile, load_profile, make_profile
from analysis.assessment.confidence import FEW_CASES, OLD_AFTER_MONTHS, WIDE_POINTS
from analysis.catalog import load_areas
from analysis.documents.briefs import TEMPLATE, write_briefs
from analysis.documents.briefs.municipal import compose_municipal, most_relevant_gap
from analysis.documents.briefs.municipal_findings import (
    applications_evidence,
    registered_evidence,
    residents_evidence,
    title_sentence,
)
from analysis.documents.evidence import judge_evidence
from analysis.documents.face import provenance
from analysis.documents.model import Document, Figure, Section
from analysis.documents.notice import standing_title
from analysis.documents.paper import TAGS, PaperError
from analysis.documents.pdf import to_pdf
from analysis.documents.protection_words import policy_in_short
from analysis.documents.word import to_docx
from analysis.documents.word_template import build_template
from analysis.documents.wording import Wording
from analysis.sources.boundary_files import workspace_boundaries
from analysis.store.files import OBSERVATIONS, read_table
from analysis.store.read import read_public
from analysis.text import LANGUAGES, find_language, format_count, parse_number, translator
from analysis.workspace import Workspace

FINDINGS = (residents_evidence, registered_evidence, applications_evidence)
RUN = "20260105T0600Z-0a1b2c"
MAX_WORDS, MAX_PAGES, MAX_TITLE_WORDS = 1400, 2, 14
# A number that stands alone: not inside a name, an address, a hash or a date with hyphens.
NUMBER = re.compile(r"(?<![\w/.,-])[+−]?\d+(?:[.,]\d+)*(?![\w/])")
YEAR = re.compile(r"(19|20)\d\d")
ON_THE_MAP = re.compile(r"^[1-5]{1,2}( [1-5])?$", re.MULTILINE)
PAGE_OF_PAGES = re.compile(r"\d+ / \d+")
LIST_NUMBER = re.compile(r"\[[a-z]\]")
# One whose counts are withheld in each year, one with shown and withheld years, one that UNHCR
# does not name, one with a jump, the longest name.
PLACES = ("ohrid", "kumanovo", "zhelino", "gevgelija", "MK-607")


@dataclass(frozen=True)
class Made:
    document: Document
    word: bytes
    pdf: bytes


@pytest.fixture(scope="module")
def kumanovo(workspace: Workspace) -> dict[str, Made]:
    return {language: make(workspace, "kumanovo", language) for language in ("mk", "en")}


def compose(workspace: Workspace, area: str, language: str) -> tuple[Profile, Document]:
    profile = load_profile(workspace, area)
    origin = provenance(profile, workspace, RUN)
    return profile, compose_municipal(profile, language, workspace_boundaries(workspace), origin)


def make(workspace: Workspace, area: str, language: str) -> Made:
    _, document = compose(workspace, area, language)
    return Made(document, to_docx(document), to_pdf(document))


def word_text(content: bytes) -> str:
    """All text of the body, cells included, in reading order."""
    body = docx.Document(io.BytesIO(content)).element.body
    return "\n".join("".join(t.text or "" for t in p.iter(qn("w:t"))) for p in body.iter(qn("w:p")))


def pdf_text(content: bytes) -> str:
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    # The numbers of classes on the map stand in the order of names, which languages differ in.
    return ON_THE_MAP.sub("", text)


def without_foreign_numbers(text: str, document: Document) -> list[str]:
    """The numbers of a text but those of titles, addresses, versions and pages, as written."""
    tokens = Counter(NUMBER.findall(PAGE_OF_PAGES.sub("", text)))
    cells = [cell for row in table(document, "sources").rows for cell in row]
    foreign = [*map(str, cells), document.provenance.version]
    tokens -= Counter(token for cell in foreign for token in NUMBER.findall(cell))
    return list(tokens.elements())


def without_policy(text: str, language: str) -> str:
    """The text without the sentences of the policy, whose numbers are rules and not figures."""
    said = str(policy_in_short(Wording(translator(language))))
    flat = " ".join(text.split())
    assert said in flat
    return flat.replace(said, "")


def numbers(text: str, document: Document) -> Counter[float]:
    written = without_foreign_numbers(text, document)
    return Counter(parse_number(token.lstrip("+"), document.language) for token in written)


def table(document: Document, name: str):
    return next(b for b in document.section(name).blocks if getattr(b, "name", "") == name)


def is_figure(block) -> bool:
    return isinstance(block, Figure)


def with_alt(document: Document, alt: str) -> Document:
    figure = document.section("chart").blocks[0]
    assert isinstance(figure, Figure)
    blind = Figure(dataclasses.replace(figure.picture, alt=alt))
    return dataclasses.replace(document, sections=(Section("chart", "Chart", (blind,)),))


def test_bound_values_are_the_same_in_both_languages(kumanovo: dict[str, Made]) -> None:
    mk, en = (
        [(n.value, n.reference, n.state) for n in kumanovo[language].document.numbers]
        for language in ("mk", "en")
    )
    assert mk == en
    assert len(mk) >= 20


@pytest.mark.parametrize("kind", ["word", "pdf"])
def test_files_hold_the_same_numbers_in_both_languages(
    kumanovo: dict[str, Made], kind: str
) -> None:
    read = word_text if kind == "word" else pdf_text
    mk, en = (
        numbers(read(getattr(kumanovo[language], kind)), kumanovo[language].document)
        for language in ("mk", "en")
    )
    assert mk == en
    assert {98104.0, 105484.0, -7380.0, -7.0} <= set(mk)


@pytest.mark.parametrize("language", ["mk", "en"])
@pytest.mark.parametrize("kind", ["word", "pdf"])
def test_every_bound_number_stands_in_the_file(
    kumanovo: dict[str, Made], language: str, kind: str
) -> None:
    made = kumanovo[language]
    text = (word_text if kind == "word" else pdf_text)(getattr(made, kind))
    flat = " ".join(text.split())
    missing = [n for n in made.document.numbers if " ".join(n.text.split()) not in flat]
    assert not missing


@pytest.mark.parametrize("language", ["mk", "en"])
@pytest.mark.parametrize("area", PLACES)
def test_no_number_of_the_word_file_is_typed(
    workspace: Workspace, area: str, language: str
) -> None:
    _, document = compose(workspace, area, language)
    text = without_policy(LIST_NUMBER.sub("", word_text(to_docx(document))), language)
    bound = {token for n in document.numbers for token in NUMBER.findall(n.text)}
    # Rules, not figures: the bounds of the rule of confidence.
    rules = {str(OLD_AFTER_MONTHS), str(FEW_CASES), f"{WIDE_POINTS:.0f}"}
    loose = {
        token
        for token in without_foreign_numbers(text, document)
        if token not in bound | rules and not YEAR.fullmatch(token)
    }
    assert not loose


@pytest.mark.parametrize("language", ["mk", "en"])
@pytest.mark.parametrize("area", PLACES)
def test_brief_is_short(workspace: Workspace, area: str, language: str) -> None:
    made = make(workspace, area, language)
    assert len(word_text(made.word).split()) <= MAX_WORDS
    assert len(PdfReader(io.BytesIO(made.pdf)).pages) <= MAX_PAGES
    title = made.document.title.replace("[en] ", "").replace("\N{NO-BREAK SPACE}", "")
    assert len(title.split()) <= MAX_TITLE_WORDS


@pytest.mark.parametrize("language", ["mk", "en"])
def test_each_key_message_has_a_figure(workspace: Workspace, language: str) -> None:
    for area in PLACES:
        _, document = compose(workspace, area, language)
        items = document.section("key").blocks[0].items
        assert len(items) == 3
        assert all(any(n.value is not None for n in item.numbers) for item in items)


def test_title_says_which_way_without_a_verdict(workspace: Workspace) -> None:
    _, fell = compose(workspace, "kumanovo", "en")
    _, rose = compose(workspace, "butel", "en")
    assert fell.title == "Resident population of Kumanovo fell by 7.0\xa0% between 2002 and 2021"
    assert rose.title == "Resident population of Butel rose by 5.0\xa0% between 2002 and 2021"


def test_every_municipality_has_its_findings_in_every_language(workspace: Workspace) -> None:
    data = read_public(workspace)
    for area in load_areas().at_level("municipality"):
        profile = make_profile(data, area.area_id)
        for language in LANGUAGES:
            w = Wording(translator(language))
            found = [make(profile, w) for make in FINDINGS]
            assert all(str(evidence.claim).endswith(".") for evidence in found)
            title = str(title_sentence(profile, w)).replace("[en] ", "")
            assert len(title.replace("\N{NO-BREAK SPACE}", "").split()) <= MAX_TITLE_WORDS


@pytest.mark.parametrize("area", ["ohrid", "prilep", "kumanovo"])
@pytest.mark.parametrize("language", ["mk", "en"])
def test_withheld_values_never_appear(workspace: Workspace, area: str, language: str) -> None:
    profile = load_profile(workspace, area)
    public = read_table(workspace.public / OBSERVATIONS)
    here = public["area_id"].eq(profile.area.area_id)
    withheld = set(public.loc[here & public["state"].eq("suppressed"), "observation_id"])
    assert withheld, "the case has to have withheld cells"
    made = make(workspace, area, language)
    shown = {n.reference: n for n in made.document.numbers}
    assert all(shown[reference].value is None for reference in withheld & set(shown))
    # Axes write numbers too; they are ticks, not figures.
    drawn = [b.picture.svg for x in made.document.sections for b in x.blocks if is_figure(b)]
    ticks = {tick for svg in drawn for tick in re.findall(r">([^<>]+)</text>", svg)}
    for text in (word_text(made.word), pdf_text(made.pdf)):
        plain = PAGE_OF_PAGES.sub("", LIST_NUMBER.sub("", without_policy(text, language)))
        small = set(re.findall(r"(?<![\w.,/−+-])[1-9](?![\w.,/])", plain))
        assert not small - ticks, f"a number under ten stands alone in the brief of {area}"


def test_withheld_year_is_said(workspace: Workspace) -> None:
    _, document = compose(workspace, "ohrid", "en")
    said = " ".join(str(b.sentence) for b in document.section("evidence").blocks)
    assert "× withheld" in said
    assert "too small to publish" in said


def test_pdf_is_tagged_and_says_its_language(kumanovo: dict[str, Made]) -> None:
    for language, made in kumanovo.items():
        reader = PdfReader(io.BytesIO(made.pdf))
        root = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712  # a PDF object, not a bool
        assert "/StructTreeRoot" in root
        assert root["/Lang"] == TAGS[language]
        assert "<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data().decode()
        assert reader.metadata["/Title"] == standing_title(
            made.document.title, None, translator(language)
        )
        assert reader.metadata["/Author"] == "Patokaz"
        assert f"run_id={RUN}" in reader.metadata["/Keywords"]
        assert made.document.provenance.data_sha256 in reader.metadata["/Keywords"]


def test_pdf_has_headings_head_rows_and_described_pictures(kumanovo: dict[str, Made]) -> None:
    made = kumanovo["en"]
    reader = PdfReader(io.BytesIO(made.pdf))
    kinds: Counter[str] = Counter()
    alternatives: set[str] = set()
    waiting = [reader.trailer["/Root"]["/StructTreeRoot"]]
    while waiting:
        node = waiting.pop().get_object()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            kinds[str(node.get("/S", ""))] += 1
            alternatives.add(str(node.get("/Alt", "")))
            waiting += [node["/K"]] if "/K" in node else []
    assert kinds["/H1"] == len(made.document.sections)
    assert kinds["/H2"] == 3
    assert kinds["/TH"] == 10
    pictures = [b.picture for s in made.document.sections for b in s.blocks if is_figure(b)]
    assert {p.alt for p in pictures} <= alternatives


@pytest.mark.parametrize("language", ["sq", "sr-Cyrl", "sr-Latn"])
def test_other_languages_are_written_too(workspace: Workspace, language: str) -> None:
    made = make(workspace, "gevgelija", language)
    root = PdfReader(io.BytesIO(made.pdf)).trailer["/Root"]
    assert str(root["/Lang"]).startswith(find_language(language).code[:2])
    assert format_count(4900, find_language(language)) in word_text(made.word)


def test_picture_without_alternative_is_refused(kumanovo: dict[str, Made]) -> None:
    blind = with_alt(kumanovo["en"].document, "")
    with pytest.raises(PaperError, match=r"missing alt text.*Give each picture a text alternative"):
        to_pdf(blind)
    with pytest.raises(PaperError, match="'change' has no text alternative"):
        to_docx(blind)


def test_text_is_never_taken_for_a_command(kumanovo: dict[str, Made]) -> None:
    hostile = '#panic("x") <b>&amp; {{ title }} {% raw %} $x$ *b* \\ @y'
    document = dataclasses.replace(kumanovo["en"].document, title=hostile, subtitle=hostile)
    assert hostile in word_text(to_docx(document))
    assert "".join(hostile.split()) in "".join(pdf_text(to_pdf(document)).split())


@pytest.mark.parametrize("language", ["mk", "en"])
def test_word_file_has_real_styles_and_language(kumanovo: dict[str, Made], language: str) -> None:
    made = kumanovo[language]
    word = docx.Document(io.BytesIO(made.word))
    by_style: dict[str, list[str]] = {}
    for paragraph in word.paragraphs:
        by_style.setdefault(paragraph.style.name, []).append(paragraph.text)
    assert by_style["Title"] == [made.document.title]
    assert by_style["Subtitle"] == [made.document.subtitle]
    assert by_style["Heading 1"] == [s.heading for s in made.document.sections]
    assert len(by_style["Heading 2"]) == 3
    assert len(by_style["List Bullet"]) == 9
    assert len(by_style["Caption"]) == 4
    defaults = word.styles.element.find(
        f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}/{qn('w:lang')}"
    )
    assert defaults.get(qn("w:val")) == TAGS[language]
    core = word.core_properties
    named = standing_title(made.document.title, None, translator(language))
    assert (core.title, core.language) == (named, TAGS[language])
    assert core.created == core.modified
    assert core.created.year == 1980
    assert RUN in core.comments
    assert made.document.provenance.data_sha256 in core.comments


def test_word_tables_repeat_their_head_row(kumanovo: dict[str, Made]) -> None:
    word = docx.Document(io.BytesIO(kumanovo["mk"].word))
    assert len(word.tables) == 2
    for written in word.tables:
        assert written.style.name == "Patokaz Table"
        flags = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") for row in written.rows]
        assert flags[0] is not None
        assert all(flag is None for flag in flags[1:])


def test_every_picture_of_the_word_file_is_described(kumanovo: dict[str, Made]) -> None:
    made = kumanovo["mk"]
    body = docx.Document(io.BytesIO(made.word)).element.body
    described = [holder.get("descr") for holder in body.iter(qn("wp:docPr"))]
    pictures = [b.picture for s in made.document.sections for b in s.blocks if is_figure(b)]
    assert described == [p.alt for p in pictures]
    assert all(described)


def test_draft_mark_and_origin_stand_in_both_files(kumanovo: dict[str, Made]) -> None:
    made = kumanovo["en"]
    for text in (word_text(made.word), pdf_text(made.pdf)):
        assert "nobody has released it yet" in text
        assert RUN in text
        assert made.document.provenance.data_sha256 in "".join(text.split())


SCRIPT = """
import sys
from pathlib import Path
from analysis.assessment import load_profile
from analysis.documents.briefs.municipal_findings import (
    applications_evidence,
    registered_evidence,
    residents_evidence,
    title_sentence,
)
from analysis.documents.briefs import write_briefs
from analysis.workspace import Workspace

space = Workspace(Path(sys.argv[1]))
for path in write_briefs(load_profile(space, "kumanovo"), "mk", space, sys.argv[2]):
    print(path)
"""


def test_two_processes_in_two_folders_write_the_same_bytes(
    workspace: Workspace, tmp_path: Path
) -> None:
    made = []
    for name in ("one", "two"):
        root = tmp_path / name
        shutil.copytree(workspace.public, Workspace(root).public)
        shutil.copytree(workspace.brief_templates, Workspace(root).brief_templates)
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, str(root), RUN],
            capture_output=True,
            text=True,
            check=True,
            cwd=root,
        )
        files = [Path(line) for line in done.stdout.splitlines()]
        assert [f.name for f in files] == [
            "kumanovo_mk.docx",
            "kumanovo_mk.pdf",
            "kumanovo_mk.html",
        ]
        assert sorted(Workspace(root).own_briefs.iterdir()) == sorted(files)
        made.append([f.read_bytes() for f in files])
    assert made[0] == made[1]


def test_nothing_is_written_when_one_of_the_pair_fails(
    workspace: Workspace, tmp_path: Path
) -> None:
    space = Workspace(tmp_path)
    shutil.copytree(workspace.public, space.public)
    space.brief_templates.mkdir(parents=True)
    docx.Document().save(str(space.brief_templates / TEMPLATE))
    with pytest.raises(PaperError, match="lacks the styles"):
        write_briefs(load_profile(space, "kumanovo"), "en", space, RUN)
    assert not space.own_briefs.exists()


def test_shipped_template_is_what_the_script_makes(checkout: Path) -> None:
    shipped = (Workspace(checkout).brief_templates / TEMPLATE).read_bytes()
    with (
        zipfile.ZipFile(io.BytesIO(shipped)) as a,
        zipfile.ZipFile(io.BytesIO(build_template())) as b,
    ):
        assert {n: a.read(n) for n in a.namelist()} == {n: b.read(n) for n in b.namelist()}
    assert build_template() == build_template()


def test_template_of_an_institution_is_used(kumanovo: dict[str, Made], tmp_path: Path) -> None:
    own = docx.Document(io.BytesIO(build_template()))
    own.paragraphs[0].insert_paragraph_before("Municipality of Nowhere")
    path = tmp_path / "own.docx"
    own.save(str(path))
    text = word_text(to_docx(kumanovo["en"].document, path))
    assert text.startswith("Municipality of Nowhere")
    assert kumanovo["en"].document.title in text


@pytest.mark.parametrize(
    ("place", "sentence"),
    [("{{ heading }}", "'heading' is undefined.*Correct the place"), ("no place", "holds only")],
)
def test_wrong_template_is_refused(
    kumanovo: dict[str, Made], tmp_path: Path, place: str, sentence: str
) -> None:
    own = docx.Document(io.BytesIO(build_template()))
    next(p for p in own.paragraphs if "body" in p.text).text = place
    path = tmp_path / "own.docx"
    own.save(str(path))
    with pytest.raises(PaperError, match=sentence):
        to_docx(kumanovo["en"].document, path)


def test_confidence_names_its_reasons(workspace: Workspace) -> None:
    profile = load_profile(workspace, "gevgelija")
    w = Wording(translator("en"))
    census, registered, national = (make(profile, w) for make in FINDINGS)

    def steps(evidence):
        return judge_evidence(evidence, profile.data, profile.data_date).steps

    assert steps(census) == ("old", "second_hand", "changed")
    assert steps(registered) == ("changed",), "a jump from 31 to 4,900 is a change of coverage"
    assert steps(national) == ()


def test_unconfirmed_headline_is_the_first_gap(workspace: Workspace) -> None:
    gaps = load_profile(workspace, "gevgelija").gaps
    assert most_relevant_gap(gaps).indicator.indicator_id == "resident_population_persons"
    others = tuple(g for g in gaps if g.indicator.indicator_id != "resident_population_persons")
    assert most_relevant_gap(others).kind == "withheld"
