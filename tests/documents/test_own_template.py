"""A ministry's own template: its styles and logo stay, and every kind of brief goes into it."""

from __future__ import annotations

import io
import os
import shutil
import struct
import zipfile
import zlib
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Pt, RGBColor
from lxml import etree
from pypdf import PdfReader

from analysis.assessment import load_profile
from analysis.assessment.migration import load_migration
from analysis.assessment.trafficking import load_trafficking
from analysis.documents.briefs import compose_brief, write_briefs
from analysis.documents.briefs.write import find_template
from analysis.documents.paper import TAGS, PaperError
from analysis.documents.word import to_docx
from analysis.documents.word_template import STYLES, build_template
from analysis.workspace import Workspace

PERIOD = "2014-2025"
KINDS = {
    "municipal": lambda space: load_profile(space, "kumanovo"),
    "migration": lambda space: load_migration(space, "MK", PERIOD),
    "trafficking": lambda space: load_trafficking(space, "MK", PERIOD),
}
TYPEFACE, COLOUR = "Georgia", RGBColor(0x6A, 0x1B, 0x3D)
COMPANY = "Ministry of Nowhere"
SHOWN_STYLES = {"Title", "Subtitle", "Heading 1", "Heading 2", "Caption", "List Bullet"}


def logo() -> bytes:
    """A picture of four by four points, in one colour."""
    rows = b"".join(b"\x00" + b"\x6a\x1b\x3d" * 4 for _ in range(4))

    def part(name: bytes, content: bytes) -> bytes:
        body = name + content
        return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 4, 4, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + part(b"IHDR", head)
        + part(b"IDAT", zlib.compress(rows))
        + part(b"IEND", b"")
    )


@pytest.fixture(scope="module")
def template(tmp_path_factory) -> Path:
    """As a ministry would change it in Word: other styles, a logo, a standing line."""
    word = docx.Document(io.BytesIO(build_template()))
    for name in ("Heading 1", "Heading 2", "Normal"):
        style = word.styles[name]
        style.font.name = TYPEFACE
        style.font.size = Pt(17)
        style.font.color.rgb = COLOUR
    head = word.sections[0].header
    head.paragraphs[0].insert_paragraph_before().add_run().add_picture(io.BytesIO(logo()))
    head.paragraphs[0].runs[0]._r.find(".//" + qn("wp:docPr")).set("descr", COMPANY)
    word.sections[0].footer.add_paragraph(COMPANY)
    word.core_properties.category = COMPANY
    path = tmp_path_factory.mktemp("template") / "brief.docx"
    word.save(str(path))
    return path


@pytest.fixture(scope="module", params=list(KINDS))
def reading(workspace, request):
    return KINDS[request.param](workspace)


def test_styles_logo_and_properties_of_the_template_stay(reading, workspace, template) -> None:
    brief = compose_brief(reading, "mk", workspace)
    content = to_docx(brief, template)
    word = docx.Document(io.BytesIO(content))

    for name in ("Heading 1", "Heading 2", "Normal"):
        font = word.styles[name].font
        assert (font.name, font.size, font.color.rgb) == (TYPEFACE, Pt(17), COLOUR)
    styled = [p.text for p in word.paragraphs if p.style.name == "Heading 1"]
    assert styled == [section.heading for section in brief.sections]
    # No paragraph brings a look of its own, which would win over the style.
    own = [r.font.name for p in word.paragraphs for r in p.runs if r.font.name]
    assert own == []
    page = word.sections[0]
    assert page.header._element.findall(".//" + qn("pic:pic"))
    (drawn,) = (r.target_part.blob for r in page.header.part.rels.values() if "image" in r.reltype)
    assert drawn == logo()
    assert page.footer.paragraphs[-1].text == COMPANY
    assert "Нацрт" in "".join(p.text for p in page.header.paragraphs)
    core = word.core_properties
    assert (core.category, core.language) == (COMPANY, TAGS["mk"])
    assert brief.title in core.title


def test_every_part_is_well_formed_and_known(reading, workspace, template) -> None:
    content = to_docx(compose_brief(reading, "sq", workspace), template)
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert parts.testzip() is None
        names = parts.namelist()
        assert names[0] == "[Content_Types].xml"
        assert len(names) == len(set(names))
        for name in names:
            if name.endswith((".xml", ".rels")):
                etree.fromstring(parts.read(name), parser)
        types = etree.fromstring(parts.read("[Content_Types].xml"), parser)
        known = {e.get("PartName", "").lstrip("/") for e in types}
        endings = {e.get("Extension") for e in types}
        assert all(n in known or n.rsplit(".", 1)[-1] in endings for n in names[1:])
        for name in (n for n in names if n.endswith(".rels")):
            _check_targets(name, etree.fromstring(parts.read(name), parser), set(names))
        body = etree.fromstring(parts.read("word/document.xml"), parser)
    numbers = [e.get(qn("w:id")) for e in body.iter(qn("w:bookmarkStart"))]
    assert len(numbers) == len(set(numbers)) > 0
    # A place that nothing filled would stand in the brief for all to see.
    assert "{{" not in "".join(body.itertext())


def _check_targets(name: str, relations, names: set[str]) -> None:
    base = Path(name).parent.parent
    for relation in relations:
        target = relation.get("Target")
        if relation.get("TargetMode") == "External":
            assert target.startswith(("http://", "https://"))
            continue
        path = target.lstrip("/") if target.startswith("/") else (base / target).as_posix()
        assert os.path.normpath(path) in names, (name, target)


def test_every_style_that_is_missing_is_named(reading, workspace, tmp_path) -> None:
    word = docx.Document(io.BytesIO(build_template()))
    for name in ("Evidence", "Patokaz Table"):
        element = word.styles[name].element
        element.getparent().remove(element)
    path = tmp_path / "own.docx"
    word.save(str(path))
    brief = compose_brief(reading, "en", workspace)

    with pytest.raises(
        PaperError, match=r"lacks the styles Evidence, Patokaz Table\. Add them in Word, or begin"
    ):
        to_docx(brief, path)
    assert set(STYLES) >= {"Evidence", "Patokaz Table"}


def test_the_template_of_a_kind_goes_before_the_one_of_all(reading, tmp_path) -> None:
    space = Workspace(tmp_path)
    space.brief_templates.mkdir(parents=True)
    assert find_template(reading, space) is None
    kind = {"Profile": "municipal"}.get(type(reading).__name__, type(reading).__name__.lower())
    # The last is the one of an earlier version: only an institution can have left it there.
    for name in ("brief.docx", "municipal_brief.docx", f"brief_{kind}.docx"):
        (space.brief_templates / name).write_bytes(b"")
        assert find_template(reading, space) == space.brief_templates / name
    other = next(k for k in KINDS if k != kind)
    (space.brief_templates / f"brief_{kind}.docx").rename(
        space.brief_templates / f"brief_{other}.docx"
    )
    (space.brief_templates / "municipal_brief.docx").unlink()
    assert find_template(reading, space) == space.brief_templates / "brief.docx"


def test_a_template_in_its_place_is_used(workspace, template, tmp_path) -> None:
    space = Workspace(tmp_path)
    shutil.copytree(workspace.public, space.public)
    space.brief_templates.mkdir(parents=True)
    shutil.copy(template, space.brief_templates / "brief_trafficking.docx")
    of_all = docx.Document(io.BytesIO(build_template()))
    of_all.paragraphs[0].insert_paragraph_before("Office of all")
    of_all.save(str(space.brief_templates / "brief.docx"))
    for name in ("trafficking", "migration"):
        path = write_briefs(KINDS[name](space), "en", space)[0]
        word = docx.Document(str(path))
        assert (word.styles["Heading 1"].font.name == TYPEFACE) == (name == "trafficking")
        assert (word.paragraphs[0].text == "Office of all") == (name == "migration")


def squeeze(text: str) -> str:
    # Lines are broken elsewhere on paper; what is compared is what is read.
    return "".join(text.split())


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("language", ["mk", "sq"])
def test_another_office_suite_opens_each_kind_in_a_template_of_a_ministry(
    reading, workspace, template, save_by_office, language
) -> None:
    content = to_docx(compose_brief(reading, language, workspace, form="long"), template)
    saved = save_by_office(content, "brief.docx", "pdf")
    pages = PdfReader(io.BytesIO(saved.read_bytes())).pages
    read = squeeze("".join(page.extract_text() for page in pages))
    word = docx.Document(io.BytesIO(content))
    texts = [p.text for p in word.paragraphs if p.style.name in SHOWN_STYLES]
    texts += [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    assert len(texts) > 40
    assert not [text for text in texts if squeeze(text) not in read]
    assert squeeze(COMPANY) in read
