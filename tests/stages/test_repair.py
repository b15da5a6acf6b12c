"""The stage on mails of an invented list, read from files."""

import base64
import hashlib
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from forensics import ScanOptions, scan
from forensics.casestore import CaseFolder, Queries, write_unit
from forensics.engine.staging.run_stages import run_stages
from forensics.model.codec import encode
from forensics.model.keys import Key
from forensics.model.rows import keys
from forensics.model.rows.repairs import RepairRow
from forensics.parsers import decoders
from forensics.replay.contents import SourceContents
from forensics.replay.walk import Replayer
from forensics.stages import broken_mails
from forensics.stages.stage import Settings, load

pytestmark = pytest.mark.usefixtures("in_process")

FOOTER = "____________________\nTalk mailing list\nhttps://lists.example/talk\n"
PLANTED = "-- \nThis message is confidential.\n"
START = datetime(2019, 5, 1, tzinfo=UTC)
KEY = rsa.generate_private_key(65537, 1024)
SIGNED = ("from", "to", "subject", "date")


def written(number: int, added: str = "", *, signed: bool = True, subject: str = "", text: str = "") -> bytes:
    """Return a mail of the list, to which something was added since it was signed."""
    date = format_datetime(START + timedelta(hours=5 * number))
    fields = {
        "From": f"s{number % 7}@sender.example",
        "To": "talk@lists.example",
        "Subject": f"Letter {number}",
        "Date": date,
    }
    body = text or f"This is letter {number} of the list, which has some words.\n"
    own = signature(fields, body) if signed else ""
    fields["Subject"] = subject or fields["Subject"]
    fields["List-Id"] = "<talk.lists.example>"
    fields["Message-ID"] = f"<{number}@sender.example>"
    received = f"Received: from a.example by lists.example; {date}\n"
    header = "".join(f"{name}: {value}\n" for name, value in fields.items())
    return (received + own + header + "\n" + body + added).encode()


def signature(fields: dict[str, str], body: str, names: tuple[str, ...] = SIGNED) -> str:
    """Return a DKIM signature, relaxed, with the key of this module."""
    digest = hashlib.sha256(body.replace("\n", "\r\n").encode()).digest()
    head = f"v=1; a=rsa-sha256; c=relaxed/relaxed; d=sender.example; s=s1; h={':'.join(names)}; "
    head += f"bh={base64.b64encode(digest).decode()}; b="
    block = "".join(f"{name.lower()}:{fields[name]}\r\n" for name in fields if name.lower() in names)
    signed = KEY.sign((block + "dkim-signature:" + head).encode(), padding.PKCS1v15(), SHA256())
    return f"DKIM-Signature: {head}{base64.b64encode(signed).decode()}\n"


def repaired(
    folder: Path, mails: list[bytes], *, gone: bool = False, key: bool = False
) -> tuple[dict[int, list[RepairRow]], list[str]]:
    """Scan mails and run the stages; return the rows of each mail by its number, and the codes of notices."""
    leak = folder / "leak"
    leak.mkdir(parents=True)
    for number, data in enumerate(mails):
        (leak / f"{number}.eml").write_bytes(data)
    scan([leak], folder / "case", ScanOptions(jobs=1, as_of="2020-01-01"))
    case = CaseFolder.open(folder / "case")
    if key or gone:
        with case.lock():
            add_key(case)
            contents = SourceContents(lambda label: None if gone else Replayer(leak, decoders()))
            names = ["verdicts", "repair"]
            with Queries(case, without=names) as queries, contents:
                run_stages(case, queries, Settings(contents=contents), [load(name) for name in names])
    numbers = {hashlib.sha256(data).hexdigest(): number for number, data in enumerate(mails)}
    found: dict[int, list[RepairRow]] = {}
    with Queries(case) as queries:
        for row in queries.rows("SELECT * FROM repairs ORDER BY ALL", {}, RepairRow):
            found.setdefault(numbers[row.sha256], []).append(row)
        codes = [code for code, _ in queries.pairs("SELECT code, text FROM notices ORDER BY ALL")]
    return found, [code for code in codes if code.startswith("engine.repair")]


def add_key(case: CaseFolder) -> None:
    public = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    record = b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)
    lines = case.tmp / "keys"
    lines.write_bytes(
        encode(keys.row_of(Key(domain="sender.example", selector="s1", record=record, origin="test"))) + b"\n"
    )
    case.custody.append("keys", {}, write_unit(case, "keys-test", {"keys": lines}))


def test_the_footer_of_a_list_is_its_own(tmp_path: Path) -> None:
    mails = [written(number, FOOTER, signed=number % 2 == 0) for number in range(40)]
    mails.append(written(40, FOOTER).replace(b"some words", b"some other words"))
    found, notices = repaired(tmp_path, mails)
    assert sorted(found) == list(range(0, 40, 2))
    (row,) = found[4]
    assert (row.part, row.steps, row.clears, row.own) == ("body", ["footer_cut"], True, True)
    assert (row.n, row.k) == (41, 41)
    assert row.removed is not None and mails[4][row.removed.start : row.removed.end].decode() == FOOTER
    assert notices == []


def test_mails_are_the_same_however_many_are_asked_for_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mails = [written(number, FOOTER, signed=number % 2 == 0) for number in range(14)]
    at_once, _ = repaired(tmp_path / "once", mails)
    monkeypatch.setattr(broken_mails, "_BATCH", 3)
    some, _ = repaired(tmp_path / "some", mails)
    assert sorted(at_once) == [0, 2, 4, 6, 8, 10, 12]
    assert some == at_once


@pytest.mark.parametrize("planted", [1, 10])
def test_a_text_that_a_hand_put_into_some_mails_is_not(tmp_path: Path, planted: int) -> None:
    mails = [written(number, PLANTED if number < planted else "") for number in range(40)]
    found, _ = repaired(tmp_path, mails)
    assert sorted(found) == list(range(planted))
    assert not any(row.clears or row.own for rows in found.values() for row in rows)


def test_a_text_above_the_footer_is_not(tmp_path: Path) -> None:
    mails = [written(number, PLANTED * (number < 10) + FOOTER) for number in range(40)]
    found, _ = repaired(tmp_path, mails)
    assert {number for number, rows in found.items() if rows[0].clears} == set(range(10, 40))


def test_another_encoding_clears(tmp_path: Path) -> None:
    text = "This line of a letter is so long that a writer of quoted-printable would break it in two places, I think.\n"
    broken = text[:75] + "=\n" + text[75:]
    here = written(0, text=broken).decode().replace(broken, text).encode()
    found, _ = repaired(tmp_path, [here, *[written(number) for number in range(1, 5)]])
    (row,) = found[0]
    assert (row.clears, row.own, row.removed) == (True, False, None)


def test_a_repaired_subject_does_not_clear(tmp_path: Path) -> None:
    found, _ = repaired(tmp_path, [written(0, subject="[Talk] Letter 0"), written(1)], key=True)
    (row,) = found[0]
    assert (row.part, row.steps, row.field) == ("header", ["subject_restored"], "subject")
    assert (row.signed, row.shown, row.clears) == ("Letter 0", "[Talk] Letter 0", False)


def test_without_the_sources_nothing_is_repaired(tmp_path: Path) -> None:
    found, notices = repaired(tmp_path, [written(number, FOOTER) for number in range(3)], gone=True)
    assert found == {}
    assert notices == ["engine.repair_unread"]


def test_a_crash_costs_one_mail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from forensics.authenticity.repairs.mending import Mender

    mend = Mender.mend

    def crash(self, mail, *rest):
        if b"Subject: Letter 3\n" in mail.data:
            raise ValueError
        return mend(self, mail, *rest)

    monkeypatch.setattr(Mender, "mend", crash)
    found, notices = repaired(tmp_path, [written(number, FOOTER) for number in range(6)])
    assert sorted(found) == [0, 1, 2, 4, 5]
    assert notices == ["engine.repair_fault"]


def test_a_field_that_goes_with_an_added_part_does_not_clear(tmp_path: Path) -> None:
    fields = {
        "From": "s0@sender.example",
        "To": "talk@lists.example",
        "Subject": "Letter",
        "Date": format_datetime(START),
    }
    body = "This is a letter.\n"
    typed = {**fields, "Content-Type": "text/plain"}
    head = signature(typed, body, (*SIGNED, "content-type"))
    header = "".join(f"{name}: {value}\n" for name, value in fields.items())
    parts = f"--B\nContent-Type: text/plain\n\n{body}\n--B\nContent-Disposition: attachment\n\nmoney\n--B--\n"
    received = f"Received: from a.example by b.example; {format_datetime(START)}\n"
    mime = 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="B"\n\n'
    here = received + head + header + mime + parts
    found, _ = repaired(tmp_path, [here.encode()], key=True)
    assert {(row.part, row.field, row.clears) for row in found[0]} == {
        ("body", "", False),
        ("header", "content-type", False),
    }
