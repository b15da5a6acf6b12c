"""The sender's domain that a server recorded when it took the mail is not that of From."""

from collections.abc import Iterator, Sequence

from forensics.checks import settle
from forensics.checks._facts import cite_field, cite_header, settled
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.mails import message, tested
from forensics.knowledge.suffixes import organization, within
from forensics.model.authentication import AuthenticationResult
from forensics.model.mail import Message
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    BenignState,
    Bin,
    Context,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
)
from forensics.model.sentences import says

RULE = Rule(
    id="mail.recorded_from",
    version=1,
    title="From differs from what a server recorded",
    subject=Subject.MESSAGE,
    needs=MessageHas.HEADER | MessageHas.FROM | MessageHas.RECORDED_FROM,
    bins=(Bin("other_house"),),
    group="authentication",
    compare_with="authentication server",
    proposition=Proposition.SPOOFED_IDENTITY,
    ceiling=Strength.STRONG,
    benign=("from_rewritten", "broken_server", "unsolicited"),
    accuses=("from",),
    as_delivered=True,
    settle=settle.CORRESPONDENTS_COPY,
    references=("RFC 7489 11.1", "RFC 8601 2.3", "kb:A-41", "kb:O-21", "kb:O-44"),
)

_SAID = says(
    "rule.mail.recorded_from",
    one="{server} recorded the mail as from {recorded} ({field}); From says {sender}.",
)
_VIA_IN_NAME = says("note.via_in_name", one="The name in From says that a list or service is sending for the author.")
_FROM_OF_LIST = says(
    "note.from_of_list",
    one="The domain of From ({sender}) is the list's own: the list put itself into From.",
)
_ORIGINAL_FROM_KEPT = says("note.original_from_kept", one="X-Original-From still names an address at {original}.")


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Hold the newest record against every mailbox of From."""
    record = next((one for one in message.results if recorded(one)), None)
    senders = [party.domain for party in message.parties if party.field == "from" and party.domain]
    if (
        record is None
        or not senders
        or any(organization(_ascii(one)) == organization(recorded(record)) for one in senders)
    ):
        return
    name = "ARC-Authentication-Results" if record.instance is not None else "Authentication-Results"
    author = message.first("from")
    said = f"{record.server or 'a server'}; header.from={recorded(record)}"
    cited = [cite_header(author, Role.SUSPECT)] if author is not None else []
    cited.append(cite_field(record, Role.WITNESS, said))
    values = {"server": record.server or "a server", "recorded": recorded(record)[:120], "sender": senders[0][:120]}
    yield Observation(
        sentence=_SAID(**values, field=name),
        bin="other_house",
        evidence=tuple(cited),
        suspect="header:From[0]",
        compare=record.server,
        benign=tuple(_rewritten(message, senders[0], recorded(record))),
    )


def recorded(result: AuthenticationResult) -> str:
    """Return the domain of From as the server has it; empty where it names none."""
    domain = result.properties.get("header.from", "").rpartition("@")[2].strip("<>. ")
    return _ascii(domain) if "." in domain else ""


def _ascii(domain: str) -> str:
    """Return a domain as it is asked for, since one server writes it so and another in the letters of its language."""
    if domain.isascii():
        return domain.lower()
    try:
        return domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return domain.lower()


def _rewritten(message: Message, sender: str, original: str) -> Iterator[BenignState]:
    """Lists write themselves into From, and name the author beside it, since receivers refuse what they resend."""
    names = [party.name.lower() for party in message.parties if party.field == "from"]
    kept = message.first("x-original-from")
    of_list = [message.list_id, *[one.domain for one in message.parties if one.field in ("sender", "return-path")]]
    if any(" via " in name for name in names):
        yield settled("from_rewritten", State.EXPLAINS, _VIA_IN_NAME())
    elif message.list_id and any(within(one, organization(sender)) for one in of_list if one):
        yield settled("from_rewritten", State.EXPLAINS, _FROM_OF_LIST(sender=sender))
    elif kept is not None and original.encode() in kept.body.lower():
        yield settled("from_rewritten", State.EXPLAINS, _ORIGINAL_FROM_KEPT(original=original))


def cases() -> Iterator[Case]:
    """Cases of what a server recorded of mails from ``example.org``."""

    def mail(*domains: str, list_id: str = "", parties: Sequence[tuple[str, str, str]] = ()) -> Message:
        results = [tested("dmarc", header_from=one) for one in domains]
        fields = (("From", "Anna <anna@example.org>"), ("Authentication-Results", "x"))
        return message(fields=fields, results=results, parties=parties, list_id=list_id)

    yield fires(mail("example.net"), "a server recorded another organization", bin="other_house")
    yield fires(mail("example.net", "example.org"), "the newest record counts", bin="other_house")
    yield fires(mail("example.net", list_id="news.example.com"), "a list of a third organization", bin="other_house")
    yield silent(mail("example.org"), "the same domain")
    yield silent(mail("news.EXAMPLE.org"), "the same organization")
    yield silent(mail("anna@example.org"), "recorded as an address")
    yield silent(mail("none"), "no domain recorded")
    yield silent(mail("example.org", "example.net"), "a list took From over, and the next server recorded that")
    yield silent(mail("example.net", parties=(("from", "", "ben@example.net"),)), "one of two authors")
    yield explained(mail("example.net", list_id="news.example.org"), "From is the list's", by="from_rewritten")
    shown = (("from", "Anna via News", "news@example.org"),)
    yield explained(mail("example.net", parties=shown), "the name says via", by="from_rewritten")
