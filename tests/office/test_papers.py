"""Each kind of paper opened in LibreOffice: what stands on its pages, and how many there are.

`make papers-test` runs this; elsewhere it is skipped, and says why.
"""

from __future__ import annotations

import re

import pytest

from bot.core.messages import Command, Give
from bot.core.paper import Paper
from bot.core.papers.kinds import KINDS
from bot.core.papers.rendered import value
from bot.core.words.references import REF
from bot.documents import HEADS, document
from tests.core.cases.ward import Ward
from tests.office.converting import as_pages, why_not_here

ACCOUNT = " ".join(f"At {hour:02}:{minute:02} the list was read again." for hour in range(24)
                   for minute in range(0, 60, 4))  # fmt: skip

pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def opened_papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Paper, list[str]]]:
    """By its kind, a paper of a case with a long account, and its pages."""
    if problem := why_not_here():
        pytest.skip(problem)
    folder = tmp_path_factory.mktemp("papers")
    ward = Ward(folder / "irmer.sqlite")
    ref = ward.case()
    ward.say(f"details {ref} account {ACCOUNT}")
    papers = []
    for kind in KINDS:
        (paper,) = [
            one.paper for one in ward.ask(Command(f"paper {ref} {kind.name}")) if isinstance(one, Give)
        ]
        (folder / f"{kind.name}.docx").write_bytes(document(paper))
        papers.append(paper)
    ward.store.close()
    pages = as_pages([folder / f"{kind.name}.docx" for kind in KINDS], folder)
    return {kind.name: (paper, of) for kind, paper, of in zip(KINDS, papers, pages, strict=True)}


def unbroken(text: str) -> str:
    """Words alone: where a line ends and which hyphen it is, is the page's."""
    return "".join(text.replace("\u2011", "-").split())


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_its_pages_hold_all_that_it_says_and_are_counted(
    opened_papers: dict[str, tuple[Paper, list[str]]], kind: str
) -> None:
    paper, pages = opened_papers[kind]
    for number, page in enumerate(pages, 1):
        foot = unbroken(page.strip().splitlines()[-1])
        assert foot == unbroken(f"{paper.foot} · page {number} of {len(pages)}")
    shown = unbroken("\n".join("\n".join(page.strip().splitlines()[:-1]) for page in pages))
    assert unbroken(paper.title) in shown
    for part in paper.parts:
        assert unbroken(part.title) in shown
        for line in part.lines:
            said = " ".join(value(line).split())
            for word in re.findall(r"[\w:.-]{4,}", f"{line.label} {said}"):
                assert unbroken(word) in shown, line.label
    assert 1 <= len(pages) <= 12


def test_a_reference_in_the_title_and_at_the_foot_stands_on_one_line(
    opened_papers: dict[str, tuple[Paper, list[str]]],
) -> None:
    for paper, pages in opened_papers.values():
        (ref,) = REF.findall(paper.title)
        lines = [line.replace("\u2011", "-") for page in pages for line in page.splitlines()]
        assert sum(ref in line for line in lines) > len(pages)
        assert not [line for line in lines if line.rstrip().endswith(f"{ref.split('-')[0]}-")]


def test_a_table_that_goes_on_over_a_page_has_its_header_row_there_again(
    opened_papers: dict[str, tuple[Paper, list[str]]],
) -> None:
    _, pages = opened_papers["report"]
    assert len(pages) > 2
    heads = [page for page in pages if re.search(rf"{HEADS[0]}\s+{HEADS[1]}", page)]
    assert heads == pages
