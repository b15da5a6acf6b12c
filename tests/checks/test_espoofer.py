"""The attacks of espoofer (USENIX Security 2020): each is told by a rule on the mail as its receiver stores it."""

import json
from pathlib import Path

import pytest

import forensics

BY_MAIL_ALONE = {"server_a1": "a subdomain that does not exist: only DNS of then could tell"}
CASES = ("client_a1", "client_a2", "client_a3", *[f"server_a{number}" for number in range(1, 20)])


@pytest.mark.parametrize("name", CASES)
def test_each_attack_is_told(name: str, suites: Path, tmp_path: Path) -> None:
    suite = suites / "espoofer"
    case = json.loads((suite / "cases.json").read_text(encoding="utf-8"))[name]
    signed = case.get("dkim_para")
    top = f"Return-Path: {case['mailfrom']}\r\n"
    if signed:
        top += f"DKIM-Signature: v=1; a=rsa-sha256; d={signed['d']}; s={signed['s']}; h=from; bh=eA==; b=eA==\r\n"
    raw = (suite / "eml" / f"{name}.eml").read_bytes()
    mail = tmp_path / f"{name}.eml"
    # The suite's own file begins with the From field, and some attacks live on its being the first line.
    mail.write_bytes(raw if raw.startswith((b" ", b"From\r")) else top.encode("latin-1") + raw)
    told = {finding.rule for finding in forensics.check(mail).findings}
    assert ("mail.sender_ambiguous" in told) is (name not in BY_MAIL_ALONE), told
