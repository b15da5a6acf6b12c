"""Conclusions of a case as it is on disk: their queries, and what they say of mails that were scanned."""

import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

import forensics
from forensics.casestore import CaseFolder, Queries
from forensics.model.case import CaseInfo
from forensics.model.findings import Ranked
from forensics.model.rules import Proposition, Role
from forensics.stages.grading import concluding
from forensics.stages.grading.concluding import KINDS, conclude
from forensics.stages.grading.concluding.facts import Asked, Facts, ask

HOPS = (("mx.two.test", "10:00:09"), ("relay.one.example", "10:00:05"))


def mail(number: int, date: str = "Tue, 14 Mar 2017 10:00:00 +0000", body: str = "We met.\r\n", received=HOPS) -> bytes:
    trace = [f"Received: from x by {host} with ESMTP; Tue, 14 Mar 2017 {at} +0000\r\n" for host, at in received]
    fields = f"Subject: Minutes\r\nDate: {date}\r\nMessage-ID: <{number}@one.example>\r\n"
    fields = f"From: anna@one.example\r\nTo: bo@two.test\r\n{fields}"
    return ("".join(trace) + fields + "\r\n" + body).encode()


def scanned(folder: Path, files: Iterable[tuple[str, bytes]]) -> Path:
    source = folder / "leak"
    source.mkdir()
    for name, data in files:
        (source / name).write_bytes(data)
    forensics.scan(source, case=folder / "case")
    return folder / "case"


def test_every_question_can_be_put_to_an_empty_case(tmp_path: Path) -> None:
    folder = CaseFolder.create(tmp_path / "case", CaseInfo(as_of="2020-01-01T00:00:00Z"))
    every = Asked(**dict.fromkeys(Asked.__struct_fields__, ("a",)))
    with Queries(folder) as queries:
        assert ask(every, queries.rows) == Facts()
        assert conclude((), {}, queries.rows) == ()


def test_a_question_about_no_mail_is_not_put() -> None:
    def rows(*_: object) -> Iterable[object]:
        raise AssertionError("asked")

    assert ask(Asked(), rows) == Facts()  # type: ignore[arg-type]


@pytest.fixture
def line(make_entry):
    """A line of the ranking."""
    return make_entry().line


def test_a_line_of_a_cluster_and_one_without_its_findings_stay_as_they_are(line: Ranked, make_told, make_facts) -> None:
    def rows(*_: object) -> tuple[object, ...]:
        return ()

    assert conclude((line,), {}, rows) == (line,)
    assert list(KINDS) == ["signed", "copies", "quotes", "parts", "clocks", "identity"]


def test_a_mail_that_was_dated_back(tmp_path: Path) -> None:
    files = [(f"{n}.eml", mail(n)) for n in range(3)]
    case = scanned(tmp_path, [*files, ("x.eml", mail(9, "Mon, 15 Nov 2016 10:00:00 +0000"))])
    (entry,) = forensics.rank(case, strength="weak")
    assert entry.conclusion == (
        "The mail claims 2016-11-15 10:00:00 UTC; 2 clocks of 2 owners, within 4 seconds of each other, say 2017-03-14 "
        "10:00:05 UTC: 119 days later."
    )
    assert (entry.side, entry.related, entry.compared) == ("", (), ())
    assert entry.concluded is not None and entry.concluded.kind == "clocks"
    (shown,) = forensics.show(case, "#1")
    assert shown.entry is not None and shown.entry.concluded == entry.concluded


def test_donor_and_copy_are_one_entry_with_what_they_share(tmp_path: Path) -> None:
    donor = mail(1).replace(b"with ESMTP;", b"(Postfix) with ESMTP id 4XyZ12AbCdz9Qr;")
    words = (
        (b"<1@", b"<2@"),
        (b"Minutes", b"Payment"),
        (b"We met.", b"Pay by Friday."),
        (b"Tue, 14 Mar 2017 10:00:00", b"Tue, 14 Nov 2017 10:00:00"),
    )
    copy = donor
    for one, other in words:
        copy = copy.replace(one, other)
    case = scanned(tmp_path, [("donor.eml", donor), ("copy.eml", copy)])
    entry = next(iter(forensics.rank(case, strength="weak")))
    assert entry.concluded is not None and entry.concluded.kind == "copies"
    assert entry.item is not None and entry.item.location.text == "copy.eml"
    assert entry.conclusion == (
        "Two different mails have 2 ids or signatures in common that are made only once (queue id). Same in both: "
        "sender; first server; different: Date; Subject; Message-ID."
    )
    assert entry.side == (
        "Likelier changed is this one: its Date is contradicted by clocks in it that agree with each other, the "
        "other's is not."
    )
    assert [(one.relation, one.item.location.text) for one in entry.related] == [("shared_ids", "donor.eml")]
    assert {one.trait: one.same for one in entry.compared} == {
        "sender": True,
        "date": False,
        "subject": False,
        "message_id": False,
        "first_server": True,
    }


def test_lines_are_concluded_in_batches_and_keep_their_order(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(concluding, "BATCH", 1)
    bad = [(f"x{n}.eml", mail(n + 7, f"Mon, {n} Nov 2016 10:00:00 +0000")) for n in (15, 16, 18)]
    case = scanned(tmp_path, [*[(f"{n}.eml", mail(n)) for n in range(20)], *bad])
    entries = list(forensics.rank(case, strength="weak"))
    assert [entry.rank for entry in entries] == [1, 2, 3]
    days = {entry.item.location.text: entry.conclusion[16:27].strip() for entry in entries if entry.item}
    assert days == {f"x{n}.eml": f"2016-11-{n}" for n in (15, 16, 18)}


def test_a_flood_costs_as_much_as_it_has_lines(make_told, make_entry, line: Ranked) -> None:
    told = make_told("case.token_reuse", proposition=Proposition.TRANSPLANTED, a=Role.EITHER, b=Role.EITHER)

    def rows(*_: object) -> tuple[object, ...]:
        return ()

    def cost(n: int) -> int:
        from msgspec.structs import replace

        lines = [replace(line, rank=number, findings=("f",)) for number in range(n)]
        calls = 0

        def count(*_: object) -> None:
            nonlocal calls
            calls += 1

        sys.setprofile(count)
        try:
            conclude(lines, {"f": told}, rows)
        finally:
            sys.setprofile(None)
        return calls

    cost(10)
    small, large = cost(100), cost(1_000)
    assert 0 < large < 15 * small
