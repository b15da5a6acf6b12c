"""Somebody else than the owner of the mailbox or the author changed a store's copy of a mail, long after delivery."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import DAY, HOUR, bin_of, cite, clock, span
from forensics.checks._stored import cite_stored, first_time, is_mail, is_one_of, not_by_library, said
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import message
from forensics.examples.stored import kept
from forensics.model.mail import Message
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
)
from forensics.model.sentences import says
from forensics.model.time_kinds import TimeKind

RULE = Rule(
    id="mail.stored_change",
    version=1,
    title="Changed in the store by somebody else",
    subject=Subject.MESSAGE,
    needs=MessageHas.STORED_TIMES | MessageHas.MODIFIER,
    bins=(Bin("later>1d", ("later>1h",)), Bin("later>1h")),
    group="store",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.WEAK,
    benign=("store_upkeep", "imported", "store_by_library"),
    settle=settle.MAILBOX_OWNER,
    references=("[MS-OXCMSG] 2.2.2", "kb:T-91", "kb:O-37"),
)

_SAID = says(
    "rule.mail.stored_change",
    one=(
        "The mail was delivered to {owner} at {delivered} UTC. {modifier} changed this copy at {changed} UTC, {late} "
        "later: what was changed the store does not say."
    ),
)
_BINS = ((DAY, "later>1d"), (HOUR, "later>1h"))


def check(mail: Message, context: Context) -> Iterator[Observation]:
    """Compare who changed it last with whose mailbox it is, who made the copy, and who wrote the mail.

    A later change says nothing by itself (T-91); an own flag, answer or archive is the owner's.
    """
    modifier, delivered = said(mail, "last_modifier_name"), first_time(mail, TimeKind.STORED)
    changed = first_time(mail, TimeKind.MAPI_MODIFIED)
    if modifier is None or delivered is None or changed is None or not mail.trace or not is_mail(mail):
        return
    if not isinstance(changed.instant, int) or not isinstance(delivered.instant, int):
        return
    late = changed.instant - delivered.instant
    found = bin_of(late, _BINS)
    owner = said(mail, "received_by_name")
    if not found or owner is None or _known(mail, modifier.value):
        return
    yield Observation(
        sentence=_SAID(
            owner=owner.value[:200],
            modifier=modifier.value[:200],
            delivered=clock(delivered.instant),
            changed=clock(changed.instant),
            late=span(late),
        ),
        bin=found,
        evidence=(
            cite_stored("last changed by", modifier, Role.SUSPECT),
            cite("copy changed", changed, Role.SUSPECT),
            cite("delivered", delivered, Role.WITNESS),
            cite_stored("received by", owner, Role.WITNESS),
        ),
        suspect=modifier.locator.path,
        benign=not_by_library(mail),
    )


def _known(mail: Message, modifier: str) -> bool:
    """Whether a name or address is that of the mailbox, of who made the copy, or of a sender or recipient."""
    people = [(party.name, party.address) for party in mail.parties]
    facts = [said(mail, fact) for fact in ("received_by_name", "received_representing_name", "creator_name")]
    return is_one_of(modifier, [*people, *[(fact.value, "") for fact in facts if fact is not None]])


def cases() -> Iterator[Case]:
    """Cases of who changed it."""
    mail = message(hops=(("mx.example", "10:00:00"),))
    got, changed = TimeKind.STORED, TimeKind.MAPI_MODIFIED
    later = {got: "2017-03-06T10:00:00+00:00", changed: "2017-06-06T10:00:00+00:00"}
    owner = {"received_by_name": "Ben Dahl"}
    yield fires(kept(mail, {**owner, "last_modifier_name": "Zoe Zander"}, later), "months later", bin="later>1d")
    yield silent(kept(mail, {**owner, "last_modifier_name": "Dahl, Ben"}, later), "the owner")
    yield silent(kept(mail, {**owner, "last_modifier_name": "anna@example.org"}, later), "the author")
    creator = {**owner, "last_modifier_name": "Migration Service", "creator_name": "Migration Service"}
    yield silent(kept(mail, creator, later), "who made this copy: an import")
    at_once = {**later, changed: "2017-03-06T10:00:30+00:00"}
    yield silent(kept(mail, {**owner, "last_modifier_name": "Transport"}, at_once), "at delivery")
