"""Authors' keys: given, listed in all forms, asked for, and taken out."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from forensics import ScanOptions, scan
from tests.signed_by_authors import ANNA, armoured, fingerprint, pgp_key, pgp_mail

pytestmark = pytest.mark.usefixtures("in_process")

Run = Callable[..., Any]
KEY = fingerprint().hex()


def test_keys_of_authors(run: Run, tmp_path: Path) -> None:
    (tmp_path / "leak").mkdir()
    (tmp_path / "leak" / "0.eml").write_bytes(pgp_mail())
    ring = tmp_path / "ring.asc"
    ring.write_bytes(armoured(pgp_key(), "PUBLIC KEY BLOCK"))
    case = tmp_path / "case"
    scan([tmp_path / "leak"], case, ScanOptions(jobs=1, as_of="2026-01-01"))
    assert "Ask: anna@example.org" in run("keys", "coverage", case, "--signers").stdout
    assert "Part 1 (OpenPGP): no key" in run("show", case, "0.eml").stdout
    assert "ring.asc: 1 key" in run("keys", "add", case, ring).stdout
    shown = " ".join(run("show", case, "0.eml").stdout.split())
    assert f"as it was signed; key {KEY} of ring.asc; it names {ANNA}" in shown
    for command in ("list", "coverage"):
        (line,) = run("keys", command, case, "--signers", "--format", "jsonl").stdout.splitlines()
        assert json.loads(line)["key"] == KEY
        assert KEY in run("keys", command, case, "--signers", "--format", "csv").stdout
        table = run("keys", command, case, "--signers").stdout
        assert KEY in table and max(map(len, table.splitlines())) <= 80
    document = json.loads(run("show", case, "0.eml", "--format", "json").stdout)
    assert document["signed_parts"][0]["obtained"] == "file"
    assert "as it was signed" in run("check", tmp_path / "leak" / "0.eml", "--signer-keys", ring).stdout
    assert f"OpenPGP key {KEY} ({ANNA}): taken out (ring.asc)" in run("keys", "remove", case, KEY).stdout
