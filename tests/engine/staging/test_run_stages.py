"""A stage is redone when what it rests on changed, and only then."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import msgspec
import pytest

import forensics
from forensics import ScanOptions, checks, scan, verify
from forensics.casestore import CaseFolder, Queries, logical_digest, reached
from forensics.engine.reading.code import reading_roots
from forensics.engine.staging.run_stages import run_stages
from forensics.errors import CheckError, Interrupted, MemoryFull
from forensics.model.keys import Key
from forensics.model.rows.ranking import RankRow
from forensics.model.rows.set_aside import SetAsideRow
from forensics.replay.contents import SourceContents
from forensics.stages import STAGES, grade, threads
from forensics.stages.closure import Code
from forensics.stages.identity import roots, stage_id
from forensics.stages.stage import Settings, Tables, Write, load

pytestmark = pytest.mark.usefixtures("in_process")

PACKAGE = Path(forensics.__file__).parent
LEAK = Path(__file__).parents[2] / "kept" / "format_1" / "leak"
BEFORE_GRADE = [(name, False) for name in STAGES[: STAGES.index("grade")]]
OPTIONS = ScanOptions(jobs=1, as_of="2017-06-01T00:00:00Z")


def stage_lines(case: Path, since: int = 0) -> list[tuple[str, bool]]:
    """Return each stage that a log names from a line on, and whether it ran."""
    lines = [json.loads(line) for line in (case / "custody.jsonl").read_text().splitlines()][since:]
    return [(line["details"]["stage"], "skipped" not in line["details"]) for line in lines if line["action"] == "stage"]


def count(case: Path) -> int:
    return len((case / "custody.jsonl").read_text().splitlines())


def digest(case: Path) -> str:
    with Queries(CaseFolder.open(case)) as queries:
        return logical_digest(queries)


@pytest.fixture(scope="module")
def scanned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    case = tmp_path_factory.mktemp("scanned") / "case"
    scan([LEAK], case, OPTIONS)
    return case


@pytest.fixture
def case(scanned: Path, tmp_path: Path) -> Path:
    shutil.copytree(scanned, tmp_path / "case")
    return tmp_path / "case"


def test_a_second_scan_skips_every_stage(case: Path) -> None:
    assert stage_lines(case) == [(name, True) for name in STAGES]
    before, head, lines = digest(case), CaseFolder.open(case).custody.head(), count(case)
    again = scan([LEAK], case, OPTIONS)
    assert again.units == 0
    assert stage_lines(case, lines) == [(name, False) for name in STAGES]
    assert (digest(case), again.extent.reached.settled) == (before, True)
    assert again.ranked > 0
    assert verify(case, head=head).problems == ()


def test_a_file_that_is_not_what_was_written_is_made_again(case: Path) -> None:
    before, lines = digest(case), count(case)
    (case / "tables/ranking/grade.parquet").write_bytes(b"PAR1")
    (case / "tables/findings/grade.parquet").unlink()
    scan([LEAK], case, OPTIONS)
    # What is labelled is named by findings, which are as they were.
    assert stage_lines(case, lines) == [*BEFORE_GRADE, ("grade", True), ("label", False)]
    assert digest(case) == before


def test_other_items_redo_all(tmp_path: Path) -> None:
    case = tmp_path / "case"
    shutil.copytree(LEAK, tmp_path / "leak")
    scan([tmp_path / "leak"], case, OPTIONS)
    (tmp_path / "leak" / "copy.eml").unlink()
    lines = count(case)
    scan([tmp_path / "leak"], case, OPTIONS)
    # No mail there is signed by its author, so what is known of such signatures is as it was.
    assert stage_lines(case, lines) == [(name, name != "signers") for name in STAGES]
    scan([tmp_path / "leak"], tmp_path / "fresh", OPTIONS)
    assert digest(case) == digest(tmp_path / "fresh")


def test_a_scan_that_was_stopped_between_two_stages_goes_on(
    scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(tables: Tables, settings: Settings, write: Write) -> None:
        raise KeyboardInterrupt

    case = tmp_path / "stopped"
    with monkeypatch.context() as patch:
        patch.setattr(grade, "run", stopped)
        with pytest.raises(Interrupted):
            scan([LEAK], case, OPTIONS)
    assert stage_lines(case) == [(name, True) for name, _ in BEFORE_GRADE]
    state = reached(CaseFolder.open(case))
    assert (state.files_read, state.judged, state.settled) == (state.files_planned, False, False)
    lines = count(case)
    assert scan([LEAK], case, OPTIONS).units == 0
    assert stage_lines(case, lines) == [*BEFORE_GRADE, ("grade", True), ("label", True)]
    assert digest(case) == digest(scanned)


# What is computed from the files of the package


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package, to be changed."""
    copy = tmp_path_factory.mktemp("changed") / "forensics"
    shutil.copytree(PACKAGE, copy)
    return copy


@pytest.fixture
def changed(package: Path) -> Iterator[Callable[[str], Path]]:
    """Change a file of the copy until the test ends."""
    before: dict[Path, bytes] = {}

    def change(name: str) -> Path:
        file = package / name
        before[file] = file.read_bytes()
        file.write_bytes(before[file] + b"\n")
        return package

    yield change
    for file, data in before.items():
        file.write_bytes(data)


OF_TEXTS = ("quotes", "copies", "copy_claims", "document_copies", "restored", "observe", "explain")
"""Stages that read mails again, or rest on their readers' code."""


def ids(package: Path) -> dict[str, str]:
    code = Code(package)
    settings = Settings(contents=SourceContents(lambda _: None))
    found = {name: stage_id(load(name), settings, {}, code) for name in STAGES}
    return {"reading": code.digest(reading_roots()), **found}


@pytest.mark.parametrize(
    ("name", "redone"),
    [
        ("knowledge/counts/mail.hop_delay.csv", {"grade"}),
        ("knowledge/clean_scores.csv", {"grade"}),
        ("knowledge/unread.toml", {"reading"}),
        ("knowledge/benign/routes.py", {"grade"}),
        (
            "replay/quoted_printable.py",
            {"reading", "verdicts", "repair", "counterparts", *OF_TEXTS},
        ),
        (
            "parsers/mail/_mbox_quoting.py",
            {"reading", "repair", "counterparts", *OF_TEXTS},
        ),
        ("parsers/document/pdf.py", {"reading", "counterparts", "document_copies"}),
        ("parsers/document/_pdf_reading.py", {"reading", "counterparts", "document_copies"}),
        ("checks/mail/hop_delay.py", {"reading", "explain", "grade"}),
        ("checks/case/batch_touch.py", {"observe", "explain", "grade"}),
        ("checks/explain/own_copy.py", {"explain", "grade"}),
        ("stages/grading/rank.py", {"grade"}),
        ("relations/comparing/texts.py", {"copy_claims", "counterparts", "document_copies"}),
        ("casestore/_selects.py", set(STAGES)),
        ("engine/reading/worker.py", {"reading"}),
        ("engine/scan.py", set()),
        ("report/answer.py", set()),
        ("report/phrases.py", set()),
        ("knowledge/make_rates.py", set()),
    ],
)
def test_a_change_redoes_what_rests_on_it(
    package: Path, changed: Callable[[str], Path], name: str, redone: set[str]
) -> None:
    before, after = ids(package), ids(changed(name))
    assert {part for part in before if before[part] != after[part]} == redone


def test_a_scan_with_changed_files(package: Path, changed: Callable[[str], Path], tmp_path: Path) -> None:
    case = tmp_path / "case"

    def run() -> tuple[int, list[tuple[str, bool]]]:
        lines = count(case) if case.exists() else 0
        call = [sys.executable, "-c", "from forensics.cli import main; main()", "scan", LEAK, "--case", case]
        env = {**os.environ, "PYTHONPATH": str(package.parent)}
        options = ["--as-of", "2017-06-01", "--jobs", "1"]
        subprocess.run([*call, *options], env=env, cwd=tmp_path, capture_output=True, check=False)
        log = [json.loads(line) for line in (case / "custody.jsonl").read_text().splitlines()][lines:]
        assert log[-1]["action"] == "scan_finished"
        return sum(line["action"] == "unit" for line in log), stage_lines(case, lines)

    assert run() == (1, [(name, True) for name in STAGES])
    findings = digest(case)
    changed("knowledge/counts/mail.hop_delay.csv")
    assert run() == (0, [*BEFORE_GRADE, ("grade", True), ("label", False)])
    changed("replay/base64.py")
    assert run() == (1, [(name, True) for name in STAGES])
    assert digest(case) == findings


# What a stage declares


def toy(name: str, reads: tuple[str, ...], takes: tuple[str, ...], writes: str = "set_aside", given: str = "") -> Any:
    """A stage that says what it was handed."""

    def run(tables: Tables, settings: Settings, write: Write) -> None:
        said = ",".join([*settings.leave_out, *[key.domain for key in settings.keys]])
        row: msgspec.Struct = SetAsideRow(rule=name, reason=said, group="", count=1, set_aside="{}")
        if writes == "ranking":
            row = RankRow(rank=1, strength="weak", score=0.0, ranked=said)
        write(given or writes, row)

    return SimpleNamespace(
        __name__="forensics.errors",
        NAME=name,
        VERSION=1,
        READS=reads,
        WRITES=(writes,),
        TAKES=takes,
        ROWS_NEEDED={},
        loads=tuple,
        run=run,
    )


@pytest.fixture
def stages(case: Path) -> Iterator[Callable[..., list[tuple[str, bool]]]]:
    """Run stages over the case; return which ran."""
    folder = CaseFolder.open(case)
    with folder.lock(), Queries(folder) as queries:

        def run(*given: Any, **settings: Any) -> list[tuple[str, bool]]:
            lines = count(case)
            run_stages(folder, queries, Settings(**settings), given)
            return stage_lines(case, lines)

        yield run


def test_a_setting_redoes_who_declares_it_and_who_reads_that(stages: Callable[..., Any]) -> None:
    given = (
        toy("alone", ("messages",), ()),
        toy("takes", ("messages",), ("leave_out",)),
        toy("reads", ("set_aside",), ()),
    )
    assert stages(*given) == [("alone", True), ("takes", True), ("reads", True)]
    assert stages(*given) == [("alone", False), ("takes", False), ("reads", False)]
    assert stages(*given, leave_out=("L2",)) == [("alone", False), ("takes", True), ("reads", True)]
    assert stages(*given, leave_out=("L2",), as_of=7) == [("alone", False), ("takes", False), ("reads", False)]


def test_a_stage_sees_only_what_it_declares(stages: Callable[..., Any], case: Path) -> None:
    stages(toy("alone", (), ()), toy("takes", (), ("leave_out",)), leave_out=("L2",))
    with Queries(CaseFolder.open(case)) as queries:
        said = queries.pairs("SELECT rule, reason FROM set_aside WHERE rule IN ('alone', 'takes') ORDER BY rule")
    assert said == [("alone", ""), ("takes", "L2")]


def test_a_stage_may_not_write_what_it_does_not_declare(stages: Callable[..., Any]) -> None:
    with pytest.raises(CheckError, match="does not say that it writes ranking"):
        stages(toy("wrong", (), (), given="ranking"))


def test_every_version_and_declaration_is_part_of_the_id() -> None:
    stage = load("grade")
    assert isinstance(stage, ModuleType)
    first = stage_id(stage, Settings(), {})
    others = [SimpleNamespace(**{**vars(stage), "VERSION": 2}), SimpleNamespace(**{**vars(stage), "READS": ()})]
    found = {stage_id(one, Settings(), {}) for one in others}  # type: ignore[arg-type]
    found |= {stage_id(stage, Settings(), {"tables/x/u.parquet": "0"}), stage_id(stage, Settings(leave_out=("a",)), {})}
    assert len(found | {first}) == 5
    assert stage_id(stage, Settings(as_of=5), {}) == first
    assert roots(stage, Settings())[0] == "forensics.stages.grade"
    reader = Settings(contents=SourceContents(lambda _: None))
    assert stage_id(load("observe"), reader, {}) != stage_id(load("observe"), Settings(), {})
    assert stage_id(stage, reader, {}) == first, "grading reads nothing again"


def test_a_key_that_arrives_later(stages: Callable[..., Any]) -> None:
    given = (
        toy("verdicts", ("messages",), ("keys",), writes="ranking"),
        toy("relations", ("messages",), ()),
        toy("after", ("ranking",), ()),
    )
    assert stages(*given) == [("verdicts", True), ("relations", True), ("after", True)]
    key = Key(domain="a.example", selector="s1", record=b"v=DKIM1; p=AAAA", origin="keys.txt")
    assert stages(*given, keys=(key,)) == [("verdicts", True), ("relations", False), ("after", True)]
    assert not any(ran for _, ran in stages(*given, keys=(key,)))


@pytest.mark.parametrize("name", ["case.lookalike_domain", "threads"])
def test_a_stage_whose_query_needs_more_memory_runs_again_with_more(
    name: str, scanned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sql = checks.load(name).QUERY if name.startswith("case.") else threads._LINKS
    stage = "observe" if name.startswith("case.") else name
    asked: list[str] = []
    rows = Queries.rows

    def short(self: Queries, query: str, parameters: Any, kind: Any) -> Iterator[Any]:
        if query == sql:
            asked.append(self.memory)
            if self.memory != "4GB":
                yield from [row for row, _ in zip(rows(self, query, parameters, kind), range(2), strict=False)]
                raise MemoryFull("not enough")
        yield from rows(self, query, parameters, kind)

    monkeypatch.setattr(Queries, "rows", short)
    case = tmp_path / "case"
    scan([LEAK], case, OPTIONS)
    assert asked == ["256MB", "1GB", "4GB"]
    lines = [json.loads(line)["details"] for line in (case / "custody.jsonl").read_text().splitlines()]
    told = {line["stage"]: line.get("memory", "") for line in lines if "stage" in line}
    assert told == dict.fromkeys(STAGES, "") | {stage: "4GB"}
    assert digest(case) == digest(scanned)


def test_where_there_is_no_more_memory_a_rule_is_lost_and_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = Queries.rows

    def short(self: Queries, query: str, parameters: Any, kind: Any) -> Iterator[Any]:
        if query == checks.load("case.lookalike_domain").QUERY:
            raise MemoryFull("not enough")
        yield from rows(self, query, parameters, kind)

    monkeypatch.setattr(Queries, "rows", short)
    scan([LEAK], tmp_path / "case", OPTIONS)
    with Queries(CaseFolder.open(tmp_path / "case")) as queries:
        faults = queries.pairs("SELECT code, text FROM notices WHERE code = 'engine.rule_fault'")
    assert len(faults) == 1
    assert "MemoryFull" in faults[0][1]
