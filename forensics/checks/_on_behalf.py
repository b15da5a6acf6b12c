"""Finds what shows that a mail with another organization in Sender comes from there, sent in its author's name."""

import re

from forensics.knowledge.suffixes import organization
from forensics.model.mail import Message, Party
from forensics.model.sentences import Sentence, says

_LISTED = re.compile(
    rb"precedence:\s*(?:list|bulk)|sender:[^@]*(?:owner|bounces?|admin|request|list|errors)\b|resent-", re.IGNORECASE
)
"""Fields of lists that have no List-Id, and of forwarders."""
_LISTING = frozenset(("", "precedence", "sender"))
"""Names of such fields beside those that begin with ``Resent-``; none has a line that is no field."""
_HOST = re.compile(r"[a-z0-9-]{1,63}+(?:\.[a-z0-9-]{1,63}+){1,8}+")
_CALENDAR_ENTRY = says(
    "note.calendar_entry",
    one=(
        "The mail contains a calendar entry: calendars write to those invited in the name of the person who "
        "invites them."
    ),
)
_SENDER_SIGNED = says(
    "note.sender_signed",
    one="{server} says that the signature of {signer}, which is of Sender's domain, passed.",
)
_SENDER_IN_TRACE = says(
    "note.sender_in_trace",
    one="The trace names {server}, a server of Sender's domain: the mail came through it.",
)
_ID_OF_SENDER = says(
    "note.id_of_sender",
    one="The Message-ID belongs to Sender's domain ({host}): the mail was made there.",
)
MOST_HOPS = 50
"""Trace fields that are looked at, and letters of each."""
MOST_LETTERS = 1000


def other_sender(message: Message, organizations: set[str]) -> Party | None:
    """Return the mailbox of Sender where it is of none of the organizations of From and no list explains it."""
    if message.from_list:
        return None
    sender = next((party for party in message.parties if party.field == "sender" and party.domain), None)
    if sender is None or organization(sender.domain) in organizations or _is_listed(message):
        return None
    return sender


def _is_listed(message: Message) -> bool:
    fields = message.by_key
    telling = [key for key in fields if key in _LISTING or key.startswith("resent-")]
    return any(_LISTED.match(field.raw) for key in telling for field in fields[key])


def on_behalf(message: Message, domain: str) -> Sentence | None:
    """Return what says so; ``None`` where nothing does.

    Args:
        message: a mail whose Sender is of another organization than From.
        domain: of Sender.
    """
    owner = organization(domain)
    for part in message.parts:
        if part.media_type == "text/calendar":
            return _CALENDAR_ENTRY()
    for one in message.results:
        if (
            one.result == "pass"
            and one.signer
            and organization(one.signer) == owner
            and _is_of_trace(message, one.server)
        ):
            return _SENDER_SIGNED(server=one.server or "a server", signer=one.signer)
    for host in _hosts(message):
        if organization(host) == owner:
            return _SENDER_IN_TRACE(server=host)
    made = message.message_id.value.rpartition("@")[2].lower()
    return _ID_OF_SENDER(host=made[:200]) if made and organization(made) == owner else None


def _is_of_trace(message: Message, server: str) -> bool:
    return not server or organization(server) in {organization(hop.by) for hop in message.trace}


def _hosts(message: Message) -> list[str]:
    """Return the hosts of the trace that mail was taken from, newest first: who took it last is the reader's."""
    hops = message.trace[:MOST_HOPS]
    found = [host for hop in hops for host in _HOST.findall(hop.from_[:MOST_LETTERS].lower())]
    return found + [hop.by for hop in hops if hop.by and organization(hop.by) != organization(hops[0].by)]
