"""What the pages on safety and assurance point to is there, and claims that a test can hold are held."""

import re
from importlib.metadata import distributions
from pathlib import Path

import pytest

from tests.docs.links import broken_links, slug
from tests.test_architecture import sources
from tools.words.sentences import sentences

ROOT = Path(__file__).parents[2]
SAFETY = (ROOT / "docs" / "safety.md").read_text()
ASSURANCE = (ROOT / "docs" / "assurance.md").read_text()
HAZARDS = dict(re.findall(r"^## (H\d+) [^\n]*\n(.*?)(?=^## |\Z)", SAFETY, re.M | re.S))
STANDARDS = re.findall(r"^\| [^|]+ \| [^|]+ \| \[[^]]+\]\(#([^)]+)\) \|$", ASSURANCE, re.M)
# Beyond the fence: a dose made of another quantity, harm judged, treatment or talk with a patient advised.
BEYOND = re.compile(
    r"\b(?:estimated (?:from|out of) (?:the )?(?:DLP|DAP|KAP|activity|skin dose)"
    r"|conversion (?:factor|coefficient)|k[- ]factor"
    r"|(?:lifetime|cancer|excess|relative) risk|risk of (?:cancer|harm|leukaemia)"
    r"|(?:no|little|negligible|serious|low|high) (?:harm|risk) (?:to|for) (?:the|a) (?:patient|person|foetus)"
    r"|(?:stop|continue|repeat|change|delay|begin) (?:the )?treatment|prescri(?:be|ption) (?:should|is to)"
    r"|(?:tell|reassure|advise|say to) (?:the|a) patient (?:that|about|how))\b",
    re.I,
)
MODELS = frozenset(
    "openai anthropic transformers torch tensorflow keras sklearn scikit_learn spacy langchain onnxruntime"
    " sentence_transformers llama_cpp huggingface_hub jax".split()
)


def named_in(text: str) -> list[tuple[str, str]]:
    return re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", text)


def test_the_hazards_are_numbered_without_a_gap() -> None:
    assert list(HAZARDS) == [f"H{number}" for number in range(1, len(HAZARDS) + 1)]


@pytest.mark.parametrize("hazard", HAZARDS)
def test_each_control_names_a_test_that_there_is(hazard: str) -> None:
    controls = [line for line in HAZARDS[hazard].splitlines() if re.match(r"\| (?!-|control)", line)]
    assert controls
    for control in controls:
        named = named_in(control)
        assert named, control
        for path, test in named:
            assert f"def {test}(" in (ROOT / path).read_text(), test


def test_what_else_is_pointed_to_is_there() -> None:
    for path, test in named_in(ASSURANCE):
        assert f"def {test}(" in (ROOT / path).read_text(), test
    for path in re.findall(r"`((?:tests|bot|docs)/[\w/.]+?)`", ASSURANCE):
        assert (ROOT / path).exists(), path
    assert broken_links(ASSURANCE + SAFETY, ROOT / "docs") == []


def test_each_standard_has_its_part_with_what_is_missing_and_whose_it_is() -> None:
    parts = {
        slug(heading): body
        for heading, body in re.findall(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", ASSURANCE, re.M | re.S)
    }
    assert set(STANDARDS) == set(parts)
    for name, body in parts.items():
        if name not in ("ai", "what-a-program-cannot-hold"):
            assert "[ ]" in body, f"{name}: nothing is left to fill in"


@pytest.mark.parametrize("page", [SAFETY, ASSURANCE])
def test_nothing_is_claimed(page: str) -> None:
    assert "skeleton by the project: n" in page
    assert "nobody has signed it" in " ".join(page.split())
    claims = re.findall(
        r"[^.|\n]*\b(?:compliant|complies|conforms|certified|accredited|approved)\b[^.|\n]*", page, re.I
    )
    assert claims == []


def test_nothing_that_the_bot_says_is_beyond_the_fence() -> None:
    said = [text for text, _ in sentences()]
    assert len(said) > 1000
    assert [text for text in said if BEYOND.search(text)] == []
    for beyond in (
        "Risk of cancer: 1 in 2,000.",
        "4 mSv, estimated from the DLP",
        "Tell the patient that it is safe",
    ):
        assert BEYOND.search(beyond)


def test_no_model_is_installed_or_imported() -> None:
    texts = [path.read_text() for part in ("bot", "rules", "storage") for path in sources(part)]
    used = {name for text in texts for name in re.findall(r"^ *(?:from|import) (\w+)", text, re.M)}
    assert {"bot", "pydantic"} <= used
    assert used & MODELS == set()
    there = {re.sub(r"[-.]+", "_", one.metadata["Name"].lower()) for one in distributions()}
    assert there & MODELS == set()


def test_a_picture_in_a_document_says_what_it_shows() -> None:
    found = [
        text
        for page in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
        for text in re.findall(r"!\[([^]]*)\]\(", page.read_text())
    ]
    assert len(found) >= 3
    assert all(len(text.split()) >= 3 for text in found)
