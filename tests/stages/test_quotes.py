"""The stage on mails of an invented thread, read from files."""

import hashlib
import time
from html import escape
from pathlib import Path

import pytest

from forensics import ScanOptions, open_case, scan, verify
from forensics.casestore import CaseFolder, Queries
from forensics.model.items import Limits
from forensics.model.rows.quotes import QuoteRow
from forensics.relations.quotes.matching import Comparer
from forensics.stages import quoted_pairs, quotes
from forensics.stages.quoted_pairs import Lot
from forensics.stages.stage import Settings, Tables
from tests.parsers.mail.msg_files import msg

pytestmark = pytest.mark.usefixtures("in_process")

LINES = (
    "The committee met on Tuesday in the small hall.",
    "The bank returned the whole sum of it to us yesterday.",
    "Everybody was content with what it had heard there.",
)
EDITED = LINES[1].replace("returned", "kept")


def mail(name: str, text: str, *above: str, sender: str = "", kind: str = "") -> bytes:
    fields = [f"From: {sender or name}@one.example", f"Message-ID: <{name}@one.example>", "Subject: The sum"]
    fields += [f"Date: Tue, {1 + len(above)} Jan 2019 10:00:00 +0000"]
    if above:
        fields.append(f"In-Reply-To: <{above[-1]}@one.example>")
        fields.append("References: " + " ".join([f"<{one}@one.example>" for one in above]))
    if kind:
        fields.append(f"Content-Type: {kind}")
    return "\n".join([*fields, "", text]).encode()


def quoted(*lines: str, marks: str = "> ") -> str:
    return "".join([f"{marks}{line}\n" for line in lines]) + "\nYes.\n"


ORIGINAL = mail("a", "\n".join(LINES))
HONEST = mail("b", quoted(*LINES), "a")
CHANGED = mail("c", quoted(LINES[0], EDITED, LINES[2]), "a")


def compared(folder: Path, *mails: bytes) -> tuple[dict[bytes, QuoteRow], list[str]]:
    """Scan mails; return the row of each, and the codes of the stage's notices."""
    leak = folder / "leak"
    leak.mkdir()
    for number, data in enumerate(mails):
        (leak / f"{number}.eml").write_bytes(data)
    scan([leak], folder / "case", ScanOptions(jobs=1, as_of="2020-01-01"))
    by_digest = {hashlib.sha256(data).hexdigest(): data for data in mails}
    with Queries(CaseFolder.open(folder / "case")) as queries:
        rows = list(queries.rows("SELECT * FROM quotes ORDER BY ALL", {}, QuoteRow))
        codes = [code for code, _ in queries.pairs("SELECT code, text FROM notices ORDER BY ALL")]
    return {by_digest[row.sha256]: row for row in rows}, [code for code in codes if code.startswith("engine.quotes")]


def test_an_honest_quote_stands_in_the_original(tmp_path: Path) -> None:
    found, notices = compared(tmp_path, ORIGINAL, HONEST)
    row = found[HONEST]
    assert (row.direct, row.lines, row.same, row.differing, row.differences) == (True, 4, 4, 0, [])
    assert row.original_sha256 == hashlib.sha256(ORIGINAL).hexdigest()
    assert notices == []


def test_an_edit_is_located_in_both_mails(tmp_path: Path) -> None:
    found, _ = compared(tmp_path, ORIGINAL, HONEST, CHANGED)
    (edit,) = found[CHANGED].differences
    assert (edit.kind, edit.quoted, edit.original) == ("word", "kept", "returned")
    assert (edit.words, edit.matched, edit.depth) == (11, 2, 1)
    assert CHANGED[edit.line.start : edit.line.end].decode() == EDITED == edit.line.value
    assert ORIGINAL[edit.original_line.start : edit.original_line.end].decode() == LINES[1]
    assert (edit.repliers_as_quoted, edit.repliers_as_original) == (0, 1)


def test_who_answers_the_reply_tells_what_it_said(tmp_path: Path) -> None:
    said = mail("d", quoted(LINES[0], EDITED, LINES[2], marks=">> "), "a", "c")
    other = mail("e", quoted(*LINES, marks=">> "), "a", "c")
    found, _ = compared(tmp_path, ORIGINAL, CHANGED, said, other)
    (edit,) = found[CHANGED].differences
    assert (edit.answers_as_quoted, edit.answers_as_original) == (1, 1)
    assert (edit.repliers_as_quoted, edit.repliers_as_original) == (0, 0)


def test_the_same_person_is_no_other_replier(tmp_path: Path) -> None:
    again = mail("f", quoted(LINES[0], EDITED, LINES[2]), "a", sender="c")
    found, _ = compared(tmp_path, ORIGINAL, CHANGED, again)
    assert [edit.repliers_as_quoted for edit in found[CHANGED].differences] == [0]


def test_the_thread_stands_in_for_an_absent_mail(tmp_path: Path) -> None:
    answer = mail("g", quoted(*LINES, marks="> > "), "a", "absent")
    found, _ = compared(tmp_path, ORIGINAL, answer)
    assert (found[answer].direct, found[answer].same) == (False, 4)


def test_what_only_the_page_of_the_original_says_is_no_edit(tmp_path: Path) -> None:
    page = "".join([f"<p>{line}</p>" for line in (LINES[0], EDITED, LINES[2])])
    text = "\n".join(LINES)
    parts = f"--x\nContent-Type: text/plain\n\n{text}\n--x\nContent-Type: text/html\n\n{page}\n--x--\n"
    both = mail("a", parts, kind="multipart/alternative; boundary=x")
    found, _ = compared(tmp_path, both, CHANGED)
    assert (found[CHANGED].further, found[CHANGED].differing) == (1, 0)


def test_mails_that_name_each_other_in_a_circle(tmp_path: Path) -> None:
    one = mail("h", quoted(*LINES), "i")
    two = mail("i", quoted(*LINES), "h")
    own = mail("j", quoted(*LINES), "j")
    found, notices = compared(tmp_path, one, two, own)
    assert len(found) == 1
    assert own not in found
    assert notices == []


def test_threads_are_paired_some_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    threads = [[mail(f"{name}0", "One."), mail(f"{name}1", "Two.", f"{name}0")] for name in "pqrs"]
    threads[2] += [mail("r2", "Three.", "r0", "r1"), mail("r3", "Four.", "r0", "r1", "z")]
    compared(tmp_path, *[one for thread in reversed(threads) for one in thread])
    with Queries(CaseFolder.open(tmp_path / "case"), without=["quotes"]) as queries:
        (lot,) = quoted_pairs.lots(queries.rows)
        whole = list(quoted_pairs.pairs(queries.rows, lot))
        for most in (1, 2, 3, 5):
            monkeypatch.setattr(quoted_pairs, "LEAST", most)
            lots = [Lot.named(lot.name) for lot in quoted_pairs.lots(queries.rows)]
            assert len(lots) > 1
            assert [pair for lot in lots for pair in quoted_pairs.pairs(queries.rows, lot)] == whole
    assert [(pair.direct, len(pair.sources)) for pair in whole] == [(True, 1)] * 3 + [(True, 2), (False, 2), (True, 1)]


def test_sources_that_are_not_at_hand_are_told(tmp_path: Path) -> None:
    compared(tmp_path, ORIGINAL, HONEST)
    written: list[tuple[str, object]] = []
    with Queries(CaseFolder.open(tmp_path / "case"), without=["quotes"]) as queries:
        quotes.run(Tables(queries.rows), Settings(), lambda table, row: written.append((table, row)))
    ((table, row),) = written
    assert table == "notices"
    assert (row.code, row.text[:2]) == ("engine.quotes_unread", "2 ")


def test_a_crash_on_one_mail_does_not_hide_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = Comparer.run

    def crash(self: Comparer) -> object:
        if "crash" in self._reply.text:
            raise ValueError("a fault of ours")
        return run(self)

    monkeypatch.setattr(Comparer, "run", crash)
    found, notices = compared(tmp_path, ORIGINAL, HONEST, mail("k", quoted(*LINES) + "crash", "a"))
    assert set(found) == {HONEST}
    assert notices == ["engine.quotes_fault"]


def test_the_original_of_a_mail_that_quotes_nothing_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []
    shown = quotes.read_shown
    monkeypatch.setattr(quotes, "read_shown", lambda data, limits: read.append(data) or shown(data, limits))
    found, _ = compared(tmp_path, ORIGINAL, mail("k", "Thank you.", "a"))
    assert (found, len(read)) == ({}, 1)


def test_a_mail_with_many_answers_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[bytes] = []
    shown = quotes.read_shown

    def counted(data: bytes, limits: Limits) -> object:
        read.append(data)
        return shown(data, limits)

    monkeypatch.setattr(quotes, "read_shown", counted)
    long = [f"{number} is what the bank returned of the whole sum to number {number}." for number in range(500)]
    answers = [mail(f"n{number}", quoted(*long, f"and {number} more of it"), "a") for number in range(100)]
    begun = time.process_time()
    found, _ = compared(tmp_path, mail("a", "\n".join(long)), *answers)
    assert len(found) == 100
    assert len(read) == 101
    assert time.process_time() - begun < 20


def test_texts_that_fill_the_memory_are_dropped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotes, "KEPT_BYTES", 1)
    found, _ = compared(tmp_path, ORIGINAL, HONEST, CHANGED)
    assert len(found) == 2
    assert [edit.repliers_as_original for edit in found[CHANGED].differences] == [1]


def stored(source: bytes, *, page: bool = False) -> bytes:
    """Return a mail as Outlook saves it: its header, and its text or a page."""
    header, _, text = source.decode().partition("\n\n")
    lines = text.splitlines()
    told = {0x10130102: "<br>".join(map(escape, lines)).encode()} if page else {0x1000001F: "\r\n".join(lines)}
    return msg(
        {0x001A001F: "IPM.Note", 0x007D001F: header.replace("\n", "\r\n") + "\r\n\r\n", 0x3FDE0003: 65001} | told
    )


@pytest.mark.parametrize("page", [False, True])
@pytest.mark.parametrize("both", [False, True])
def test_messages_of_stores_quote_and_are_quoted(tmp_path: Path, page: bool, both: bool) -> None:
    original, changed = stored(ORIGINAL, page=page), stored(CHANGED, page=page) if both else CHANGED
    honest = stored(HONEST)
    rows, codes = compared(tmp_path, original, honest, changed)
    assert codes == []
    assert (rows[honest].lines, rows[honest].same, rows[honest].differences) == (4, 4, [])
    (difference,) = rows[changed].differences
    assert (difference.kind, difference.quoted, difference.original) == ("word", "kept", "returned")
    assert difference.original_line.raw.decode() == LINES[1] and difference.line.raw.decode() == EDITED
    assert ("utf-16le/1" in difference.original_line.steps) is not page
    assert ("utf-16le/1" in difference.line.steps) is (both and not page)
    with open_case(tmp_path / "case") as case:
        found = list(case.findings(rule="case.quote_differs"))
    assert [len(one.evidence) for one in found] == [2]
    assert verify(tmp_path / "case").problems == ()
