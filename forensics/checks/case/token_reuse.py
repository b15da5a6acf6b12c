"""Two different mails carry one queue id, signature or network id: a server makes each of these once."""

import re
from collections.abc import Iterable, Iterator, Sequence

from forensics.checks import settle
from forensics.checks._facts import cite_located, settled
from forensics.checks._reasons import NO_LIST, ONE_LIST
from forensics.checks._subjects import bare_subject
from forensics.checks._tokens import QUERY, Row, bonds
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    BenignState,
    Bin,
    Context,
    Evidence,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.sentences import says

__all__ = ["QUERY", "RULE", "Row", "cases", "check"]

RULE = Rule(
    id="case.token_reuse",
    version=4,
    title="A server's id or signature on two different mails",
    subject=Subject.MESSAGE,
    needs=MessageHas.TRACE_TIME_1,
    bins=(
        Bin("other_message"),
        Bin("other_subject"),
        Bin("other_body"),
        # A server gave one id to two patches of a series in one second: 3 pairs in 33,000 genuine mails.
        Bin("one_queue_id", ceiling=Strength.WEAK),
    ),
    group="copies",
    proposition=Proposition.TRANSPLANTED,
    ceiling=Strength.STRONG,
    benign=("list_copy", "id_given_twice", "resent", "resaved", "broken_client", "unsolicited"),
    settle=settle.RELAYS,
    references=("RFC 5321 4.4", "RFC 6376 3.5", "kb:X-11", "kb:X-17", "kb:O-31", "kb:O-41", "kb:O-46"),
)

ROWS_NEEDED = {"messages": 2}

_SAID = {
    "other_message": says(
        "rule.case.token_reuse.other_message",
        one=(
            "{count} different mails share something that servers make only once ({kinds}); number shared: "
            '{tokens}, the first {id}: "{subject}" and "{other}".'
        ),
    ),
    "other_subject": says(
        "rule.case.token_reuse.other_subject",
        one=(
            "{count} mails with one Message-ID share something that servers make only once ({kinds}); number "
            'shared: {tokens}, the first {id}. Their subjects differ: "{subject}" and "{other}".'
        ),
    ),
    "other_body": says(
        "rule.case.token_reuse.other_body",
        one=(
            "{count} mails took the same route at the same moments and share something that servers make only "
            'once ({kinds}; {tokens}, the first {id}), but have different bodies: "{subject}".'
        ),
    ),
    "one_queue_id": says(
        "rule.case.token_reuse.one_queue_id",
        one=(
            "{count} different mails, each of which came by its own route before or after, carry the same queue "
            'id of {host}, {id}: "{subject}" and "{other}". Such ids in all: {tokens}.'
        ),
    ),
}
_CONSTANT_TOKEN = says(
    "note.constant_token",
    one="{count} different mails carry it: it is a server's constant, not a copy.",
)
_MORE_THAN_ONE_ID = says(
    "note.more_than_one_id",
    one="More is shared than queue ids of one server, or nothing distinguishes the routes of the mails.",
)
_ID_OF_THE_SECOND = says(
    "note.id_of_the_second",
    one=(
        "The id is made from a number and the second. The number becomes free again once its mail has left the "
        "queue, so the server may give the same id twice within one second; everything else in the routes "
        "differs."
    ),
)

MOST = 20
"""Mails named for one group; more of them are a program's constant, not copies."""

_OF_THE_SECOND = re.compile(r"S\d{3,12}[A-Za-z0-7]{7,9}|.*\.\d{4}(?:\.\d\d){5}", re.ASCII)
"""ZMailer's and Google's ids: a number that is free again once its mail left the queue, and the second."""


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Report different mails by what each two of them share: two ids that hold a third mail are no bond of the two."""
    for mails, shared in bonds(rows):
        name = _bin(mails, [row for row in shared if row.sha256 == mails[0].sha256])
        if name:
            yield _observation(name, mails, shared)


def _bin(mails: Sequence[Row], shared: Sequence[Row]) -> str:
    """How different mails are that share all these; a list's footer is no difference, one delivery has one text."""
    ways = {row.way for row in mails}
    name = "other_body" if len(ways) == 1 and () not in ways else ""
    if len({bare_subject(row.subject.value) for row in mails}) > 1:
        name = "other_subject"
    if len({row.message_id for row in mails}) > 1:
        name = "other_message"
    return "one_queue_id" if name and _given_twice(mails, shared) else name


def _given_twice(mails: Sequence[Row], shared: Sequence[Row]) -> bool:
    """Whether servers may have given twice all that the mails share, and each came a way of its own before or after.

    One server may; several may where each makes its ids of the second, for mails that are sent at once pass all of them
    at once.
    """
    hosts = {row.host for row in shared}
    if any(row.kind != "queue id" for row in shared):
        return False
    if len(hosts) > 1 and not all(_OF_THE_SECOND.fullmatch(_text(row)) for row in shared):
        return False
    first, *others = [
        {hop for hop in row.way if len(shared) == 1 or hop.split(" ", 1)[0] not in hosts} for row in mails
    ]
    return all(first - other and other - first for other in others)


def _observation(name: str, mails: Sequence[Row], shared: Sequence[Row]) -> Observation:
    copies = mails[:MOST]
    first, shown = copies[0], {row.sha256 for row in copies}
    token = shared[0]
    other = next(
        (one for one in copies if bare_subject(one.subject.value) != bare_subject(first.subject.value)), copies[1]
    )
    values = {
        "kinds": ", ".join(sorted({row.kind for row in shared})),
        "count": str(len(mails)),
        "tokens": str(len({row.token for row in shared})),
        "host": token.host,
    }
    values |= {"id": _text(token), "subject": first.subject.value[:120], "other": other.subject.value[:120]}
    return Observation(
        sentence=_SAID[name](**values),
        bin=name,
        evidence=tuple([_cite(row) for row in shared if row.sha256 in shown][: 2 * MOST]),
        suspect=token.written.path,
        subjects=tuple([SubjectRef(role=Role.EITHER, sha256=c.sha256, location=c.location) for c in copies]),
        benign=tuple(_causes(name, mails, shared)),
    )


def _causes(name: str, mails: Sequence[Row], shared: Sequence[Row]) -> Iterator[BenignState]:
    if len(mails) > MOST:
        yield settled("broken_client", State.EXPLAINS, _CONSTANT_TOKEN(count=len(mails)))
    if name != "one_queue_id":
        yield settled("id_given_twice", State.EXCLUDED, _MORE_THAN_ONE_ID())
    elif all(_OF_THE_SECOND.fullmatch(_text(row)) for row in shared):
        yield settled("id_given_twice", State.EXPLAINS, _ID_OF_THE_SECOND())
    if len({mail.list_id for mail in mails}) == 1:
        yield settled("list_copy", State.EXCLUDED, ONE_LIST() if mails[0].list_id else NO_LIST())


def _text(row: Row) -> str:
    return row.written.raw.decode("utf-8", "replace")


def _cite(row: Row) -> Evidence:
    return cite_located(row.kind, row.written, Role.EQUAL, row.sha256, row.location, value=_text(row))


def _row(
    number: int,
    subject: str = "Minutes",
    body: str = "b",
    identifier: str = "1",
    way: tuple[str, ...] = ("mx.example 4XyZ12 1",),
    token: str = "mx.example 4XyZ12 1",
    kind: str = "queue id",
) -> Row:
    host, value, _ = token.split(" ")
    return Row(
        kind=kind,
        host=host if kind == "queue id" else "",
        token=token,
        written=located_row(value, "header:Received[0]/id", start=40),
        sha256=f"{number:064}",
        message_id=f"{identifier}@example.org",
        subject=located_row(subject, "header:Subject[0]"),
        body_sha256=body,
        list_id="",
        texts=(),
        files="",
        way=way,
        location=location(f"leak/{number}.eml"),
    )


def _several(number: int, *tokens: str, below: str = "") -> tuple[Row, ...]:
    """One of several mails that share these ids; ``below`` is a hop of its own."""
    way = (*tokens, *((below,) if below else ()))
    return tuple([_row(number, f"Part {number}", str(number), str(number), way, token) for token in tokens])


def cases() -> Iterator[Case]:
    """Cases of one token on several mails."""
    yield fires((_row(1), _row(2, "Invoice", "c", "2")), "one queue id, two mails", bin="other_message")
    yield fires((_row(1), _row(2, "Invoice", "c")), "the Message-ID was kept too", bin="other_subject")
    yield fires((_row(1), _row(2, body="c")), "one delivery with two texts", bin="other_body")
    yield silent((_row(1), _row(2)), "two copies of one mail")
    x, y, zmailer = "mx.example 4XyZ12 1", "relay.example 7Ab01Q 2", "vger.example S1728133AbgDWNpJ 1"
    yield silent(
        (_row(1), _row(2, "[board] Minutes", "c", way=(x, y))), "a direct copy and the list's, with its footer"
    )
    one = (*_several(1, x, below="a.example 77 1"), *_several(2, x, below="a.example 78 1"))
    yield fires(one, "one queue id, other ways", bin="one_queue_id")
    two = (*_several(1, x, y, below="a.example 77 1"), *_several(2, x, y, below="a.example 78 1"))
    yield fires(two, "the ids of two servers", bin="other_message")
    pasted = [
        _row(
            number, f"Part {number}", str(number), str(number), (f"a.example 7{number} 1",), "x 5f0a2b1c 1", "signature"
        )
        for number in (1, 2)
    ]
    yield fires(tuple(pasted), "one signature over two mails", bin="other_message")
    chain = (*_several(1, x, below="a.example 77 1"), *_several(2, x, y), *_several(3, y, below="a.example 79 1"))
    yield fires(chain, "two pairs, one id each", bin="one_queue_id", count=2)
    again = (*_several(1, zmailer, below="a.example 77 1"), *_several(2, zmailer, below="a.example 78 1"))
    yield explained(again, "a number and the second, given again at once", by="id_given_twice")
    google = "smtp.gmail.com a16sm60509ejb.69.2021.07.06.10.54.43 1"
    burst = (
        *_several(1, zmailer, google, below="a.example 77 1"),
        *_several(2, zmailer, google, below="a.example 78 1"),
    )
    yield explained(burst, "two servers, each with a number and the second", by="id_given_twice")
    many = tuple([_row(number, "Hello", str(number)) for number in range(30)])
    yield explained(many, "a server that gives every mail one id", by="broken_client")
