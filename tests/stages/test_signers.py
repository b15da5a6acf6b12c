"""The stage on whole cases: keys of files, and keys that other mails carry."""

from base64 import b64encode
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from forensics import ScanOptions, add_keys, findings, remove_keys, scan, show
from forensics.authenticity import openpgp
from forensics.casestore import CaseFolder, Queries
from forensics.model.rows.signer_verdicts import SignerVerdictRow
from tests.signed_by_authors import (
    ANNA,
    armoured,
    bare_smime_mail,
    certificate,
    fingerprint,
    header,
    pgp_key,
    pgp_mail,
    smime_mail,
)

pytestmark = pytest.mark.usefixtures("in_process")

BEN = "ben@example.net"
RULES = ("case.signed_part", "case.signed_part_holds", "case.signer_key")


def case_of(folder: Path, *mails: bytes, keys: tuple[Path, ...] = ()) -> Path:
    leak = folder / "leak"
    leak.mkdir()
    for number, mail in enumerate(mails):
        (leak / f"{number}.eml").write_bytes(mail)
    scan([leak], folder / "case", ScanOptions(jobs=1, as_of="2026-01-01", signer_keys=keys))
    return folder / "case"


def verdicts(case: Path) -> list[SignerVerdictRow]:
    with Queries(CaseFolder.open(case)) as queries:
        return list(queries.rows("SELECT * FROM signer_verdicts ORDER BY sha256, index", {}, SignerVerdictRow))


def said(case: Path) -> list[tuple[str, str]]:
    return sorted((one.rule, one.bin) for one in findings(case) if one.rule in RULES)


def ring(folder: Path, *signers: str) -> Path:
    file = folder / "ring.asc"
    file.write_bytes(armoured(b"".join(map(pgp_key, signers)), "PUBLIC KEY BLOCK"))
    return file


def autocrypt(signer: str = ANNA) -> bytes:
    return b"Autocrypt: addr=" + signer.encode() + b"; keydata=" + b64encode(pgp_key(signer)) + b"\r\n"


def test_a_key_of_a_file_authenticates_its_author(tmp_path: Path) -> None:
    case = case_of(tmp_path, pgp_mail(), header(BEN) + b"\r\nText\r\n")
    assert verdicts(case) == [] and said(case) == []
    assert add_keys(case, ring(tmp_path, BEN, ANNA)).judged
    (row,) = verdicts(case)
    assert (row.outcome, row.obtained, row.origin, row.signers) == ("holds", "file", "ring.asc", [ANNA])
    assert row.key == fingerprint().hex()
    assert said(case) == [("case.signed_part_holds", "author")]
    (shown,) = show(case, row.sha256)
    assert "case.signed_part_holds" in shown.facts.power
    assert remove_keys(case, [ANNA]).judged
    assert verdicts(case) == [] and said(case) == []


def test_a_key_of_a_scan_and_the_same_that_a_mail_carries(tmp_path: Path) -> None:
    case = case_of(tmp_path, autocrypt() + pgp_mail(), pgp_mail(), keys=(ring(tmp_path, ANNA),))
    assert [(row.outcome, row.obtained, row.carriers) for row in verdicts(case)] == [("holds", "file", 1)] * 2


def test_a_key_that_another_mail_carries_authenticates_nobody(tmp_path: Path) -> None:
    case = case_of(tmp_path, pgp_mail(), autocrypt() + header() + b"\r\nText\r\n")
    (row,) = verdicts(case)
    assert (row.outcome, row.obtained, row.carriers) == ("holds", "archive", 1)
    assert said(case) == [("case.signer_key", "carried")]
    (text,) = [one.statement for one in findings(case, rule="case.signer_key")]
    assert "that 1 mail of this archive carries" in text and "authenticates nobody" in text


def test_another_signer_than_from_says(tmp_path: Path) -> None:
    case = case_of(tmp_path, pgp_mail(signer=BEN), keys=(ring(tmp_path, BEN),))
    assert said(case) == [("case.signed_part", "other_signer")]


def test_a_signature_that_was_changed(tmp_path: Path) -> None:
    changed = pgp_mail().split(b"-----BEGIN PGP SIGNATURE-----\r\n\r\n")
    lines = changed[1].split(b"\r\n")
    lines[2] = (b"A" if lines[2][:1] != b"A" else b"B") + lines[2][1:]
    mail = changed[0] + b"-----BEGIN PGP SIGNATURE-----\r\n\r\n" + b"\r\n".join(lines)
    case = case_of(tmp_path, mail, keys=(ring(tmp_path, ANNA),))
    assert [row.outcome for row in verdicts(case)] == ["other_key"]
    assert said(case) == [("case.signed_part", "other_key")]


@pytest.mark.parametrize("form", ["pem", "der", "bundle"])
def test_a_certificate_of_a_file(tmp_path: Path, form: str) -> None:
    pytest.importorskip("pyhanko")
    file = tmp_path / "anna"
    root = certificate("Example Root")
    file.write_bytes(
        {
            "pem": certificate().public_bytes(Encoding.PEM) + root.public_bytes(Encoding.PEM),
            "der": certificate().public_bytes(Encoding.DER),
            "bundle": pkcs7.serialize_certificates([certificate(), root], Encoding.PEM),
        }[form]
    )
    case = case_of(tmp_path, bare_smime_mail(), keys=(file,))
    (row,) = verdicts(case)
    assert (row.outcome, row.obtained, row.signers, row.issuer) == ("holds", "file", [ANNA], "CN=Example Root")
    assert said(case) == [("case.signed_part_holds", "author")]


def test_a_certificate_that_came_with_another_mail(tmp_path: Path) -> None:
    pytest.importorskip("pyhanko")
    case = case_of(tmp_path, bare_smime_mail(), smime_mail())
    assert [(row.outcome, row.obtained) for row in verdicts(case)] == [("holds", "archive")]
    assert said(case) == [("case.signer_key", "carried")]


def test_a_crash_costs_one_mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    holds = openpgp.holds

    def crash(ready, hash_name, raw):
        if raw == openpgp.signer_key(openpgp.keys_of_mail([pgp_key(BEN)], [])[0]).raw:
            raise RuntimeError
        return holds(ready, hash_name, raw)

    monkeypatch.setattr(openpgp, "holds", crash)
    case = case_of(tmp_path, pgp_mail(), pgp_mail(signer=BEN), keys=(ring(tmp_path, ANNA, BEN),))
    assert [row.signers for row in verdicts(case)] == [[ANNA]]
    with Queries(CaseFolder.open(case)) as queries:
        codes = [code for code, _ in queries.pairs("SELECT code, text FROM notices ORDER BY ALL")]
    assert [code for code in codes if "signer" in code] == ["engine.signers_fault"]
