import io
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from rich.console import Console

from forensics.engine.measuring.alarms import alarms, noise, scores
from forensics.engine.measuring.measure import measure
from forensics.errors import UsageError
from forensics.model.findings import Cluster
from forensics.model.measuring import Measurement, MeasureOptions, Meeting
from forensics.model.rules import Role
from forensics.report.measured import combined_csv, hits_jsonl, meetings_csv, rates_csv, scores_csv, table

pytestmark = pytest.mark.usefixtures("in_process")

HOP = "Received: from a.example by mx.example; Mon, 06 Mar 2017 {hour}:00:05 +0000\n"
MAIL = (
    HOP + "From: a@a.example\nDate: Mon, 06 Mar 2017 {claimed}:00:00 +0000\nMessage-ID: <{n}@a.example>\n\nHello {n}\n"
)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("clean")
    for n in range(20):
        claimed = 15 if n == 7 else 10
        (folder / f"{n:02}.eml").write_text(MAIL.format(hour=10, claimed=claimed, n=n), encoding="ascii")
    return folder


@pytest.fixture(scope="module")
def measured(clean: Path) -> Iterator[Measurement]:
    yield measure(clean, MeasureOptions(corpus="invented", profile=True), jobs=1)


def _rows(found: Measurement, rule: str) -> dict[str, tuple[int, int]]:
    return {one.bin: (one.hits, one.n) for one in found.counts if one.rule == rule}


def test_counts_of_a_folder_with_one_late_date(measured: Measurement) -> None:
    assert (measured.items, measured.mails, measured.reviewed) == (20, 20, False)
    assert _rows(measured, "mail.date_after_first_trace") == {
        "later>10min": (0, 20),
        "later>1h": (0, 20),
        "later>1d": (0, 20),
        "later_whole_hours": (1, 20),
    }
    assert _rows(measured, "mail.date_weekday") == {"mismatch": (0, 20)}
    assert [hit.location.text for hit in measured.hits] == ["07.eml"]


def test_a_reviewed_item_is_left_out_of_hits_and_of_n(clean: Path, measured: Measurement) -> None:
    again = measure(clean, MeasureOptions(not_clean=(measured.hits[0].sha256,)), jobs=1)
    assert (again.corpus, again.reviewed, again.left_out, again.hits) == (clean.name, True, 1, ())
    assert _rows(again, "mail.date_after_first_trace")["later_whole_hours"] == (0, 19)
    assert [one.items for one in again.alarms] == [0, 0, 0]


def test_alarms_scores_and_times_cover_the_folder(measured: Measurement) -> None:
    by_strength = {one.strength: (one.items, one.n) for one in measured.alarms}
    assert by_strength["weak"] == (1, 20) and by_strength["strong"] == (0, 20)
    assert sum(measured.scores.values()) == 20 and measured.scores[0.0] == 19
    names = {one.name for one in measured.times}
    assert {"reading and rows", "mail.date_weekday", "case.message_id_reuse", "explain.clock_skew"} <= names
    assert all(one.us_per_mail >= 0 for one in measured.times)


def test_tables_that_are_shipped(measured: Measurement) -> None:
    rates = rates_csv(measured.counts).splitlines()
    assert rates[0] == "rule,version,bin,corpus,era,route,hits,n,series,series_n,items"
    assert len(rates) == 1 + len(measured.counts)
    assert scores_csv(measured).splitlines()[:2] == ["corpus,score,mails", "invented,0.0,19"]
    assert len(hits_jsonl(measured.hits).splitlines()) == 1
    counted = combined_csv(measured).splitlines()
    assert counted[0] == "corpus,route,mails,senders,strong,items"
    assert counted[1:] == [f"invented,direct,20,1,0,{measured.combined[0].items}"]
    assert meetings_csv(measured) == "corpus,route,mail,sender,met,apart\n"


def test_mails_on_which_rules_meet_are_named_for_review(measured: Measurement) -> None:
    met = Meeting(corpus="invented", route="direct", mail="0" * 16, sender=1, met="mail.p mail.q", apart="")
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(table(measured))
    assert "several rules meet" not in console.export_text()
    console.print(table(msgspec.structs.replace(measured, meetings=(met,))))
    text = console.export_text()
    assert "1 mail on which moderate findings of several rules meet" in text
    assert f"{met.mail}: mail.p mail.q" in text
    assert meetings_csv(msgspec.structs.replace(measured, meetings=(met,))).splitlines()[1] == (
        "invented,direct,0000000000000000,1,mail.p mail.q,"
    )


def test_unknown_names_are_refused(clean: Path) -> None:
    with pytest.raises(UsageError, match="no route"):
        measure(clean, MeasureOptions(route="pigeon"))
    with pytest.raises(UsageError, match="no reference corpus"):
        measure(clean, MeasureOptions(leave_out=("no such list",)))


def test_alarms_take_the_best_finding_of_an_item_and_spare_witnesses(finding) -> None:
    found = [finding("a", "weak"), finding("a", "strong"), finding("b", "moderate"), finding("c", "context")]
    found.append(finding("d", "strong", role=Role.WITNESS))
    assert [(one.strength, one.items) for one in alarms(found, 10, frozenset())] == [
        ("strong", 1),
        ("moderate", 2),
        ("weak", 2),
    ]
    assert alarms(found, 10, frozenset("a"))[0].items == 0
    assert [(one.strength, one.items) for one in noise(found, frozenset())] == [
        ("strong", 1),
        ("moderate", 1),
        ("weak", 1),
    ]
    assert alarms(found, 10, frozenset())[0].per_thousand == 100


def test_scores_count_mails_only(ranked) -> None:
    lines = [ranked("a", 2.5), ranked("x", 3.0), ranked("b", 2.5)]
    assert scores(lines, frozenset("abc")) == {0.0: 1, 2.5: 2}
    assert msgspec.json.encode(scores(lines, frozenset("abc")))


def test_mails_of_folded_lines_keep_their_scores(ranked) -> None:
    line = ranked("a", 2.5)
    members = tuple([msgspec.structs.replace(line.item, sha256=name) for name in "abc"])
    folded = Cluster(rule="mail.test", value="off", members=members, kind="folded", scores=(2.5, 2.0, 1.0))
    habit = Cluster(rule="mail.test", value="ann", members=members[:1], kind="habit")
    shared = Cluster(rule="mail.test", value="eve", members=members)
    lines = [msgspec.structs.replace(line, item=None, cluster=one, score=4.0) for one in (folded, habit, shared)]
    assert scores(lines, frozenset("abd")) == {0.0: 1, 2.0: 1, 4.0: 1}
