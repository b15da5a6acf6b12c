"""A mail went to one more, or one less, than the header block of a reply to it lists."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

import msgspec

from forensics.checks import settle
from forensics.checks._blocks import BLOCKS_WITH_MAILS
from forensics.checks._facts import cite_located, cite_row
from forensics.checks._quoted import same_sender, says_sender
from forensics.checks._recipients import FIELDS, Matched, Receiver, Recipient, cite_all, compare, entries
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.examples.located import located_row
from forensics.examples.times import time_row
from forensics.model.locations import Location
from forensics.model.mail import field_path
from forensics.model.presence.message import MessageHas
from forensics.model.rows.located import LocatedRow
from forensics.model.rows.times import TimeRow
from forensics.model.rules import (
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    Strength,
    Subject,
    SubjectRef,
)
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="case.quoted_recipients",
    version=2,
    title="Other recipients than its replies list",
    subject=Subject.MESSAGE,
    needs=MessageHas.DATE_INSTANT | MessageHas.QUOTED_HEADER,
    bins=(
        Bin("added"),
        Bin("removed"),
        Bin("added,two_people", ("added",)),
        Bin("removed,two_people", ("removed",)),
    ),
    group="recipients",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("quoter_edited", "sent_twice", "list_copy"),
    # Either To and Cc here or the text of whoever quotes them: both must be as signed.
    accuses=("to", "cc", "body"),
    settle=settle.CORRESPONDENTS_COPY,
    references=("kb:X-06", "kb:O-22", "kb:O-23"),
)

_SAID = {
    "added": says(
        "rule.case.quoted_recipients.added",
        one=(
            "The mail has {who} among its recipients. The header block of it in {replier}'s mail lists {both} of its "
            "other recipients, and not this one."
        ),
        many=(
            "The mail has {who} among its recipients. The header blocks of it in the mails of {n} people list at least "
            "{both} of its other recipients, and not this one."
        ),
    ),
    "removed": says(
        "rule.case.quoted_recipients.removed",
        one=(
            "The header block of the mail in {replier}'s mail lists {both} of its recipients and one more, {who}, whom "
            "the mail does not have."
        ),
        many=(
            "The header blocks of the mail in the mails of {n} people list at least {both} of its recipients and one "
            "more, {who}, whom the mail does not have."
        ),
    ),
}
LEAST = 2
"""Recipients whom both have: with fewer the two may be other mails."""
MOST_NAMED = 20
"""Replies named for one mail."""

ROWS_NEEDED = {"messages": 2, "quoted_mails": 1}

QUERY = f"""
WITH {BLOCKS_WITH_MAILS}
SELECT i.sha256, r.sender, i.location, b.written, b."time", b."name", b.address, b."to", b.cc,
       pi.sha256 AS parent_sha256, pi.location AS parent_location, p.sender AS parent_sender,
       coalesce((SELECT min(f."name") FROM flat.parties f WHERE f.item = p.item AND f.field = 'from'), '')
           AS parent_name,
       pm.subject AS parent_subject, (p.mask & 134217728) <> 0 AS from_list,
       (p.mask & 1099511627776) <> 0 AS has_header,
       [{{'name': x."name", 'address': x.address, 'field': x.field}} FOR x IN pm.parties
        IF x.field IN ('to', 'cc', 'bcc')] AS recipients
FROM pairs JOIN blocks b USING (item, place) JOIN flat.items i USING (item) JOIN flat.mails r USING (item)
JOIN flat.mails p ON p.item = parent JOIN flat.items pi ON pi.item = parent
JOIN messages pm ON pm.sha256 = pi.sha256
ORDER BY pi.sha256, i.location, i.sha256, b.place
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A block, and a mail that it may have been taken from."""

    sha256: str
    sender: str
    location: Location
    written: LocatedRow
    time: TimeRow
    name: str
    address: str
    to: str
    cc: str
    parent_sha256: str
    parent_location: Location
    parent_sender: str
    parent_name: str
    parent_subject: LocatedRow
    from_list: bool
    has_header: bool
    """Whether the mail has header fields; what else has recipients is a store's message, with properties."""
    recipients: list[Receiver]


class _Compared(NamedTuple):
    row: Row
    found: Matched

    @property
    def agrees(self) -> bool:
        """Whether both have the same recipients."""
        return not self.found.only_mail and not self.found.only_block

    @property
    def bin(self) -> str:
        """Whether one was ``added`` to the mail or ``removed`` from it; empty where it is not one alone."""
        more, less = len(self.found.only_mail), len(self.found.only_block)
        if self.found.both < LEAST or more + less != 1:
            return ""
        if less and self.row.from_list:
            return ""  # lists take out whom they serve already
        return "added" if more else "removed"


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Take the blocks of one mail together: where one of them agrees with it, the others were shortened."""
    compared = [_compared(row) for row in rows if _from_it(row)]
    fitting = {_block(one.row) for one in compared if one.agrees}
    for _, found in groupby(compared, key=lambda one: one.row.parent_sha256):
        blocks = list(found)
        # A block that fits another mail was taken from that; and a mail that one block fits is as it was.
        odd = [one for one in blocks if one.bin and _block(one.row) not in fitting]
        if odd and not any(one.agrees for one in blocks):
            yield _observation(odd)


def _from_it(row: Row) -> bool:
    return says_sender(row.name, row.address) and same_sender(row.name, row.address, row.parent_name, row.parent_sender)


def _block(row: Row) -> tuple[str, int]:
    return row.sha256, row.written.start or 0


def _compared(row: Row) -> _Compared:
    shown = [Recipient(one.name, one.address) for one in row.recipients if one.field != "bcc"]
    hidden = [Recipient(one.name, one.address) for one in row.recipients if one.field == "bcc"]
    unlisted = [*hidden, Recipient(row.parent_name, row.parent_sender), Recipient("", row.sender)]
    return _Compared(row, compare(shown, unlisted, row.to, row.cc))


def _observation(odd: Sequence[_Compared]) -> Observation:
    first = odd[0]
    alike = [one for one in odd if (one.bin, one.found[1:]) == (first.bin, first.found[1:])]
    people = {one.row.sender: one for one in reversed(alike)}
    several = len(people) > 1
    mail, reply = (Role.SUSPECT, Role.WITNESS) if several else (Role.EITHER, Role.EITHER)
    row = first.row
    who = first.found.only_mail[0].text if first.bin == "added" else first.found.only_block[0]
    both = min([one.found.both for one in people.values()])
    replies = [one.row for one in list(people.values())[::-1][:MOST_NAMED]]
    return Observation(
        sentence=_SAID[first.bin](
            len(people), who=who[:200], both=str(both), replier=(row.sender or row.location.text)[:200]
        ),
        bin=f"{first.bin},two_people" if several else first.bin,
        evidence=(
            *cite_all(row.recipients, mail, row.parent_sha256, row.parent_location, in_header=row.has_header),
            *[cite_located("quoted as", one.written, reply, one.sha256, one.location) for one in replies],
            cite_located("Subject", row.parent_subject, mail, row.parent_sha256, row.parent_location),
            cite_row("quoted time", row.time, reply, row.sha256, row.location),
        ),
        suspect=field_path(FIELDS[_field(first)], 0),
        subjects=(
            SubjectRef(role=mail, sha256=row.parent_sha256, location=row.parent_location),
            *[SubjectRef(role=reply, sha256=one.sha256, location=one.location) for one in replies],
        ),
    )


def _field(one: _Compared) -> str:
    """Return where the one stands whom only the mail has, or stood by the block."""
    if one.bin == "removed":
        return "to" if one.found.only_block[0] in entries(one.row.to) else "cc"
    added = one.found.only_mail[0]
    return next(each.field for each in one.row.recipients if (each.name, each.address) == added and each.field != "bcc")


def _row(
    to: str, cc: str = "", sender: str = "bo@example.org", parent: str = "0", more: str = "", *, from_list: bool = False
) -> Row:
    addresses = ["bo@example.org", "cy.bach@example.net", "di@example.org", *([more] if more else [])]
    return Row(
        sha256=sender.encode().hex().ljust(64, "0"),
        sender=sender,
        location=location("leak/2.eml"),
        written=located_row("From: Anna Roe", "part:1", start=300),
        time=time_row("2017-03-06T10:00:00+00:00", path="part:1/quoted", kind=TimeKind.QUOTED),
        name="Anna Roe",
        address="",
        to=to,
        cc=cc,
        parent_sha256=parent * 64,
        parent_location=location("leak/1.eml"),
        parent_sender="anna.roe@example.org",
        parent_name="Anna Roe",
        parent_subject=located_row("Budget", "header:Subject[0]", start=60),
        from_list=from_list,
        has_header=True,
        recipients=[Receiver(name="", address=address, field="to") for address in addresses],
    )


def cases() -> Iterator[Case]:
    """Cases of who is listed."""
    all_three = "bo@example.org; Bach, Cy; Di <di@example.org>"
    more = _row(all_three, more="zoe.zander@example.test")
    yield fires((more,), "one more in the mail", bin="added")
    yield fires((_row(all_three, "Zander, Zoe"),), "one more in the block", bin="removed")
    both = more, _row(all_three, sender="di@example.org", more="zoe.zander@example.test")
    yield fires(both, "two people list the same", bin="added,two_people")
    yield silent((_row(all_three),), "the same, as an address book has them")
    yield silent((_row("bo@example.org"),), "most were cut")
    own = _row("bo@example.org; Bach, Cy; Di <di@example.org>", sender="zoe@example.test", more="zoe@example.test")
    yield silent((own,), "who answers left himself out")
    yield silent((_row(all_three, "Zander, Zoe", from_list=True),), "a list took one out")
    whole = _row(all_three, "Zander, Zoe", sender="di@example.org", more="zoe.zander@example.test")
    yield silent((more, whole), "another reply lists all")
    yield silent((more, _row(all_three, parent="1")), "the block was taken from another mail")
