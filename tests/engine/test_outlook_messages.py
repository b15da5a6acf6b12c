"""A folder with a mail as it was sent and as Outlook keeps it: scanned, judged, shown, written out and verified."""

from pathlib import Path

import pytest

from forensics import ScanOptions, findings, scan, show, verify
from forensics.reader.show import Shown
from tests.parsers.mail.msg_files import HEADER, filetime, msg

TEXT = "The board meets on Monday at ten and decides on the budget of next year, as was agreed in spring. " * 4
DAY = 864_000_000_000
SENT = 14_887_944_000_000_000


def kept(subject: str, at: int, number: int, answers: int | None, header: str = "") -> bytes:
    """An Outlook message of a thread."""
    values = {
        0x001A001F: "IPM.Note",
        0x0037001F: subject,
        0x00390040: filetime(at),
        0x30080040: filetime(at + DAY),
        0x5D01001F: f"person{number % 2}@example.net",
        0x1035001F: f"<{number}@example.net>",
        0x1000001F: TEXT + str(number),
        0x3FFA001F: "Clerk Example",
    }
    if answers is not None:
        values[0x1042001F] = f"<{answers}@example.net>"
    if header:
        values[0x007D001F] = header
    return msg(values)


@pytest.fixture(scope="module")
def leak(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("outlook") / "leak"
    folder.mkdir()
    body = TEXT.replace(". ", ".\r\n")
    (folder / "sent.eml").write_bytes((HEADER.replace("multipart/alternative", "text/plain") + body).encode())
    (folder / "stored.msg").write_bytes(kept("Minutes", SENT, 0, None, HEADER))
    for number in range(1, 5):
        # The second was submitted before the first, which it answers.
        at = SENT + number * DAY if number != 2 else SENT - 40 * DAY
        (folder / f"{number}.msg").write_bytes(kept("RE: Plan", at, number, number - 1 if number > 1 else None))
    (folder / "visit.msg").write_bytes(msg({0x001A001F: "IPM.Appointment", 0x0037001F: "Visit"}))
    return folder


@pytest.fixture(scope="module")
def case(leak: Path) -> Path:
    made = leak.parent / "case"
    scan([leak], made, ScanOptions(jobs=1))
    return made


def shown(case: Path, name: str) -> Shown:
    (one,) = show(case, name)
    return one


def test_the_store_accuses_no_mail_of_being_another(case: Path) -> None:
    rules = {one.rule for one in findings(case)}
    assert not rules & {"case.message_id_reuse", "case.token_reuse", "case.marked_copies", "case.copy_differs"}
    assert "case.reply_before_parent" in rules, "clocks of stored mails count as those of others"


def test_what_it_is_and_who_changed_it_is_shown(case: Path) -> None:
    facts = shown(case, "stored.msg").facts
    assert {("Kind", "mail (IPM.Note)"), ("Last modified by", "Clerk Example")} <= set(facts.claims)
    assert ("Kind", "appointment (IPM.Appointment)") in shown(case, "visit.msg").facts.claims
    assert facts.headers[0].steps and facts.headers[0].name == "Received"


def test_its_facts_are_those_of_the_same_mail_as_it_was_sent(case: Path) -> None:
    one, other = shown(case, "sent.eml").facts, shown(case, "stored.msg").facts
    claims = [claim for claim in other.claims if claim[0] not in ("Kind", "Last modified by")]
    assert claims == list(one.claims)
    clocks = [stamp.instant for stamp in one.timestamps if stamp.kind != "file_system"]
    assert set(clocks) <= {stamp.instant for stamp in other.timestamps}
    assert "mail.sender_ambiguous" in other.power and "mail.stated_length" in other.no_power


def test_every_citation_holds(case: Path, leak: Path) -> None:
    assert verify(case, sources={"leak": leak}).problems == ()
