"""``keys``: files are taken or said not to be, lists stand in all forms."""

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forensics import ScanOptions, scan

pytestmark = pytest.mark.usefixtures("in_process")

Run = Callable[..., Any]
ZONE = """\
brisbane._domainkey.football.example.com. TXT "k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
broken._domainkey.football.example.com. TXT "p=AA\x1b[31m"
alias._domainkey.football.example.com. CNAME other.example.
mail.example. A 192.0.2.1
"""


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory, signed_mail: bytes) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    (folder / "mails").mkdir()
    (folder / "mails" / "a.eml").write_bytes(signed_mail)
    (folder / "keys.zone").write_text(ZONE)
    scan([folder / "mails"], folder / "case", ScanOptions(jobs=1, as_of="2020-01-01"))
    return folder / "case"


def test_keys_are_added_and_listed(run: Run, case: Path) -> None:
    added = run("keys", "add", case, case.with_name("keys.zone"))
    assert added.returncode == 0, added.stderr
    first, *notices, judged, head = added.stdout.splitlines()
    assert first == "keys.zone: 1 key, 2 entries gave none, 1 other record"
    assert len(notices) == 2 and "\x1b" not in added.stdout
    assert judged == "The case was judged with them."
    assert len(head.rpartition(" ")[2]) == 64
    for command in ("list", "coverage"):
        table = run("keys", command, case).stdout
        assert "football.example.com" in table
        assert max(map(len, table.splitlines())) <= 80
        lines = [json.loads(line) for line in run("keys", command, case, "--format", "jsonl").stdout.splitlines()]
        rows = list(csv.DictReader(io.StringIO(run("keys", command, case, "--format", "csv").stdout)))
        assert [line["selector"] for line in lines] == [row["selector"] for row in rows]
    assert "Ask: whoever runs example.com" not in table, "the other signature of the mail opens"


def test_what_is_not_at_hand_is_said(run: Run, case: Path) -> None:
    away = (case.with_name("mails")).rename(case.with_name("moved"))
    (case.with_name("more.zone")).write_text('test._domainkey.football.example.com. TXT "v=DKIM1; p="')
    added = run("keys", "add", case, case.with_name("more.zone"))
    assert added.returncode == 6
    assert "not judged with them" in added.stdout
    assert "run `forensics scan` again" in run("keys", "list", case).stdout
    assert run("rank", case).returncode == 6
    again = run("keys", "add", case, case.with_name("more.zone"), "--source", away)
    assert again.returncode == 0
    away.rename(case.with_name("mails"))


def test_keys_are_taken_out(run: Run, case: Path) -> None:
    gone = run("keys", "remove", case, "football.example.com/brisbane")
    assert gone.returncode == 0, gone.stderr
    first, judged, head = gone.stdout.splitlines()
    assert first == "football.example.com, selector brisbane: taken out (keys.zone)"
    assert judged == "The case was judged without them."
    assert len(head.rpartition(" ")[2]) == 64
    assert run("keys", "remove", case, "football.example.com/brisbane").returncode == 2
    assert run("keys", "add", case, case.with_name("keys.zone")).returncode == 0


def test_wrong_calls(run: Run, case: Path) -> None:
    assert run("keys", "add", case, case.with_name("nothing")).returncode == 2
    assert run("keys", "add", case).returncode == 2
    assert run("keys", "nothing", case).returncode == 2


def test_check_with_keys(run: Run, case: Path) -> None:
    mail, zone = case.with_name("mails") / "a.eml", case.with_name("keys.zone")
    ran = run("check", mail, "--dkim-keys", zone)
    said = " ".join(ran.stdout.split())
    assert "selector brisbane (ed25519-sha256): header as signed; body as signed; the private key is public" in said
    assert "selector test (rsa-sha256): no key; body as signed" in said
    assert ran.stderr.startswith("keys.zone: 1 key")
    document = json.loads(run("check", mail, "--dkim-keys", zone, "--format", "json").stdout)
    assert [one["header"] for one in document["signatures"]] == ["holds", ""]
    assert "signatures" not in json.loads(run("check", mail, "--format", "json").stdout)
