"""What Prometheus reads on the admin port, and the rules that wake somebody."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.core.reminders.clock import Clock
from bot.metrics import METRICS, Figured, exposition
from storage.sqlite import open_store
from tests.processes import irmer_here
from tests.storage.helpers import NOW, T, open_case

ROOT = Path(__file__).parents[1]
RULES = yaml.safe_load((ROOT / "ops" / "alerts.yml").read_text())["groups"][0]["rules"]
PROMTOOL = shutil.which("promtool")


def figures(text: str) -> dict[str, dict[str, float]]:
    """By metric, its figures by their labels in words; of a histogram how many there were."""
    found: dict[str, dict[str, float]] = {}
    for family in text_string_to_metric_families(text):
        name = f"{family.name}_total" if family.type == "counter" else family.name
        found[name] = {
            " ".join(sample.labels.values()): sample.value
            for sample in family.samples
            if family.type != "histogram" or sample.name.endswith("_count")
        }
    return found


def read(path: Path, *, later: timedelta = timedelta(), problems: int = 0) -> dict[str, dict[str, float]]:
    store = open_store(path)
    try:
        figured = Figured(store, path, [], [], Clock(lambda: NOW + later))
        return figures(exposition(figured.figures(problems)).decode())
    finally:
        store.close()


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "a.sqlite"
    store = open_store(path)
    open_case(store)
    store.backup(tmp_path / "copy.sqlite", now=NOW)
    store.close()
    return path


def test_every_figure_is_told_and_no_other(database: Path) -> None:
    assert set(read(database)) == set(METRICS)


def test_what_is_open_late_and_kept_is_counted(database: Path) -> None:
    now = read(database, problems=2)
    assert now["irmer_deadlines_open"][""] > 0
    assert now["irmer_deadlines_overdue"][""] == 0
    assert now["irmer_pings_late"] == {}
    assert now["irmer_unconfirmed"][""] == 1
    assert now["irmer_problems"][""] == 2
    assert now["irmer_backup_timestamp_seconds"][""] == NOW.timestamp()
    assert now["irmer_database_bytes"][""] > 0
    assert now["irmer_trail_rows"][""] > 3
    ((build, one),) = now["irmer_build_info"].items()
    assert ("2023-04-19" in build.split(), one) == (True, 1)
    then = read(database, later=timedelta(days=400))
    assert then["irmer_deadlines_overdue"][""] == then["irmer_deadlines_open"][""]
    assert sum(then["irmer_pings_late"].values()) > 0
    assert max(then["irmer_oldest_unsent_seconds"].values()) > 86_400


def test_a_check_that_found_all_well_is_told_of_where_it_was_entered(database: Path) -> None:
    now = f"{NOW:%Y-%m-%dT%H:%M}"
    for words, then in (((), 0.0), (("--entry",), NOW.timestamp())):
        assert irmer_here("verify", *words, "--now", now, database=database)[0] == 0
        assert read(database)["irmer_verify_timestamp_seconds"][""] == then


def test_a_damaged_record_is_not_entered_as_well(database: Path) -> None:
    with closing(sqlite3.connect(database)) as file:
        file.execute("drop trigger audit_no_update")
    before = read(database)
    assert irmer_here("verify", "--entry", "--now", f"{NOW:%Y-%m-%dT%H:%M}", database=database)[0] == 1
    after = read(database)
    assert after["irmer_verify_timestamp_seconds"][""] == 0
    assert after["irmer_trail_rows"] == before["irmer_trail_rows"]


def test_no_label_names_anybody_or_anything(database: Path) -> None:
    told = str(read(database, later=timedelta(days=400)))
    assert not re.search(rf"\b(?:{T}|C26-|2026-\d|U\d|C\d)", told)
    known = {"rule", "platform", "outcome", "reason", "version", "edition", "schema"}
    assert {label for _, labels in METRICS.values() for label in labels} == known


def test_the_rules_ask_for_figures_that_there_are() -> None:
    assert len(RULES) >= 8
    for rule in RULES:
        named = {name.removesuffix("_bucket") for name in re.findall(r"\birmer_\w+", rule["expr"])}
        assert named <= set(METRICS), rule["alert"]
        assert rule["annotations"]["summary"]
        assert rule["labels"]["severity"] in ("critical", "warning")


def test_the_page_lists_every_figure() -> None:
    page = (ROOT / "docs" / "running.md").read_text()
    for name, (text, labels) in METRICS.items():
        by = f" by {' and '.join(labels)}" if labels else ""
        assert f"| `{name}` | {text.rstrip('.')}{by} |" in page


@pytest.mark.skipif(PROMTOOL is None, reason="no promtool here")
def test_prometheus_takes_the_figures_and_has_nothing_to_say_against_their_names(database: Path) -> None:
    store = open_store(database)
    told = exposition(Figured(store, database, [], [], Clock(lambda: NOW)).figures(0))
    store.close()
    done = subprocess.run([str(PROMTOOL), "check", "metrics"], input=told, capture_output=True)
    assert (done.returncode, done.stdout + done.stderr) == (0, b"")


@pytest.mark.skipif(PROMTOOL is None, reason="no promtool here")
@pytest.mark.parametrize("words", [("check", "rules", "alerts.yml"), ("test", "rules", "alerts-test.yml")])
def test_prometheus_takes_the_rules(words: tuple[str, ...]) -> None:
    done = subprocess.run([str(PROMTOOL), *words], cwd=ROOT / "ops", capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
