"""A mail's recipients are one more, or one less, than those whom its answers to all went to.

Who answers to all takes over To and Cc of the mail as it came. Two people who both kept all of its other recipients,
and both left out, or both wrote to, the same one, had another list before them than the mail shows here. So had one who
left out somebody whom no other mail of the thread names.
"""

from collections.abc import Iterable, Iterator
from itertools import chain, groupby

import msgspec

from forensics.checks import settle
from forensics.checks._recipients import FIELDS, Receiver, cite_all
from forensics.examples.cases import Case, fires, silent
from forensics.examples.files import location
from forensics.model.locations import Location
from forensics.model.mail import field_path
from forensics.model.presence.message import MessageHas
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

RULE = Rule(
    id="case.reply_recipients",
    version=2,
    title="Other recipients than its answers went to",
    subject=Subject.MESSAGE,
    needs=MessageHas.FROM | MessageHas.MESSAGE_ID,
    bins=(Bin("added"), Bin("removed"), Bin("added_here")),
    group="recipients",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.MODERATE,
    benign=("left_out_by_all", "list_copy", "sent_twice"),
    accuses=("to", "cc"),
    settle=settle.CORRESPONDENTS_COPY,
    references=("kb:X-18", "kb:O-22", "kb:O-23"),
)

_SAID = {
    "added": says(
        "rule.case.reply_recipients.added",
        one=(
            "The mail has {who} among its recipients. {n} people answered it to at least {both} of its other "
            "recipients, left out nobody else, and none of the answers names this one."
        ),
    ),
    "added_here": says(
        "rule.case.reply_recipients.added_here",
        one=(
            "The mail has {who} among its recipients. The answer to it keeps all {both} others and leaves out this "
            "one, whom no other mail of the thread names. Further mails of the thread: {around}."
        ),
        many=(
            "The mail has {who} among its recipients. The answers of {n} people to it keep all others, at least "
            "{both}, and leave out this one, whom no other mail of the thread names. Further mails of the thread: "
            "{around}."
        ),
    ),
    "removed": says(
        "rule.case.reply_recipients.removed",
        one=(
            "{n} people answered the mail to all of its recipients, at least {both} beside themselves, and all of them "
            "wrote to one more, {who}, whom the mail does not have."
        ),
    ),
}
LEAST = 3
"""Recipients whom each answer kept: with fewer it may be one to a few."""
PEOPLE = 2
"""Who answered so: one alone leaves out, or brings in, whom he likes."""
LEAST_HERE, AROUND = 8, 2
"""The same where one answer alone tells, and further mails of the thread."""
MOST_RECIPIENTS = 500
"""Of one mail: more are a mailing, and each would be compared with each answer."""
MOST = 20
"""Answers named for one mail."""

ROWS_NEEDED = {"messages": 3}

# An address that answers to another mail leave out or bring in as well is one that moved, or that people drop. A list
# takes out of To and Cc whom it serves already, so that nobody is missing in what it sent, be it the mail or an answer;
# of what came by it as the answer did it takes out the same. Reply-To is answered too. Who answered had the mail, and
# who stands in Bcc of an answer was written to.
QUERY = f"""
WITH single AS (
    SELECT min(item) AS parent, message_id AS id FROM flat.mails WHERE message_id <> ''
    GROUP BY message_id HAVING count(*) = 1),
pairs AS MATERIALIZED (
    SELECT DISTINCT l.item, s.parent, r.sender, p.sender AS author, (p.mask & 134217728) <> 0 AS from_list,
           (r.mask & 134217728) <> 0 AS by_list
    FROM flat.links l JOIN single s USING (id) JOIN flat.mails r USING (item) JOIN flat.mails p ON p.item = s.parent
    WHERE l.reply AND l.item <> s.parent AND r.sender <> '' AND p.sender <> '' AND r.sender <> p.sender),
shown AS MATERIALIZED (
    SELECT DISTINCT item, address FROM flat.parties WHERE field IN ('to', 'cc') AND address <> ''),
few AS (SELECT item AS parent FROM shown GROUP BY item HAVING count(*) <= {MOST_RECIPIENTS}),
sides AS (
    SELECT q.item, parent, address, true AS of_mail, false AS of_answer
    FROM pairs q SEMI JOIN few USING (parent) JOIN shown ON shown.item = parent
    WHERE address <> sender AND address <> author
    UNION ALL
    SELECT q.item, parent, address, false, true
    FROM pairs q SEMI JOIN few USING (parent) JOIN shown USING (item) WHERE address <> sender AND address <> author),
addresses AS (
    SELECT item, parent, address, bool_or(of_mail) AS of_mail, bool_or(of_answer) AS of_answer FROM sides GROUP BY ALL),
named AS (SELECT item AS parent, address FROM flat.parties WHERE field NOT IN ('to', 'cc')),
compared AS (
    SELECT item, parent, count(*) FILTER (of_mail AND of_answer) AS both,
           count(*) FILTER (of_mail <> of_answer) AS odd, min(address) FILTER (of_mail <> of_answer) AS who,
           bool_or(of_mail AND NOT of_answer) AS added
    FROM addresses ANTI JOIN named USING (parent, address) GROUP BY ALL HAVING "both" >= {LEAST}),
judged AS MATERIALIZED (FROM compared JOIN pairs USING (item, parent)),
alike AS (
    SELECT parent, min(who) AS who, bool_or(added) AS added, min("both") AS "both", count(DISTINCT sender) AS people,
           NOT CASE WHEN bool_or(added) THEN bool_or(by_list) ELSE bool_or(from_list) END AS whole,
           bool_and(by_list = from_list) AS same_way
    FROM judged GROUP BY parent
    HAVING max(odd) = 1 AND min(odd) = 1 AND count(DISTINCT who) = 1 AND bool_or(added) = bool_and(added)),
placed AS MATERIALIZED (
    SELECT i.item, t.thread, count(*) OVER (PARTITION BY thread) AS n FROM threads t JOIN flat.items i USING (sha256)
    WHERE t.thread IN (
        SELECT thread FROM threads JOIN flat.items y USING (sha256) WHERE y.item IN (SELECT a.parent FROM alike a))),
naming AS (
    SELECT p.thread, y.address AS who, count(DISTINCT p.item) AS k FROM placed p JOIN flat.parties y USING (item)
    WHERE y.address IN (SELECT a.who FROM alike a) GROUP BY ALL),
given AS (SELECT parent, count(DISTINCT item) AS n FROM pairs SEMI JOIN alike USING (parent) GROUP BY parent),
chosen AS (
    SELECT a.*, NOT (people >= {PEOPLE} AND whole) AS here, coalesce(p.n - 1 - g.n, 0) AS around
    FROM alike a JOIN given g USING (parent) LEFT JOIN placed p ON p.item = a.parent
    LEFT JOIN naming y ON y.thread = p.thread AND y.who = a.who
    WHERE (people >= {PEOPLE} AND whole)
       OR (added AND same_way AND "both" >= {LEAST_HERE} AND around >= {AROUND} AND coalesce(k, 0) <= 1)),
elsewhere AS (
    SELECT who, false AS here FROM judged WHERE odd = 1 GROUP BY who HAVING count(DISTINCT parent) > 1
    UNION ALL
    SELECT who, true FROM judged WHERE odd = 1 AND added AND "both" >= {LEAST_HERE}
    GROUP BY who HAVING count(DISTINCT parent) > 1),
answered AS (
    SELECT parent, address AS who, true AS added FROM addresses WHERE of_mail AND of_answer
    UNION SELECT parent, sender, true FROM pairs
    UNION SELECT parent, address, true FROM pairs JOIN flat.parties USING (item) WHERE field = 'bcc'),
found AS MATERIALIZED (
    SELECT a.who, a.added, a."both", a.here, a.around, i.sha256, i.location, j.sender, pi.sha256 AS parent_sha256,
           pi.location AS parent_location,
           (r.mask & 1099511627776) <> 0 AS has_header, (p.mask & 1099511627776) <> 0 AS parent_has_header
    FROM chosen a ANTI JOIN elsewhere USING (who, here) ANTI JOIN answered USING (parent, who, added)
    JOIN judged j USING (parent) JOIN flat.items i USING (item)
    JOIN flat.items pi ON pi.item = parent JOIN flat.mails r USING (item) JOIN flat.mails p ON p.item = parent),
written AS MATERIALIZED (
    SELECT sha256, [{{'name': x."name", 'address': x.address, 'field': x.field}} FOR x IN parties
                    IF x.field IN ('to', 'cc')] AS recipients
    FROM messages WHERE sha256 IN (SELECT sha256 FROM found UNION SELECT parent_sha256 FROM found))
SELECT f.*, m.recipients, pm.recipients AS parent_recipients
FROM found f JOIN written m USING (sha256) JOIN written pm ON pm.sha256 = parent_sha256
ORDER BY parent_sha256, sender, location, sha256
"""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """An answer to a mail all of whose answers to all differ from it in one and the same recipient."""

    who: str
    """That address, in lower case."""
    added: bool
    """The mail has it; else the answers do."""
    here: bool
    """That no other mail of the thread names them tells, not the number of answers."""
    around: int
    """Mails of the thread beside the mail and its answers."""
    both: int
    """Recipients that the mail and each answer have, without both senders."""
    sha256: str
    location: Location
    sender: str
    recipients: list[Receiver]
    parent_sha256: str
    parent_location: Location
    parent_recipients: list[Receiver]
    has_header: bool
    """Whether the answer has header fields; what else has recipients is a store's message, with properties."""
    parent_has_header: bool


def check(rows: Iterable[Row], context: Context) -> Iterator[Observation]:
    """Take the answers to one mail together; each person once."""
    for _, found in groupby(rows, key=lambda row: row.parent_sha256):
        answers = list({row.sender: row for row in reversed(list(found))}.values())[::-1]
        if len(answers) >= (1 if answers[0].here else PEOPLE):
            yield _observation(answers)


def _observation(answers: list[Row]) -> Observation:
    first, cited = answers[0], answers[:MOST]
    mail = (Role.SUSPECT, first.parent_sha256, first.parent_location)
    name, values = "added" if first.added else "removed", {"who": first.who[:200], "both": str(first.both)}
    said = _SAID[name](n=str(len(answers)), **values)
    if first.here:
        name, said = "added_here", _SAID["added_here"](len(answers), **values, around=str(first.around))
    return Observation(
        sentence=said,
        bin=name,
        evidence=(
            *cite_all(first.parent_recipients, *mail, in_header=first.parent_has_header),
            *chain.from_iterable(
                cite_all(row.recipients, Role.WITNESS, row.sha256, row.location, in_header=row.has_header)
                for row in cited
            ),
        ),
        suspect=field_path(FIELDS[_field(first)], 0),
        subjects=(
            SubjectRef(role=Role.SUSPECT, sha256=first.parent_sha256, location=first.parent_location),
            *[SubjectRef(role=Role.WITNESS, sha256=row.sha256, location=row.location) for row in cited],
        ),
    )


def _field(first: Row) -> str:
    """Return where the one stands, or stood by the first answer."""
    listed = first.parent_recipients if first.added else first.recipients
    return next((one.field for one in listed if one.address.lower() == first.who), "cc")


def _row(sender: str, *, added: bool = True, parent: str = "0", here: bool = False) -> Row:
    others = [Receiver(name="", address=f"{name}@example.org", field="to") for name in ("bo", "cy", "di", "eve")]
    one_more = [Receiver(name="Zoe", address="Zoe@example.test", field="cc")]
    return Row(
        who="zoe@example.test",
        added=added,
        here=here,
        around=4,
        both=3,
        sha256=sender.encode().hex().ljust(64, "0"),
        location=location(f"leak/{sender}.eml"),
        sender=sender,
        recipients=others if added else [*others, *one_more],
        parent_sha256=parent * 64,
        parent_location=location("leak/1.eml"),
        parent_recipients=[*others, *one_more] if added else others,
        has_header=True,
        parent_has_header=True,
    )


def cases() -> Iterator[Case]:
    """Cases of who answered; whom each wrote to is compared in the query."""
    yield fires((_row("bo@example.org"), _row("cy@example.org")), "one whom nobody answered", bin="added")
    two = _row("bo@example.org", added=False), _row("cy@example.org", added=False)
    yield fires(two, "one whom both answered", bin="removed")
    yield fires((_row("bo@example.org", here=True),), "one whom nobody else of the thread names", bin="added_here")
    yield silent((_row("bo@example.org"), _row("bo@example.org")), "one person answered twice")
    yield silent((_row("bo@example.org"), _row("cy@example.org", parent="1")), "two mails, one answer each")
