"""Signatures of documents through a confined process: findings and facts of whole files."""

from pathlib import Path

import forensics
from tests import signed_documents as made
from tests.parsers.document.test_signatures import odf_package

RULES = ("document.signature_broken", "document.signature_holds")


def found(folder: Path, name: str, data: bytes) -> dict[str, str]:
    file = folder / name
    file.write_bytes(data)
    checked = forensics.check(file, as_of="2026-01-01T00:00:00Z")
    return {finding.rule: finding.bin for finding in checked.findings if finding.rule in RULES}


def test_signatures_are_tested_where_the_document_is_read(tmp_path: Path) -> None:
    changed = made.DOCUMENT.replace(b"100", b"900")
    assert found(tmp_path, "a.docx", made.signed()) == {"document.signature_holds": "anybody"}
    assert found(tmp_path, "b.docx", made.signed({"word/document.xml": changed})) == {
        "document.signature_broken": "part"
    }
    forged = made.signature({**made.PARTS, "word/document.xml": changed}, sign=lambda _: b"\1" * 256)
    assert found(tmp_path, "c.docx", made.signed({"word/document.xml": changed, made.SIGNATURE: forged})) == {
        "document.signature_broken": "other_key"
    }
    plain = {name: data for name, data in made.PARTS.items() if not name.startswith("_xmlsig")}
    assert found(tmp_path, "d.docx", made.zipped(plain)) == {}


def test_open_documents_too(tmp_path: Path) -> None:
    assert found(tmp_path, "a.odt", odf_package()) == {"document.signature_holds": "anybody"}
    assert found(tmp_path, "b.odt", odf_package(changed=True)) == {"document.signature_broken": "part"}


def test_one_inside_an_archive_is_tested_and_its_verdict_kept(tmp_path: Path) -> None:
    leak = tmp_path / "leak.zip"
    leak.write_bytes(made.zipped({"mail/contract.docx": made.signed(), "b.txt": b"text"}))
    forensics.scan(leak, tmp_path / "case", forensics.ScanOptions(as_of="2026-01-01", jobs=1))
    with forensics.open_case(tmp_path / "case") as case:
        query = "SELECT fact.name, fact.value FROM (SELECT unnest(properties) AS fact FROM documents)"
        said = dict(map(tuple, case.sql(query)))
    assert said["ooxml.signature_outcome"] == "holds" and said["ooxml.signature_signer"] == "CN=Anna Example"
