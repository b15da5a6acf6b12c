"""Chains of sealed mails, from files to rows, to what is shown, and to findings."""

import json
from base64 import b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from forensics import ScanOptions, findings, scan, show
from forensics.casestore import CaseFolder, Queries
from forensics.model.rows.chains import ChainRow
from forensics.report import jsonl
from tests.sealed_mails import sealed
from tests.signed_mails import mail

pytestmark = pytest.mark.usefixtures("in_process")


def test_chains_and_what_is_said_of_them(tmp_path: Path) -> None:
    private = generate_private_key(65537, 1024)
    leak = tmp_path / "leak"
    leak.mkdir()
    for number in range(12):
        raw = sealed(private, mail(number, "anna@one.example", "ben@two.example"), 1, b"none")
        if number == 5:
            raw = raw.replace(b"i=1; a.example; none", b"i=1; a.example; spf=pass")
        elif number == 6:
            raw = raw.replace(b"Text 6", b"Text 66")
        elif number == 7:
            raw = raw.replace(b"s=s;", b"s=other;", 1)
        (leak / f"{number:02}.eml").write_bytes(raw)
    (leak / "plain.eml").write_bytes(mail(20, "anna@one.example", "ben@two.example"))
    record = b"p=" + b64encode(private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    keys = tmp_path / "s._domainkey.a.example"
    keys.write_bytes(record)
    case = tmp_path / "case"
    scan([leak], case, ScanOptions(jobs=1, as_of="2026-01-01T00:00:00Z", dkim_keys=(keys,)))
    with Queries(CaseFolder.open(case)) as queries:
        places = dict(queries.pairs("SELECT sha256, location_text FROM occurrences"))
        found = list(queries.rows("SELECT * FROM chains ORDER BY sha256", {}, ChainRow))
    rows = {places[row.sha256][-6:-4]: row for row in found}
    assert sorted(rows) == [f"{number:02}" for number in range(12)]
    outcomes = {name: (row.outcome, row.reason, row.instance) for name, row in rows.items()}
    changed = {name: outcomes.pop(name) for name in ("05", "06", "07")}
    assert set(outcomes.values()) == {("pass", "", 0)}
    assert changed == {
        "05": ("fail", "header_altered", 1),
        "06": ("fail", "body_altered", 1),
        "07": ("unknown", "no_key", 1),
    }
    assert {(row.sets, row.claimed) for row in rows.values()} == {(1, "none")}
    seals = [one for one in findings(case) if one.rule == "case.seal"]
    assert [(one.bin, one.subjects[0].location.steps[0].name) for one in seals] == [("first", "05.eml")]
    assert not any(state.state == "explains" for state in seals[0].benign)
    (shown,) = show(case, rows["06"].sha256)
    assert shown.chain == rows["06"]
    line = jsonl.show(shown.facts, shown.findings, signatures=shown.signatures, chain=shown.chain)
    assert json.loads(line)["chain"]["reason"] == "body_altered"
