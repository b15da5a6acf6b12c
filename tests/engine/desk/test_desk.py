"""What is read by the desk is what the readers give; what an item does to its process costs that item alone."""

import hashlib
import os
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from forensics.engine.desk import desk as parent
from forensics.engine.desk import process
from forensics.engine.desk.desk import Desk
from forensics.engine.desk.protocol import FRAME_BYTES, Wanted
from forensics.errors import (
    IntakeError,
    IntegrityError,
    LimitExceeded,
    NoText,
    NotRead,
    UsageError,
    WorkerFailed,
)
from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import Limits, ParseContext
from forensics.model.locations import Location, Step, StepKind, quote
from forensics.parsers import recorded
from forensics.parsers.mail.rfc5322 import FORMAT
from forensics.relations.comparing.contents import compare_contents

MAIL = f"{FORMAT.id}/{FORMAT.version}"
EVIL = """
import os, signal, socket, sys, time
import msgspec
from forensics.engine.desk import clerk, protocol
from forensics.errors import LimitExceeded
from forensics.model.locations import Locator

reader, served, held = clerk.texts_of, 0, []

def texts_of(wanted, sources):
    global served
    served += 1
    data = sources.source(wanted).read(0, 4096)
    act, _, more = data.partition(b"EVIL:")[2].decode().strip().partition(" ")
    parts = reader(wanted, sources)
    if act == "exit": os._exit(0)
    if act == "segv": os.kill(os.getpid(), signal.SIGSEGV)
    if act == "loop":
        while True: pass
    if act == "sleep": time.sleep(1000)
    if act == "talk":
        while True: os.write(2, b"x" * 1000)
    if act == "memory":
        while True: held.append(b"x" * 10_000_000)
    if act == "noise":
        for place in range(3, 20):
            try: os.write(place, b"\\xff" * 100)
            except OSError: pass
    if act == "fault": raise KeyError("\\x1b[31m")
    if act == "deep": texts_of(wanted, sources)
    if act == "limit": raise LimitExceeded("too deep \\u202e", 7)
    if act == "second" and served > 1: os._exit(3)
    if act == "place": return (msgspec.structs.replace(parts[0], locator=Locator(ranges=((0, 10**9),))),)
    if act == "form": return (msgspec.structs.replace(parts[0], charset=7),)
    if act == "long": return (msgspec.structs.replace(parts[0], text="x" * 3_000_000),)
    if act == "code": raise type("Odd", (LimitExceeded,), {"code": "no_such_code"})("odd")
    if act == "connect":
        try: socket.create_connection(("127.0.0.1", int(more)), 2); heard = "connected"
        except OSError as error: heard = "no socket"
        return (msgspec.structs.replace(parts[0], text=heard),)
    if act == "orphan":
        if not os.fork(): time.sleep(1000)
        os.write(2, b"started")
        os._exit(0)
    return parts

clerk.texts_of = texts_of
if __name__ == "__main__":
    clerk.main()
"""
LIES = EVIL.replace(
    "clerk.main()",
    "clerk._send_range = lambda answers, source, start, end: clerk._send(answers, b'y' * (end - start)); clerk.main()",
)


def mail(text: bytes, subject: bytes = b"one") -> bytes:
    return b"From: a@x.example\nSubject: %s\nContent-Type: text/plain; charset=utf-8\n\n%s\n" % (subject, text)


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Wanted]:
    """Put a file into the source and say what it is."""
    folder = tmp_path / "leak"
    folder.mkdir()

    def put(data: bytes, name: bytes = b"", parser: str = MAIL, media_type: str = "message/rfc822") -> Wanted:
        sha256 = hashlib.sha256(data).hexdigest()
        name = name or b"%d.eml" % len(os.listdir(folder))  # noqa: PTH208  counted only
        (folder / os.fsdecode(name)).write_bytes(data)
        step = Step(kind=StepKind.FILE, name=quote(name), start=0, end=len(data), sha256=sha256, source="leak")
        return Wanted(sha256=sha256, size=len(data), places=(Location((step,)),), parser=parser, media_type=media_type)

    return put


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    found = Desk({"leak": tmp_path / "leak"}, Limits())
    yield found
    found.close()


@pytest.fixture
def evil(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A desk that does what the mails say."""
    monkeypatch.setattr(process, "_COMMAND", ("-c", EVIL))
    return desk


def outcome(answer: object) -> object:
    return answer[0].text if isinstance(answer, tuple) else type(answer)


def test_it_gives_what_the_readers_give(desk: Desk, put: Callable[..., Wanted]) -> None:
    data = mail("prêt ".encode() * 400_000, b"=?utf-8?q?caf=C3=A9?=")
    wanted, source = put(data), MemoryBytes(data)
    reader = recorded(MAIL)
    assert reader is not None and reader.header_fields is not None and reader.text_parts is not None
    assert desk.header_fields(wanted) == reader.header_fields(source, ParseContext()) != ()
    assert desk.texts(wanted) == reader.text_parts(source, ParseContext())
    assert len(desk.texts(wanted)[0].text) > 2 * FRAME_BYTES / 6
    assert desk.read(wanted) == data
    assert desk.part(wanted, 5, 17) == data[5:17]
    assert desk.part(wanted, len(data) - 3, len(data) + 9) == data[-3:]
    assert desk.part(wanted, 9, 5) == desk.part(wanted, len(data) + 1, len(data) + 2) == b""


def test_a_file_that_is_text_is_read_by_its_type(desk: Desk, put: Callable[..., Wanted]) -> None:
    page = put(b"<p>one<p>two", b"page.html", "", "text/html")
    assert [part.text for part in desk.texts(page)] == ["one\ntwo"]
    assert desk.header_fields(page) == ()
    archive = put(b"PK", b"some.zip", "archive.zip/1", "application/zip")
    (Path(desk._opening.roots["leak"].decode()) / "some.zip").unlink()
    with pytest.raises(NoText, match="application/zip: its text is not read"):
        desk.texts(archive)


def test_two_items_are_compared(desk: Desk, put: Callable[..., Wanted]) -> None:
    one, other = mail(b"words of one"), mail(b"words of another")
    given = put(one), put(other)
    found = desk.difference(*given)
    assert found == compare_contents(one, other, Limits(), (b"0.eml", b"1.eml")) and found.mails and found.differences
    assert desk.difference(given[0], put(one)).identical


def test_half_a_surrogate_pair_does_not_hinder_it(desk: Desk, put: Callable[..., Wanted]) -> None:
    halves = [mail(b"words +2AA- of one").replace(b"utf-8", b"utf-7"), mail(b"other words").replace(b"utf-8", b"utf-7")]
    found = desk.difference(put(halves[0]), put(halves[1]))
    runs = [run.text for difference in found.differences for run in difference.runs]
    assert "\N{REPLACEMENT CHARACTER}" in " ".join(runs)
    assert "\ud800" in desk.texts(put(halves[0]))[0].text


def test_nothing_is_started_before_something_is_asked_for_nor_after(desk: Desk, put: Callable[..., Wanted]) -> None:
    assert desk._process is None
    wanted = put(mail(b"words"))
    desk.texts(wanted)
    assert desk._process is not None
    pid = desk._process._process.pid
    assert not desk._process.confinement["no_new_privileges"].startswith("refused")
    desk.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(UsageError):
        desk.texts(wanted)


def test_bytes_come_in_pieces_and_who_stops_half_way_spoils_nothing(desk: Desk, put: Callable[..., Wanted]) -> None:
    data = os.urandom(3 * FRAME_BYTES + 1)
    wanted = put(data, b"large", "")
    pieces = list(desk.pieces(wanted))
    assert b"".join(pieces) == data and max(map(len, pieces)) <= FRAME_BYTES and len(pieces) > 3
    for _ in desk.pieces(wanted):
        break
    assert desk.read(wanted) == data


def test_many_are_answered_in_their_order(desk: Desk, put: Callable[..., Wanted]) -> None:
    asked = [put(mail(b"words %d" % number)) for number in range(parent.GROUP * 2 + 1)]
    asked.insert(3, put(b"PK", b"some.zip", "archive.zip/1", "application/zip"))
    found = list(desk.texts_of(asked))
    assert [wanted for wanted, _ in found] == asked
    assert outcome(found[3][1]) is NoText
    assert [outcome(answer) for _, answer in found[:3]] == ["words 0\n", "words 1\n", "words 2\n"]
    assert outcome(found[-1][1]) == f"words {parent.GROUP * 2}\n"
    many = desk.texts_of(asked)
    next(many)
    del many
    assert outcome(desk.texts(asked[0])) == "words 0\n"


def test_a_source_that_is_gone_or_is_another(tmp_path: Path, desk: Desk, put: Callable[..., Wanted]) -> None:
    one, two = put(mail(b"one")), put(mail(b"two"))
    (tmp_path / "leak" / "0.eml").unlink()
    (tmp_path / "leak" / "1.eml").write_bytes(mail(b"TWO"))
    found = dict(desk.texts_of([one, two]))
    assert isinstance(found[one], IntakeError) and isinstance(found[two], IntegrityError)
    for ask in (desk.read, desk.header_fields, desk.texts, lambda wanted: desk.part(wanted, 0, 1)):
        with pytest.raises(IntakeError):
            ask(one)
        with pytest.raises(IntegrityError, match=r"1\.eml"):
            ask(two)


def test_an_item_is_read_where_it_still_stands(tmp_path: Path, desk: Desk, put: Callable[..., Wanted]) -> None:
    one, copy = put(mail(b"one")), put(mail(b"one"))
    (tmp_path / "leak" / "0.eml").unlink()
    both = Wanted(sha256=one.sha256, size=one.size, places=one.places + copy.places, parser=MAIL)
    assert desk.read(both) == mail(b"one")
    with pytest.raises(IntakeError, match="was not read"):
        desk.read(Wanted(sha256="", size=0, places=one.places))
    with pytest.raises(IntakeError, match="nowhere"):
        desk.read(Wanted(sha256=one.sha256, size=0, places=()))
    step = one.places[0].steps[0]
    other = Location((Step(kind=step.kind, name=step.name, start=0, end=step.end, source="elsewhere"),))
    with pytest.raises(IntakeError, match="no source 'elsewhere'"):
        desk.read(Wanted(sha256=one.sha256, size=one.size, places=(other,)))


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("exit", "ended with code 0"),
        ("segv", "ended with signal 11"),
        ("loop", "s of processor time"),
        ("talk", "s of processor time"),
        ("sleep", "for too long"),
        ("memory", "bytes of memory"),
        ("noise", "an answer that is none"),
        ("place", "an answer that is none"),
        ("form", "an answer that is none"),
        ("long", "longer than any"),
        ("fault", r"KeyError: '\\x1b"),
        ("deep", "RecursionError"),
        ("code", "odd"),
    ],
)
def test_what_an_item_does_to_its_reader_costs_that_item_alone(
    act: str, words: str, evil: Desk, put: Callable[..., Wanted], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "CPU_S", 1 if act in ("loop", "talk") else 20)
    monkeypatch.setattr(process, "IDLE_S", 1.2 if act == "sleep" else 100)
    monkeypatch.setattr(process, "RESIDENT_BYTES", 300_000_000)
    monkeypatch.setattr(parent, "ANSWER_BYTES", 2_000_000)
    before, bad, after = put(mail(b"before")), put(mail(b"EVIL:" + act.encode())), put(mail(b"after"))
    answers = [answer for _, answer in evil.texts_of([before, bad, after])]
    assert [outcome(answer) for answer in answers] == ["before\n", NotRead, "after\n"]
    with pytest.raises(NotRead, match=words) as met:
        evil.texts(bad)
    assert str(met.value).startswith("1.eml could not be read: ") and str(met.value).isprintable()
    assert outcome(evil.texts(after)) == "after\n"


def test_what_a_reader_says_is_said_of_the_item(evil: Desk, put: Callable[..., Wanted]) -> None:
    with pytest.raises(LimitExceeded, match=r"^too deep \\u202e$") as met:
        evil.texts(put(mail(b"EVIL:limit")))
    assert met.value.offset == 7


def test_who_fell_for_what_was_read_before_is_read_again_alone(evil: Desk, put: Callable[..., Wanted]) -> None:
    asked = [put(mail(b"one")), put(mail(b"EVIL:second")), put(mail(b"two"))]
    assert [outcome(answer) for _, answer in evil.texts_of(asked)] == ["one\n", "EVIL:second\n", "two\n"]


def test_what_it_started_ends_with_it(evil: Desk, put: Callable[..., Wanted]) -> None:
    evil.texts(put(mail(b"one")))
    assert evil._process is not None
    pid = evil._process._process.pid
    with pytest.raises(NotRead, match="ended with code 0"):
        evil.texts(put(mail(b"EVIL:orphan")))
    deadline = time.monotonic() + 10
    with pytest.raises(ProcessLookupError):
        while time.monotonic() < deadline:  # until whoever took them over has heard of their end
            os.killpg(pid, 0)
            time.sleep(0.05)


def test_it_reaches_no_network(evil: Desk, put: Callable[..., Wanted]) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        socket.create_connection(listening.getsockname(), 2).close()
        found = outcome(evil.texts(put(mail(b"EVIL:connect %d" % listening.getsockname()[1]))))
    assert evil._process is not None
    if evil._process.confinement["no_network"] != "obtained":
        pytest.skip("this kernel confines no network")
    assert found == "no socket"


def test_bytes_are_compared_with_their_digest_here_too(
    desk: Desk, put: Callable[..., Wanted], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_COMMAND", ("-c", LIES))
    wanted = put(mail(b"one"))
    with pytest.raises(IntegrityError, match="not those that were scanned"):
        desk.read(wanted)
    assert desk._process is None, "who lied is asked nothing more"


def test_a_process_that_does_not_start_is_a_fault_of_ours(
    desk: Desk, put: Callable[..., Wanted], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_COMMAND", ("-c", "raise SystemExit('not installed')"))
    with pytest.raises(WorkerFailed, match="not installed"):
        desk.texts(put(mail(b"one")))


def test_no_environment_is_left_to_it(evil: Desk, put: Callable[..., Wanted], monkeypatch: pytest.MonkeyPatch) -> None:
    code = EVIL.replace('if act == "exit": os._exit(0)', "raise KeyError(sorted(os.environ))")
    monkeypatch.setattr(process, "_COMMAND", ("-c", code))
    with pytest.raises(NotRead, match=r"KeyError: \[\]$"):
        evil.texts(put(mail(b"one")))
