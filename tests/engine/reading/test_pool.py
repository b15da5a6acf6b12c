"""Workers that were taken over, that end, that hang: each costs its item, and the scan goes on."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forensics import ScanOptions, check, items, scan
from forensics.casestore import CaseFolder, Queries, logical_digest
from forensics.engine.reading import process, units
from forensics.model.scanning import ScanResult

pytestmark = pytest.mark.usefixtures("unjudged")

MAIL = b"From: a@a.example\nTo: b@b.example\nSubject: %s\nDate: Mon, 4 Jan 2016 10:00:00 +0000\n\nText.\n"

HOOK = """
import os, sys, time
if any("reading.nursery" in word for word in sys.orig_argv):
    import forensics.parsers.mail.rfc5322 as target
    _parse = target.parse

    def pipes():
        for name in os.listdir("/proc/self/fd"):
            try:
                if int(name) > 2 and os.readlink(f"/proc/self/fd/{{name}}").startswith("pipe:"):
                    yield int(name)
            except OSError:
                pass

    def say(data):
        for pipe in pipes():
            try:
                os.write(pipe, data)
            except OSError:
                pass

    def parse(source, where, context):
        if b"Subject: evil" in source.read(0, 200):
{act}
        return _parse(source, where, context)

    target.parse = parse
"""

_DONE = """say(b'{"kind":"done"}\\n'); time.sleep(100)"""
# What no answer looks like is in `test_process.py`; here is what the scan makes of each kind of fault.
EVIL = {
    "lies that it is done": (_DONE, "engine.worker"),
    "is ready twice": ("""say(b'{"kind":"ready"}\\n'); time.sleep(100)""", "engine.worker"),
    "names a path": (
        """say(b'{"kind":"done","tables":{"contents":"PRECIOUS"}}\\n'); time.sleep(100)""",
        "engine.worker",
    ),
    "spoils its page": (
        "import glob; [open(p, 'r+b').write(b'x' * 5000) for p in glob.glob('TMP/worker-*/pulse')]; time.sleep(100)",
        "engine.worker",
    ),
    "talks and ends": ("[os.write(2, b'x' * 65536) for _ in range(500)]; os.abort()", "engine.watchdog"),
    "computes for ever": ("while True: pass", "engine.watchdog"),
    "waits for ever": ("time.sleep(1000)", "engine.watchdog"),
    "eats memory": ("x = [bytearray(b'x' * (50 << 20)) for _ in range(10)]; time.sleep(100)", "engine.memory"),
}


def hook(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: str) -> None:
    site = tmp_path / "site"
    site.mkdir(exist_ok=True)
    (site / "sitecustomize.py").write_text(HOOK.format(act=f"            {act}"))
    monkeypatch.setenv("PYTHONPATH", str(site))


def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    folder.mkdir()
    for name in (b"aa", b"bb", b"evil", b"victim", b"zz"):
        (folder / f"{name.decode()}.eml").write_bytes(MAIL % name)
    return folder


def test_each_worker_that_was_taken_over_costs_its_item(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    precious = tmp_path / "precious"
    precious.write_bytes(b"")
    acts = {}
    source = sources(tmp_path)
    for number, (act, _) in enumerate(EVIL.values()):
        acts[number] = act.replace("PRECIOUS", str(precious)).replace("TMP", str(tmp_path / "case" / "tmp"))
        (source / f"c{number:02}.eml").write_bytes(MAIL % b"evil %d." % number)
    hook(tmp_path, monkeypatch, f"exec({acts!r}[int(source.read(0, 200).split(b'evil ')[1].split(b'.')[0])])")
    (source / "evil.eml").unlink()
    monkeypatch.setattr(process, "CPU_S", 1.0)
    monkeypatch.setattr(process, "IDLE_S", 6.0)
    monkeypatch.setattr(process, "RESIDENT_BYTES", 400_000_000)
    result = scan([source], tmp_path / "case", ScanOptions(jobs=1))
    found = {line.location.text: line for line in items(tmp_path / "case")}
    said = {name: [line.status, *[notice.code for notice in line.notices]] for name, line in found.items()}
    assert said == {
        **{f"{name}.eml": ["parsed"] for name in ("aa", "bb", "victim", "zz")},
        **{f"c{number:02}.eml": ["unread", code] for number, (_, code) in enumerate(EVIL.values())},
    }
    assert result.again == len(EVIL)
    assert precious.exists()


def again(tmp_path: Path) -> ScanResult:
    return scan([tmp_path / "source"], tmp_path / "case", ScanOptions(jobs=1, as_of="2020-01-01"))


def digest(case: Path) -> str:
    with Queries(CaseFolder.open(case)) as queries:
        return logical_digest(queries)


def test_the_same_scan_reads_again_what_failed_in_passing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = sources(tmp_path)
    scan([source], tmp_path / "clean", ScanOptions(jobs=1, as_of="2020-01-01"))
    hook(tmp_path, monkeypatch, "os.abort()")
    for _ in range(2):
        result = again(tmp_path)
        assert (result.again, result.units) == (1, 1), "what fails again ends as it did"
    monkeypatch.delenv("PYTHONPATH")
    assert (again(tmp_path).again, again(tmp_path).units) == (0, 0)
    assert digest(tmp_path / "case") == digest(tmp_path / "clean")


def test_a_source_that_was_away_is_read_when_it_is_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = sources(tmp_path)
    scan([source], tmp_path / "clean", ScanOptions(jobs=1, as_of="2020-01-01"))
    hook(tmp_path, monkeypatch, f"os.rename({str(source)!r}, {str(tmp_path / 'away')!r})")
    result = again(tmp_path)
    assert result.again == 2
    (tmp_path / "away").rename(source)
    monkeypatch.delenv("PYTHONPATH")
    assert again(tmp_path).again == 0
    assert digest(tmp_path / "case") == digest(tmp_path / "clean")


def test_memory_that_runs_out_in_a_reader_is_no_fault_of_the_mail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sources(tmp_path)
    hook(tmp_path, monkeypatch, "raise ValueError('no XML') from MemoryError()")
    assert again(tmp_path).again == 1
    monkeypatch.delenv("PYTHONPATH")
    assert again(tmp_path).extent.by_status == {"parsed": 5}


def test_check_reads_in_a_process_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hook(tmp_path, monkeypatch, "os.abort()")
    (facts,) = check(sources(tmp_path) / "evil.eml").items
    assert (facts.status, [notice.code for notice in facts.notices]) == ("unread", ["engine.watchdog"])
    (facts,) = check(tmp_path / "source" / "aa.eml").items
    assert facts.status == "parsed"


def test_time_in_which_the_machine_stood_still_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(process, "CPU_S", 1.0)
    monkeypatch.setattr(process, "IDLE_S", 5.0)
    hook(tmp_path, monkeypatch, "time.sleep(3)")
    slow = iter([0.0, *[3_600.0 * hour for hour in range(1, 400)]])
    start = time.monotonic()
    monkeypatch.setattr("forensics.engine.reading.pool.time.monotonic", lambda: start + next(slow, 1e7))
    monkeypatch.setattr("forensics.engine.reading.pool._POLL_S", 2.0)
    sources(tmp_path)
    assert again(tmp_path).extent.by_status == {"parsed": 5}


def runs(pid: int) -> bool:
    """Whether a process is there and has not ended; nobody may ask for how it ended."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"


def test_processes_that_a_worker_starts_end_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = tmp_path / "started"
    act = f"pid = os.fork(); pid or time.sleep(100); open({str(started)!r}, 'w').write(str(pid))"
    hook(tmp_path, monkeypatch, act)
    sources(tmp_path)
    again(tmp_path)
    deadline = time.monotonic() + 5
    while runs(int(started.read_text())):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    assert not list((tmp_path / "case" / "tmp").iterdir())


def test_jobs_do_not_change_the_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units, "UNIT_FILES", 2)
    source = sources(tmp_path)
    found = [scan([source], tmp_path / str(jobs), ScanOptions(jobs=jobs, as_of="2020-01-01")) for jobs in (1, 3)]
    assert [result.units for result in found] == [3, 3]
    assert digest(tmp_path / "1") == digest(tmp_path / "3")


def test_a_dead_worker_costs_one_item(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Any]) -> None:
    source, flag = sources(tmp_path), tmp_path / "flag"
    (source / "once.eml").write_bytes(MAIL % b"evil once")
    always = "if b'once' not in source.read(0, 200): os.abort()"
    once = f"if not os.path.exists({str(flag)!r}): open({str(flag)!r}, 'w').close(); os.abort()"
    hook(tmp_path, monkeypatch, f"{always}\n            {once}")
    ran = run("scan", source, "--case", tmp_path / "case")
    assert ran.returncode == 3, ran.stderr
    found = {item.location.text: item for item in items(tmp_path / "case")}
    assert len(found) == 6
    assert {text for text, item in found.items() if item.status == "unread"} == {"evil.eml"}
    assert found["evil.eml"].notices[0].code == "engine.watchdog"
    assert found["once.eml"].status == "parsed", "a first death gets a second chance"


def test_workers_that_always_die_end_the_scan_with_their_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Callable[..., Any]
) -> None:
    source, site = sources(tmp_path), tmp_path / "site"
    site.mkdir()
    crash = "import forensics.engine.reading.examine as t\ndef examine(*_):\n    raise SystemExit('no such table')\n"
    (site / "sitecustomize.py").write_text(f"{crash}t.Examiner.examine = examine\n")
    monkeypatch.setenv("PYTHONPATH", str(site))
    ran = run("scan", source, "--case", tmp_path / "case", "--jobs", "1")
    assert ran.returncode == 4
    assert "end on their own" in ran.stderr
    assert "no such table" in ran.stderr
