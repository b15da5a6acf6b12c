"""Signed parts through a confined process: rows, notices and findings of whole files."""

from datetime import timedelta
from pathlib import Path

import pytest

import forensics
from forensics.engine.reading import code
from forensics.engine.reading.record import Recorder
from forensics.engine.reading.state import Entry
from forensics.examples.cases import context
from forensics.examples.files import location
from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import Limits, ParseContext
from forensics.model.mail import Message
from forensics.model.rows.notices import NoticeRow
from forensics.model.rows.signed_parts import SignedPartRow
from forensics.parsers.mail import rfc5322
from tests.signed_by_authors import AT, PART, pgp_mail, smime_mail

CHANGED = PART.replace(b"ten", b"two")


def found(folder: Path, mail: bytes) -> dict[str, str]:
    file = folder / "mail.eml"
    file.write_bytes(mail)
    checked = forensics.check(file, as_of="2026-01-01T00:00:00Z")
    return {finding.rule: finding.bin for finding in checked.findings}


def test_smime_is_verified_where_it_is_read(tmp_path: Path) -> None:
    pytest.importorskip("pyhanko")
    assert found(tmp_path, smime_mail()) == {}
    assert found(tmp_path, smime_mail().replace(PART, CHANGED)) == {"mail.signed_part": "altered"}
    assert found(tmp_path, smime_mail(signer="eve@example.net")) == {"mail.signed_part": "other_signer"}


def test_pgp_needs_no_key_to_show_a_change_or_another_time(tmp_path: Path) -> None:
    assert found(tmp_path, pgp_mail()) == {}
    assert found(tmp_path, pgp_mail().replace(PART, CHANGED)) == {"mail.signed_part": "altered"}
    assert found(tmp_path, pgp_mail(at=AT - timedelta(days=400)))["mail.signed_part_time"] == "later>1d"


class Rows:
    """A sink that keeps what it is given."""

    def __init__(self) -> None:
        self.rows: list[object] = []

    def add(self, table: str, row: object) -> None:
        self.rows.append(row)


def recorded(data: bytes) -> Rows:
    rows, source = Rows(), MemoryBytes(data)
    entry = Entry(source=source, location=location(), sha256="0" * 64, size=len(data))
    parsed = rfc5322.parse(source, location(), ParseContext(limits=Limits()))
    message = next(one for one in parsed if isinstance(one, Message))
    Recorder(rows, context()).facts(entry, source, message)
    return rows


def test_a_row_has_the_place_and_what_was_found() -> None:
    data = pgp_mail()
    (row,) = [row for row in recorded(data).rows if isinstance(row, SignedPartRow)]
    assert (row.index, row.kind, row.outcome, row.digest_name) == (0, "pgp_mime", "no_key", "sha256")
    assert data[row.start : row.end] == PART
    assert data[slice(*row.signature_range)].startswith(b"-----BEGIN PGP SIGNATURE-----")
    assert row.opening.raw == b"-----BEGIN PGP SIGNATURE-----"
    assert row.time == int(AT.timestamp())


def test_what_could_not_be_tested_is_noticed() -> None:
    assert [row for row in recorded(pgp_mail()).rows if isinstance(row, NoticeRow)] == []
    broken = pgp_mail().replace(b"-----BEGIN PGP SIGNATURE-----\r\n\r\n", b"-----BEGIN PGP SIGNATURE-----\r\n\r\n!AAAA")
    (notice,) = [row for row in recorded(broken).rows if isinstance(row, NoticeRow)]
    assert notice.code == "mail.signed_part"
    assert notice.text.startswith("a signed part whose signature is unreadable: ")


def test_what_is_installed_is_part_of_the_code_that_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    code.reading_code.cache_clear()
    monkeypatch.setattr(code, "find_spec", lambda name: None)
    without = code.reading_code()
    code.reading_code.cache_clear()
    monkeypatch.setattr(code, "find_spec", lambda name: name)
    assert code.reading_code() == f"{without}+pyhanko"
    code.reading_code.cache_clear()
