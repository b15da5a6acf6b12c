"""Hand-made findings whose measures are computed by hand: ten mails, of them two plants, one sham, one sham insert."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from forensics import keys, scan
from forensics.errors import UsageError
from forensics.examples.files import location
from forensics.model.findings import CauseState, Cluster, Combined, Finding, ItemRef, Ranked
from forensics.model.rules import Proposition, Role, State, SubjectRef
from samples import benchmark, plant, score
from samples.planting.keys import key_of, table
from samples.scoring import measures, pooled
from samples.scoring.chance import bound_per_thousand, larger, more_only
from samples.scoring.page import markdown
from samples.scoring.truth import Truth, read
from samples.scoring.vouched import Vouched, vouched
from tests.samples.planting.conftest import clean_folder

pytestmark = pytest.mark.usefixtures("in_process")

LABELS: dict[str, Any] = {
    "scenario": "ops",
    "seed": "1",
    "source": "mails",
    "mails": 10,
    "not_applicable": {"O-08": 1},
    "labels": [
        {
            "key": "O-15/0",
            "kind": "taint",
            "operation": "O-15",
            "cls": "D",
            "path": "1",
            "sha256": "p1",
            "items": [],
        },
        {
            "key": "O-24/0",
            "kind": "taint",
            "operation": "O-24",
            "cls": "N",
            "path": "2",
            "sha256": "p2",
            "items": ["a2"],
        },
        {
            "key": "O-42/0",
            "kind": "taint",
            "operation": "O-42",
            "cls": "P",
            "path": "",
            "sha256": "",
            "items": [],
        },
        {
            "key": "sham O-15/0",
            "kind": "sham",
            "operation": "O-15",
            "cls": "",
            "path": "3",
            "sha256": "s1",
            "items": [],
        },
        {
            "key": "insert/0",
            "kind": "sham_insert",
            "operation": "",
            "cls": "",
            "path": "4",
            "sha256": "i1",
            "items": [],
        },
    ],
}

BEFORE = {"O-24/0": "b2", "sham O-15/0": "b3"}


@pytest.fixture
def truth(tmp_path: Path) -> Truth:
    labels = [{"before_sha256": BEFORE.get(label["key"], ""), **label} for label in LABELS["labels"]]
    (tmp_path / "labels.json").write_text(json.dumps({**LABELS, "labels": labels}))
    return read(tmp_path)


def ref(item: str) -> ItemRef:
    return ItemRef(sha256=item, location=location(f"{item}.eml"))


def finding(number: str, strength: str, *subjects: tuple[str, Role], **more: Any) -> Finding:
    fields: dict[str, Any] = {
        "id": number,
        "rule": "mail.date_weekday",
        "rule_version": 1,
        "group": "date",
        "proposition": Proposition.BACKDATED,
        "strength": strength,
        "contradiction": False,
        "bin": "mismatch",
        "rate": 0.001,
        "reference": None,
        "habit": None,
        "statement": f"statement {number}",
        "subjects": tuple([SubjectRef(role=r, sha256=s, location=location(f"{s}.eml")) for s, r in subjects]),
        "item": ref(subjects[0][0]),
        "evidence": (),
        "benign": (),
        "settle": "",
        "references": (),
    }
    return Finding(**{**fields, **more})


def line(number: int, strength: str, found: Finding, *items: str) -> Ranked:
    cluster = Cluster(rule=found.rule, value="v", members=tuple([ref(item) for item in items]))
    return Ranked(
        rank=number,
        score=1.0,
        strength=strength,
        item=ref(items[0]) if len(items) == 1 else None,
        cluster=cluster if len(items) > 1 else None,
        propositions=(found.proposition,),
        findings=(found.id,),
        reasons=(found.statement,),
        supported_by=(),
    )


SUSPECT, EITHER, WITNESS = Role.SUSPECT, Role.EITHER, Role.WITNESS
FINDINGS = [
    finding("f1", "strong", ("p1", SUSPECT), ("c1", WITNESS)),
    finding("f2", "moderate", ("c2", SUSPECT)),
    finding("f3", "weak", ("s1", SUSPECT)),
    finding("f4", "weak", ("a2", EITHER), ("c3", EITHER)),
    finding("f5", "weak", ("c4", EITHER), ("c5", EITHER)),
    finding("f6", "strong", ("c6", SUSPECT), proposition=Proposition.AUTHENTICATED),
    finding(
        "f7", "context", ("p1", SUSPECT), benign=(CauseState(cause="wrong_offset", state=State.EXPLAINS, note="x"),)
    ),
    finding("f8", "context", ("c1", SUSPECT), rate=None),
]
SPEAKING = [
    finding("f9", "context", ("p1", SUSPECT), proposition=Proposition.AUTHENTICATED, bin="header_only"),
    finding("f10", "context", ("c1", SUSPECT), ("p2", WITNESS), proposition=Proposition.AUTHENTICATED, bin="author"),
    finding("f11", "context", ("a2", SUSPECT), benign=(CauseState(cause="signed_intact", state=State.EXPLAINS),)),
    finding("f12", "weak", ("p1", SUSPECT), benign=(CauseState(cause="signed_intact", state=State.EXCLUDED),)),
    finding("f13", "context", ("p1", WITNESS), benign=(CauseState(cause="signed_intact", state=State.EXPLAINS),)),
]


def test_truth_counts_clean_mails_by_kind(truth: Truth) -> None:
    assert truth.clean == {"unplanted": 6, "sham": 1, "sham_insert": 1, "spam": 0}
    assert set(truth.planted) == {"p1", "p2", "a2"}


def test_recall_counts_attachments_and_leaves_removed_mails_out(truth: Truth) -> None:
    by_operation, by_class = measures.recall(truth, measures.blamed(FINDINGS, truth))
    rows = {row.name: (row.plants, *row.found.values(), row.shams, row.shams_accused) for row in by_operation}
    assert rows == {"O-15": (1, 1, 1, 1, 1, 1), "O-24": (1, 1, 0, 0, 0, 0)}
    assert {row.name: (row.plants, row.found["weak"]) for row in by_class} == {
        "D": (1, 1),
        "D/P": (0, 0),
        "P": (0, 0),
        "N": (1, 1),
    }


def test_plants_that_findings_speak_for(truth: Truth) -> None:
    assert vouched(truth, FINDINGS) == Vouched({}, frozenset())
    spoken = vouched(truth, SPEAKING)
    assert spoken.authenticated == {"O-15/0": {"header_only"}, "O-24/0": {"author"}}
    assert spoken.intact == {"O-24/0"}
    by_operation, by_class = measures.recall(truth, measures.blamed(FINDINGS, truth), None, spoken)
    assert {row.name: (row.authenticated, row.intact) for row in by_operation} == {"O-15": (1, 0), "O-24": (1, 1)}
    assert {row.name: (row.authenticated, row.intact) for row in by_class if row.plants} == {"D": (1, 0), "N": (1, 1)}
    found = {one.key: (one.authenticated, one.intact) for one in measures.found_plants(truth, FINDINGS, spoken)}
    assert found == {"O-15/0": (("header_only",), False), "O-24/0": (("author",), True), "O-42/0": ((), False)}


def test_false_items_are_suspects_and_pairs_without_a_plant(truth: Truth) -> None:
    best = measures.blamed(FINDINGS, truth)
    assert {item for item, at in best.items() if at} == {"p1", "c2", "s1", "a2", "c4", "c5"}
    rows = {row.kind: (row.mails, *row.items.values()) for row in measures.false_items(truth, best)}
    assert rows == {"all": (8, 4, 1, 0), "unplanted": (6, 3, 1, 0), "sham": (1, 1, 0, 0), "sham_insert": (1, 0, 0, 0)}
    assert measures.false_items(truth, best)[0].per_thousand["weak"] == 500.0


def test_groups_that_should_look_clean(truth: Truth) -> None:
    rows = {one.group: one for one in measures.chances(truth, measures.blamed(FINDINGS, truth))}
    # One of one plant against three of six mails: 4 of 7 ways.
    assert (rows["class N"].hits, rows["class N"].n, rows["class N"].p) == (1, 1, round(4 / 7, 4))
    assert not rows["class N"].more_often
    assert rows["sham_insert"].p == 1.0


def test_pairs_with_the_mails_before_the_edit(truth: Truth) -> None:
    best = measures.blamed(FINDINGS, truth)
    rows = {one.group: one for one in measures.chances(truth, best, {"b2": 1})}
    # The plant was accused before too: no pair differs. The sham was not: one pair of one.
    assert (rows["class N"].against, rows["class N"].clean_hits, rows["class N"].p) == ("before", 1, 1.0)
    assert (rows["sham"].clean_hits, rows["sham"].p) == (0, 0.5)
    assert rows["sham_insert"].against == "unplanted"
    _, by_class = measures.recall(truth, best, {"b2": 1})
    assert {row.name: row.before for row in by_class} == {"D": 0, "D/P": 0, "P": 0, "N": 1}


def test_exact_statistics() -> None:
    assert larger(3, 3, 0, 97) == pytest.approx(1 / 161700)
    assert larger(0, 5, 2, 100) == 1.0
    assert (more_only(3, 0), more_only(0, 0), more_only(1, 1)) == (1 / 8, 1.0, 3 / 4)
    # Clopper-Pearson of 0 of 1,000: 1 - 0.05 ** (1 / 1000).
    assert bound_per_thousand(0, 1000) == 2.99


def test_order_counts_lines_and_skips_partners(truth: Truth) -> None:
    best = measures.blamed(FINDINGS, truth)
    lines = [
        line(1, "moderate", FINDINGS[1], "c2"),
        line(2, "strong", FINDINGS[0], "p1"),
        line(3, "weak", FINDINGS[3], "c3", "a2"),
    ]
    found = measures.order(truth, lines, best)
    # c2 is wrong, p1 right at place 2; c3 is the partner of a2, whose class is not wanted.
    assert found.average_precision == found.average_precision_d == 0.5
    assert (found.lines, found.plants, found.within) == (3, 2, {10: 2, 20: 2, 50: 2, 100: 2})
    assert measures.order(truth, lines[:1], best).average_precision == 0.0


def test_worst_alarms_are_lines_without_a_plant(truth: Truth) -> None:
    best = measures.blamed(FINDINGS, truth)
    lines = [
        line(1, "weak", FINDINGS[3], "c3"),
        line(2, "strong", FINDINGS[0], "p1"),
        line(3, "moderate", FINDINGS[1], "c2"),
    ]
    assert [alarm.rank for alarm in measures.worst(truth, lines, best, FINDINGS)] == [3]


def test_what_was_set_aside_and_what_found_a_plant(truth: Truth) -> None:
    assert measures.set_aside(truth, FINDINGS) == [
        ("mail.date_weekday", "no rate", 1, 0),
        ("mail.date_weekday", "wrong_offset", 1, 1),
    ]
    found = {one.key: (one.strength, one.rules) for one in measures.found_plants(truth, FINDINGS)}
    assert found == {
        "O-15/0": ("strong", ("mail.date_weekday",)),
        "O-24/0": ("weak", ("mail.date_weekday",)),
        "O-42/0": ("", ()),
    }


def test_moderate_findings_that_are_strong_together_accuse_at_strong(truth: Truth) -> None:
    both = Combined(owners=2, findings=(), hits=0, n=9, series=0, corpus="C", routes=(), bound=0.1)
    lines = [msgspec.structs.replace(line(1, "strong", FINDINGS[1], item), combined=both) for item in ("a2", "c2")]
    lines.append(line(2, "strong", FINDINGS[0], "c4"))  # strong by a finding of its own: its finding says whom
    assert measures.blamed(FINDINGS, truth)["c4"] == measures.blamed(FINDINGS, truth, lines)["c4"] == 1
    best = measures.blamed(FINDINGS, truth, lines)
    assert (best["a2"], best["c2"]) == (3, 3)
    assert measures.false_items(truth, best)[0].items["strong"] == 1
    found = {one.key: one.strength for one in measures.found_plants(truth, FINDINGS, lines=lines)}
    assert found["O-24/0"] == "strong"


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    folder = tmp_path / "clean"
    folder.mkdir()
    for number in range(30):
        text = f"Date: Mon, {7 + 7 * (number % 4)} Mar 2016 10:{number:02d}:00 +0100\nFrom: a{number % 3}@b.example\n"
        text += f"Message-ID: <{number}@b.example>\nSubject: figures\n\nWe will look at the figures again tomorrow.\n"
        (folder / f"{number}.eml").write_text(text)
    return folder


def test_a_planted_leak_is_scored_from_its_case(clean: Path, tmp_path: Path) -> None:
    out, case = tmp_path / "out", tmp_path / "case"
    assert plant.main([str(clean), str(out), "--per-op", "1", "--seed", "2"]) == 0
    scan([out / "leak"], case)
    files = ["--json", str(tmp_path / "s.json"), "--markdown", str(tmp_path / "s.md")]
    assert score.main([str(out), str(case), *files]) == 0
    held = json.loads((tmp_path / "s.json").read_text())
    assert held["mails"] == len(list((out / "leak").iterdir()))
    year = next(row for row in held["by_operation"] if row["name"] == "O-19")
    assert (year["plants"], year["found"]["weak"]) == (1, 1), "a weekday that is not of its year is seen"
    assert "| O-19 " in (tmp_path / "s.md").read_text()


def test_a_benchmark_pools_archives_and_quotes_no_mail(clean: Path, tmp_path: Path) -> None:
    out = tmp_path / "bench"
    archives = [f"--archive=linux-sctp={clean}", f"--archive=linux-mips={clean}"]
    assert benchmark.main([str(out), *archives, "--per-op", "1"]) == 0
    page = (out / "ops.md").read_text()
    single = json.loads((out / "ops" / "linux-mips" / "score.json").read_text())
    plants = sum(row["plants"] for row in single["by_class"] if row["name"] == "D")
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines()]
    assert [row[2] for row in rows if row[:2] == ["all archives", "D"]] == [str(2 * plants)]
    assert "figures" not in page and "b.example" not in page


def test_a_benchmark_gives_the_planters_keys_and_may_recover_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recovered: list[tuple[Path, float]] = []
    monkeypatch.setattr(benchmark, "recover_keys", lambda case, options: recovered.append((case, options.seconds)))
    out, folder = tmp_path / "bench", clean_folder(tmp_path / "mails", 24)
    line = [str(out), f"--archive=linux-sctp={folder}", "--per-op", "1"]
    assert benchmark.main([*line, "--dkim-keys", str(given_key(tmp_path)), "--recover-keys", "20"]) == 0
    made = out / "ops" / "linux-sctp"
    assert recovered == [(made / "case", 20), (made / "case-before", 20)]
    domains = {row.split("\t")[0] for row in (made / "keys.tsv").read_text().splitlines()[1:]}
    assert domains and {key.domain for key in keys(made / "case")} == {*domains, "given.example"}


def given_key(folder: Path) -> Path:
    (folder / "given.tsv").write_text(table([key_of("given.example", "1")]))
    return folder / "given.tsv"


def test_a_page_pools_false_items_and_lists_what_is_authenticated(truth: Truth) -> None:
    spoken, best = vouched(truth, SPEAKING), measures.blamed(FINDINGS, truth)
    by_operation, by_class = measures.recall(truth, best, None, spoken)
    one = score.Score(
        scenario="ops",
        source="mails",
        seed="1",
        mails=10,
        lacking={},
        by_operation=by_operation,
        by_class=by_class,
        false_items=measures.false_items(truth, best),
        chances=[],
        order=replace(measures.order(truth, [], best), average_precision_d=0.25, average_precision=0.5),
        set_aside=[],
        worst=[],
        plants=measures.found_plants(truth, FINDINGS, spoken),
    )
    other = replace(one, source="others", order=replace(one.order, average_precision_d=0.75))
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in pooled.markdown([one, other]).splitlines()]
    # Two of 16: no more than two are found in 5 of 100 cases where 34.383 % would be.
    assert ["all archives", "all", "16", "8: 500.00 (721.40)", "2: 125.00 (343.83)", "0: 0.00 (170.75)"] in rows
    assert ["mails", "all", "8", "4: 500.00 (807.10)", "1: 125.00 (470.68)", "0: 0.00 (312.34)"] in rows
    assert ["all archives", "D", "2", "2", "2", "2", "0", "2", "0"] in rows
    assert ["others", "N", "1", "1", "0", "0", "-", "1", "1"] in rows
    assert ["O-15", "header_only", "2"] in rows and ["O-24", "author", "2"] in rows
    assert ["O-15", "1/1/1 of 1", "1/1/1 of 1"] in rows
    assert "0.500 over class D, 0.500 over all but N" in pooled.markdown([one, other])
    assert "No plant is authenticated." in pooled.markdown(
        [replace(one, plants=measures.found_plants(truth, FINDINGS))]
    )


def test_the_page_has_a_table_for_each_measure(truth: Truth, tmp_path: Path) -> None:
    found = score.Score(
        scenario="ops",
        source="mails",
        seed="1",
        mails=10,
        lacking={},
        by_operation=[],
        by_class=[],
        false_items=measures.false_items(truth, measures.blamed(FINDINGS, truth)),
        chances=[],
        order=measures.order(truth, [], {}),
        set_aside=[],
        worst=[],
        plants=[],
    )
    page = markdown(found)
    assert "4: 500.00" in page and "nothing planted" in page
    assert "nothing planted" not in markdown(replace(found, plants=measures.found_plants(truth, FINDINGS)))


def test_bad_input_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(UsageError):
        read(tmp_path)
    (tmp_path / "labels.json").write_text("{}")
    assert score.main([str(tmp_path), str(tmp_path / "none")]) == 2
    assert "labels.json" in capsys.readouterr().err
