"""A paper as a document: its words read back, and what somebody needs who does not see it."""

from __future__ import annotations

import sys
import zipfile
from datetime import UTC, datetime
from io import BytesIO

import docx
import pytest
from docx.oxml.ns import qn

from bot.core.paper import Paper, PaperLine, PaperPart
from bot.core.papers.rendered import as_cards, as_text
from bot.core.words.references import named
from bot.documents import GAP_SHADE, NoDocuments, document
from bot.terminal.plain import lines
from rules.deadlines import UK

LONG = "It was the wrong list. " * 400
PAPER = Paper(
    "report",
    "Report of the investigation, C26-0007",
    "C26-0007",
    "C26-0007-report-r2",
    (PaperLine("Case", "C26-0007, open"),),
    (
        PaperPart(
            "1 What happened",
            (
                PaperLine("Account", "first line\nsecond line & <more> é\x0b\x00"),
                PaperLine("Equipment", gap="whoever was there"),
                PaperLine("Method", blank=True),
                PaperLine("Told", gap="Left out, since it seems to name somebody: it stands in the record."),
            ),
            note="How it is read.",
            counted=True,
        ),
        PaperPart("2 Dose", (), counted=True),
        PaperPart("3 Causes", (PaperLine("Analysis", LONG),), counted=True),
    ),
    datetime(2026, 11, 24, 9, 30, tzinfo=UK),
    ("Read this first.",),
    "C26-0007, record 2026-0007 revision 2",
)


@pytest.fixture(scope="module")
def written() -> bytes:
    return document(PAPER)


def test_it_says_what_the_text_says_in_the_same_order(written: bytes) -> None:
    read = docx.Document(BytesIO(written))
    said = []
    for block in read.iter_inner_content():
        if hasattr(block, "rows"):
            said += [cell.text for row in block.rows[1:] for cell in row.cells]
        else:
            said.append(block.text)
    text = as_text(PAPER)
    at = 0
    for words in said:
        for line in filter(None, words.splitlines()):
            if line != "Nothing is kept of this.":
                assert line[:60] in text[at:], line
                at = text.index(line[:60], at)
    shown = "\n".join(line for card in as_cards(PAPER) for line in lines(card))
    for line in (line for part in PAPER.parts for line in part.lines):
        assert line.label in text
        assert line.label in shown
    assert "MISSING. Ask whoever was there." in text
    assert "Method: (to be filled in)" in text
    assert "Left out, since it seems to name somebody: it stands in the record." in text


def test_it_has_a_title_headings_a_language_and_no_author(written: bytes) -> None:
    read = docx.Document(BytesIO(written))
    about = read.core_properties
    assert (about.title, about.language) == (PAPER.title, "en-GB")
    assert (about.author, about.last_modified_by, about.comments) == ("", "", "")
    assert about.created == datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
    styled = [(one.style.name, one.text) for one in read.paragraphs if one.style]
    assert styled[0] == ("Title", PAPER.title)
    headings = [text for style, text in styled if style == "Heading 1"]
    assert headings == ["About this paper", "1 What happened", "2 Dose", "3 Causes"]
    languages = {one.get(qn("w:val")) for one in read.styles.element.iter(qn("w:lang"))}
    assert languages == {"en-GB"}


def test_each_table_has_a_header_row_that_repeats_and_says_what_it_is(written: bytes) -> None:
    read = docx.Document(BytesIO(written))
    assert len(read.tables) == 3
    for table in read.tables:
        assert [cell.text for cell in table.rows[0].cells] == ["What", "As it is kept"]
        assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
        assert table._tbl.tblPr.find(qn("w:tblLook")) is not None


def test_a_gap_is_shaded_and_says_so_in_words_and_nothing_else_is(written: bytes) -> None:
    read = docx.Document(BytesIO(written))
    shaded = {}
    for table in read.tables:
        for row in table.rows[1:]:
            fill = row.cells[1]._tc.get_or_add_tcPr().find(qn("w:shd"))
            shaded[row.cells[0].text] = "" if fill is None else fill.get(qn("w:fill"))
    assert shaded == {
        "Case": "", "Account": "", "Equipment": GAP_SHADE, "Method": "", "Told": GAP_SHADE, "Analysis": "",
    }  # fmt: skip


def test_a_row_stays_on_its_page_unless_it_is_longer_than_one(written: bytes) -> None:
    rows = [row for table in docx.Document(BytesIO(written)).tables for row in table.rows]
    whole = {row.cells[0].text: row._tr.trPr is not None and row._tr.trPr.find(qn("w:cantSplit")) is not None
             for row in rows}  # fmt: skip
    assert whole["Account"] is True
    assert whole["Analysis"] is False


def test_its_pages_are_numbered_and_say_of_what_they_are(written: bytes) -> None:
    foot = docx.Document(BytesIO(written)).sections[0].footer.paragraphs[0]
    assert foot.text.startswith(PAPER.foot)
    fields = [one.text for one in foot._p.iter(qn("w:instrText"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_it_is_whole_xml_of_a_modest_size_without_a_picture(written: bytes) -> None:
    with zipfile.ZipFile(BytesIO(written)) as packed:
        assert packed.testzip() is None
        assert [name for name in packed.namelist() if "thumbnail" in name or "media" in name] == []
    assert len(written) < 60_000


def test_a_long_text_is_shown_uncut_card_by_card() -> None:
    cards = as_cards(PAPER)
    assert [card.title for card in cards] == [f"{PAPER.title}, 1 of 2", f"{PAPER.title}, 2 of 2"]
    assert LONG.strip() in "\n".join(lines(cards[1])).replace("\n    ", " ")


def test_without_the_library_it_says_what_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(NoDocuments, match=r"install irmer-bot\[papers\]"):
        document(PAPER)


def test_a_reference_in_running_text_has_a_hyphen_at_which_no_line_ends(written: bytes) -> None:
    """In a table, from which it is copied into somebody's form, it is plain; the bot reads either."""
    read = docx.Document(BytesIO(written))
    foot = read.sections[0].footer.paragraphs[0]
    for paragraph, count in ((read.paragraphs[0], 1), (foot, 2)):
        assert len(list(paragraph._p.iter(qn("w:noBreakHyphen")))) == count
        assert [one.text for one in paragraph._p.iter(qn("w:t")) if "-" in (one.text or "")] == []
    assert read.paragraphs[0].text == PAPER.title
    assert not [one for table in read.tables for one in table._tbl.iter(qn("w:noBreakHyphen"))]
    assert [named(f"case {said}").subject for said in ("C26-0007", "C26\u20110007")] == ["C26-0007"] * 2
