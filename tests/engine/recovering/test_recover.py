"""Keys computed from the signatures of a case, stored beside those that are there."""

import sys
import time
from pathlib import Path

import pytest

from forensics import Interrupted, NotInstalled, RecoverOptions, ScanOptions, recover_keys, scan, verify
from forensics.authenticity import recovery
from forensics.authenticity.key_records import read_record
from forensics.casestore import CaseFolder, Queries, write_unit
from forensics.engine.recovering import computing
from forensics.engine.recovering.recover import UNIT
from forensics.model.codec import encode
from forensics.model.keys import Key
from forensics.model.rows.keys import KeyRow, row_of
from forensics.model.rows.verdicts import VerdictRow
from tests.signed_mails import DAY, START, private_key, write_mails

QUICK = (
    "-c",
    f"import {recovery.__name__} as r; r.EXPONENTS = (3,)\nfrom {computing.__name__} import main; main()",
)
"""Computes with the exponent of these tests alone: the usual one takes half a minute where it finds nothing."""
SLOW = ("-c", "import time; time.sleep(60)")
pytestmark = pytest.mark.usefixtures("in_process", "quick")
OPTIONS = ScanOptions(jobs=1, as_of="2026-01-01T00:00:00Z")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forensics.engine.recovering.computing._COMMAND", QUICK)


def scanned(folder: Path) -> Path:
    case = folder.with_name("case")
    scan([folder], case, OPTIONS)
    return case


def modulus(record: bytes) -> int:
    rsa = read_record(record).rsa
    assert rsa is not None
    return rsa.public_numbers().n


def made(key: str) -> int:
    return private_key(key).public_key().public_numbers().n


def stored(case: Path) -> list[KeyRow]:
    with Queries(CaseFolder.open(case)) as queries:
        return list(queries.rows("SELECT * FROM keys ORDER BY domain, selector, first_seen, key", {}, KeyRow))


def recovered_lines(case: Path) -> list[dict[str, str]]:
    return [line.details for line in CaseFolder.open(case).custody.lines() if line.action == "keys_recovered"]


@pytest.fixture
def mails(tmp_path: Path, unjudged: None) -> Path:
    folder = tmp_path / "mails"
    write_mails(folder, "a", "a.example/one", range(6))
    return folder


def test_a_key_is_recovered_stored_and_judged_with(tmp_path: Path) -> None:
    mails = tmp_path / "mails"
    write_mails(mails, "a", "a.example/one", range(6))
    write_mails(mails, "a", "a.example/one", range(8, 14, 5), changed="Subject")
    case = scanned(mails)
    result = recover_keys(case)
    (found,) = result.found
    assert (result.failed, result.left, result.judged) == (0, 0, True)
    assert modulus(found.key.record) == made("a")
    assert (found.opened, found.holds, found.tested, found.senders, found.bits) == (8, 6, 8, 4, 1024)
    assert (found.misfits, found.misfitting, found.pairs) == (0, (), 1)
    (row,) = stored(case)
    assert row.given == found.key
    assert (row.first_seen, row.last_seen) == (START, START + 13 * DAY)
    assert (row.obtained, row.origin) == ("recovered", "2 signatures of the archive, gcd")
    named = {"unit": UNIT, "domain": "a.example", "selector": "one", "opened": "8", "tested": "8"}
    assert recovered_lines(case) == [named]
    with Queries(CaseFolder.open(case)) as queries:
        verdicts = list(queries.rows("SELECT * FROM verdicts ORDER BY sha256", {}, VerdictRow))
    assert sorted(verdict.header for verdict in verdicts) == ["altered"] * 2 + ["holds"] * 6
    assert verify(case).problems == ()


def test_a_selector_has_several_keys_in_time(mails: Path) -> None:
    write_mails(mails, "b", "a.example/one", range(100, 105))
    case = scanned(mails)
    found = recover_keys(case).found
    assert {modulus(one.key.record): (one.opened, one.tested) for one in found} == {
        made("a"): (6, 11),
        made("b"): (5, 11),
    }
    assert [row.first_seen for row in stored(case)] == [START, START + 100 * DAY]


def test_what_fits_no_key_of_its_time_is_listed(mails: Path) -> None:
    write_mails(mails, "b", "a.example/one", range(3, 4))
    write_mails(mails, "c", "a.example/one", range(50, 51))
    (found,) = recover_keys(scanned(mails)).found
    assert (found.opened, found.tested, found.misfits) == (6, 8, 1)
    (misfit,) = found.misfitting
    assert (misfit.kind, misfit.index) == ("dkim", 0)


def test_domains_that_share_a_key_need_one_pair(mails: Path) -> None:
    write_mails(mails, "a", "b.example/one", range(10, 12))
    found = recover_keys(scanned(mails)).found
    assert [(one.key.domain, one.pairs) for one in found] == [("a.example", 1), ("b.example", 0)]
    assert found[1].key.origin == "key of a.example, which opens 2 signatures of the archive"


def test_recovering_again_adds_and_loses_nothing(mails: Path) -> None:
    write_mails(mails, "b", "b.example/two", range(5))
    case = scanned(mails)
    first = recover_keys(case, RecoverOptions(domain="B.example")).found
    assert [one.key.domain for one in first] == ["b.example"]
    second = recover_keys(case).found
    assert [one.key.domain for one in second] == ["a.example"]
    assert [row.domain for row in stored(case)] == ["a.example", "b.example"]
    assert recover_keys(case).found == ()
    assert len(recovered_lines(case)) == 2


def test_what_a_key_at_hand_opens_is_not_computed(mails: Path) -> None:
    case = scanned(mails)
    recover_keys(case)
    (row,) = stored(case)
    folder = CaseFolder.open(case)
    with folder.lock():
        lines = folder.tmp / "keys"
        lines.write_bytes(encode(row_of(Key(domain="a.example", selector="one", record=row.record, origin="zone"))))
        folder.custody.append("keys", {}, write_unit(folder, "keys-file", {"keys": lines}))
        folder.custody.append("keys", {}, write_unit(folder, UNIT, {}))
    assert recover_keys(case).found == ()
    assert [row.obtained for row in stored(case)] == ["file"]


@pytest.mark.parametrize("asked", [RecoverOptions(selector="other"), RecoverOptions(domain="other.example")])
def test_only_what_is_asked_for_is_tried(mails: Path, asked: RecoverOptions) -> None:
    result = recover_keys(scanned(mails), asked)
    assert (result.found, result.failed, result.left, result.judged) == ((), 0, 0, True)


def test_changed_headers_give_no_key(tmp_path: Path) -> None:
    write_mails(tmp_path / "mails", "a", "a.example/one", range(6), changed="Subject")
    result = recover_keys(scanned(tmp_path / "mails"))
    assert (result.found, result.failed, result.left) == ((), 1, 0)


def test_the_time_ends_what_is_computed(mails: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forensics.engine.recovering.computing._COMMAND", SLOW)
    case, started = scanned(mails), time.monotonic()
    result = recover_keys(case, RecoverOptions(seconds=0.5))
    assert (result.found, result.left) == ((), 1)
    assert time.monotonic() - started < 30


def test_a_stop_keeps_what_was_found(mails: Path) -> None:
    write_mails(mails, "b", "b.example/two", range(5))
    case = scanned(mails)

    def stop(at: object) -> None:
        if recovered_lines(case):
            raise KeyboardInterrupt

    with pytest.raises(Interrupted):
        recover_keys(case, RecoverOptions(jobs=1), progress=stop)
    assert [row.domain for row in stored(case)] == ["a.example"]
    assert [one.key.domain for one in recover_keys(case).found] == ["b.example"]


def test_a_missing_library_is_said_before_the_case_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gmpy2", None)
    with pytest.raises(NotInstalled):
        recover_keys(tmp_path / "none")
