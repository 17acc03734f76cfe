"""A paper as a document for a word processor (.docx): headings, tables whose header row repeats, a title,
British English, and gaps that are shaded and say in words that they are gaps."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from io import BytesIO
from typing import TYPE_CHECKING, Any

from bot.core.paper import Paper, PaperLine
from bot.core.papers.rendered import ABOUT, NOTHING, value
from bot.core.refused import Problem
from bot.core.words.references import NUMBER, REF, THEME

if TYPE_CHECKING:
    from docx.document import Document
    from docx.table import Table, _Cell

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ENDING = ".docx"
NO_LIBRARY = "a document needs python-docx: install irmer-bot[papers]"
FONT, TEXT_SIZE, SMALL = "Arial", 11, 9
HEADS = ("What", "As it is kept")
LABEL_CM, VALUE_CM = 5.5, 11.5  # what A4 leaves between margins of 2 cm
GAP_SHADE, HEAD_SHADE = "FFE9B8", "E3E9F0"  # black on them: 17 to 1 and more
_REFERENCE = re.compile("|".join(rf"\b{one.pattern}\b" for one in (REF, THEME, NUMBER)))
XML_ILLEGAL = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 65534, 65535))


class NoDocuments(Problem):
    """The library that makes them is not installed."""


def document(paper: Paper) -> bytes:
    """Raises NoDocuments."""
    try:
        import docx  # 50 ms, and an extra that may be missing
    except ImportError:
        raise NoDocuments(NO_LIBRARY) from None
    made = docx.Document()
    _bare(made)
    _properties(made, paper)
    _styles(made)
    _page(made, paper)
    _say(made.add_paragraph(style="Title"), _clean(paper.title))
    for warning in paper.warnings:
        _say(made.add_paragraph(style="Intense Quote"), _clean(warning))
    made.add_heading(ABOUT, level=1)
    _table(made, paper.head, ABOUT)
    for part in paper.parts:
        _say(made.add_heading(level=1), _clean(part.title))
        if part.note:
            note = made.add_paragraph(style="Quote")
            _say(note, _clean(part.note))
            note.paragraph_format.keep_with_next = True
        if part.lines:
            _table(made, part.lines, part.title)
        else:
            made.add_paragraph(NOTHING)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _clean(text: str) -> str:
    return text.translate(XML_ILLEGAL)


def _bare(made: Document) -> None:
    """Without what the library's own template brings beside its styles."""
    rels: Any = made.part.package.rels if made.part.package else {}
    for name, rel in list(rels.items()):
        if rel.reltype.endswith("/thumbnail"):
            del rels[name]
    for name, rel in list(made.part.rels.items()):
        if rel.reltype.endswith("/stylesWithEffects"):  # for Word 2010's first weeks, and half of the file
            del made.part.rels[name]


def _properties(made: Document, paper: Paper) -> None:
    about, when = made.core_properties, paper.made.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    about.title, about.subject, about.language = _clean(paper.title), paper.subject, "en-GB"
    about.author = about.last_modified_by = about.comments = about.keywords = about.category = ""
    about.created = about.modified = when
    about.revision = 1


def _styles(made: Document) -> None:
    from docx.oxml.ns import qn  # the extra's
    from docx.shared import Pt, RGBColor  # the extra's

    sizes = {
        "Normal": TEXT_SIZE,
        "Title": 20,
        "Heading 1": 14,
        "Quote": TEXT_SIZE,
        "Intense Quote": TEXT_SIZE,
    }
    for name, size in sizes.items():
        style: Any = made.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.font.italic = False
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):  # they go before a name
            fonts.attrib.pop(qn(f"w:{kind}"), None)
        for kind in ("hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{kind}"), FONT)
        style.paragraph_format.space_after = Pt(4)
    made.styles["Heading 1"].paragraph_format.space_before = Pt(14)
    made.styles["Title"].paragraph_format.space_after = Pt(8)
    quote: Any = made.styles["Intense Quote"]
    quote.paragraph_format.left_indent = quote.paragraph_format.right_indent = Pt(0)
    defaults = made.styles.element.find(qn("w:docDefaults"))
    for language in defaults.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")


def _page(made: Document, paper: Paper) -> None:
    from docx.shared import Cm, Pt  # the extra's

    (section,) = made.sections
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    foot = section.footer.paragraphs[0]
    _say(foot, _clean(f"{paper.foot} · page "))
    _counted(foot, "PAGE")
    foot.add_run(" of ")
    _counted(foot, "NUMPAGES")
    for run in foot.runs:
        run.font.size = Pt(SMALL)


def _say(paragraph: Any, text: str) -> None:
    """Running text, in which a reference stays on one line: no line ends at its hyphen. Copied out of it and
    put to the bot it is read all the same; what stands in a table is to be copied elsewhere, and is plain."""
    from docx.oxml import OxmlElement  # the extra's

    run, at = paragraph.add_run(), 0
    for reference in _REFERENCE.finditer(text):
        before, after = reference[0].split("-")
        run.add_text(text[at : reference.start()] + before)
        run._r.append(OxmlElement("w:noBreakHyphen"))
        run.add_text(after)
        at = reference.end()
    run.add_text(text[at:])


def _counted(paragraph: Any, field: str) -> None:
    """A field that the word processor fills in."""
    from docx.oxml import OxmlElement  # the extra's
    from docx.oxml.ns import qn  # the extra's

    for kind in ("begin", "", "end"):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = field
        run._r.append(mark)


def _table(made: Document, lines: tuple[PaperLine, ...], called: str) -> None:
    table = made.add_table(rows=0, cols=2)
    table.style = made.styles["Table Grid"]
    table.autofit = False
    _described(table, called)
    cells = table.add_row().cells
    for cell, text in zip(cells, HEADS, strict=True):
        _write(cell, text, bold=True, shade=HEAD_SHADE)
        cell.paragraphs[0].paragraph_format.keep_with_next = True
    _row_that_repeats(table.rows[0])
    for line in lines:
        label, said = table.add_row().cells
        _write(label, line.label, bold=True)
        _write(said, value(line), shade=GAP_SHADE if line.gap else "")
    _sized(table)


def _described(table: Table, called: str) -> None:
    """What somebody is told who does not see it."""
    from docx.oxml import OxmlElement  # the extra's
    from docx.oxml.ns import qn  # the extra's

    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), _clean(called))
    table._tbl.tblPr.append(caption)


def _row_that_repeats(row: Any) -> None:
    from docx.oxml import OxmlElement  # the extra's

    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _sized(table: Table) -> None:
    """Columns and cells both, else LibreOffice halves the table; a row stays on its page."""
    from docx.oxml import OxmlElement  # the extra's
    from docx.shared import Cm  # the extra's

    widths = (Cm(LABEL_CM), Cm(VALUE_CM))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = width
        if _short(row):
            row._tr.get_or_add_trPr().insert(0, OxmlElement("w:cantSplit"))


def _short(row: Any) -> bool:
    """A long account may go on over a page."""
    return all(len(cell.text) < 1_500 for cell in row.cells)


def _write(cell: _Cell, text: str, *, bold: bool = False, shade: str = "") -> None:
    from docx.oxml import OxmlElement  # the extra's
    from docx.oxml.ns import qn  # the extra's
    from docx.shared import Pt  # the extra's

    for paragraph, words in _paragraphs(cell, _clean(text)):
        paragraph.add_run(words).bold = bold
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
    if shade:
        fill = OxmlElement("w:shd")
        fill.set(qn("w:val"), "clear")
        fill.set(qn("w:fill"), shade)
        cell._tc.get_or_add_tcPr().append(fill)


def _paragraphs(cell: _Cell, text: str) -> Iterator[tuple[Any, str]]:
    for number, words in enumerate(text.splitlines() or [""]):
        yield (cell.add_paragraph() if number else cell.paragraphs[0]), words
