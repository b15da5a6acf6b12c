"""A worker's loop: it says what confines it, reads what it is given, shows what it reads, and answers."""

import errno
import gc
import io
import os
from pathlib import Path
from typing import Any

import msgspec
import pytest

from forensics.engine.reading import worker
from forensics.engine.reading.protocol import PAGE_BYTES, Answer, Job, Page, Setup
from forensics.engine.reading.units import plan
from forensics.model.codec import encode
from forensics.model.items import Limits

MAIL = b"From: a@a.example\nSubject: %d\nDate: Mon, 4 Jan 2016 10:00:00 +0000\n\nText.\n"


@pytest.fixture
def said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run the loop in this process over two mails; return its answers and its page."""
    source = tmp_path / "source"
    source.mkdir()
    for number in range(2):
        (source / f"{number}.eml").write_bytes(MAIL % number)
    (unit,) = plan("s", source, Limits(), (), "", "0")
    monkeypatch.setattr(gc, "set_threshold", lambda *_: None)
    monkeypatch.setattr(worker, "confine", lambda: {"no_network": "obtained"})

    def run() -> tuple[list[Answer], Page | None]:
        tmp = tmp_path / "worker"
        tmp.mkdir()
        (tmp / "pulse").write_bytes(bytes(PAGE_BYTES))
        setup = Setup(tmp=str(tmp), limits=Limits(), as_of=2**60)
        asked = encode(setup) + b"\n" + encode(Job(unit=unit, last=2)) + b"\n"
        answers = io.BytesIO()
        monkeypatch.setattr(worker, "channels", lambda: (io.BytesIO(asked), answers))
        worker.main()
        found = [msgspec.json.decode(line, type=Answer) for line in answers.getvalue().splitlines()]
        return found, Page.of((tmp / "pulse").read_bytes())

    return run


def test_a_unit_is_read_and_what_it_cost_is_said(said: Any, tmp_path: Path) -> None:
    (ready, done), page = said()
    assert (ready.kind, ready.confinement) == ("ready", {"no_network": "obtained"})
    assert (done.kind, done.changed, done.peak_bytes > 0) == ("done", 0, True)
    assert (page.items, page.size, page.current) == (2, 2 * len(MAIL % 0), "1.eml")
    (unit,) = [path for path in (tmp_path / "worker").iterdir() if path.is_dir()]
    assert len((unit / "messages.ndjson").read_bytes().splitlines()) == 2


def test_a_full_disk_is_said_and_ends_it(said: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: object) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(worker.UnitReader, "read", full)
    assert [answer.kind for answer in said()[0]] == ["ready", "full"]


def test_any_other_failure_ends_it_without_an_answer(said: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: object) -> None:
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(worker.UnitReader, "read", broken)
    with pytest.raises(OSError, match="broken"):
        said()


def test_what_a_library_prints_does_not_mix_with_answers(capfd: pytest.CaptureFixture[str]) -> None:
    before = os.dup(1)
    try:
        _, answers = worker.channels()
        os.write(1, b"printed by a library\n")
        with answers:
            answers.write(b"an answer\n")
    finally:
        os.dup2(before, 1)
        os.close(before)
    assert capfd.readouterr().out == "an answer\n"
