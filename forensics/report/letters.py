"""Letters to providers and administrators: records and times, what is asked, what the answer would settle.

They accuse nobody and name no person: of a mail they have its Message-ID, its dates and the records that name the
addressee's own servers.
"""

import textwrap
from collections.abc import Iterator

from forensics.knowledge.wording import Wording
from forensics.model.case import CaseInfo
from forensics.model.letters import AskedMail, AskedRecord, Letter, Letters, RecordKind
from forensics.model.sentences import says
from forensics.report.visible import visible

COLUMNS = 76
"""Width of the text, for mail and for print."""
_LONGEST = 500
"""Characters of one value of the evidence."""

_TO = says("letter.to", one="To: postmaster@{organization} (RFC 5321, section 4.5.1)")
_SUBJECT = says("letter.subject", one="Subject: Request to compare and preserve mail server records")
_REFERENCE = says("letter.reference", one="Our reference: {reference}")
_PLACEHOLDER = says("letter.placeholder", one="[name, office, address, legal basis of the request]")
_GREETING = says("letter.greeting", one="Dear Sir or Madam,")
_OPENING = says(
    "letter.opening",
    one=(
        "We are examining a collection of electronic mail. The message below carries records that name your servers or "
        "your domain as their origin. We ask you to compare these records with your own, and to preserve what your own "
        "records hold on it."
    ),
    many=(
        "We are examining a collection of electronic mail. The {n} messages below carry records that name your servers "
        "or your domain as their origin. We ask you to compare these records with your own, and to preserve what your "
        "own records hold on them."
    ),
)
_NEUTRAL = says(
    "letter.neutral",
    one=(
        "This request makes no statement about anybody who wrote, sent or received a message. Records in a message can "
        "be genuine, copied or wrong for many reasons; your answer helps to tell which."
    ),
)
_MESSAGE = says("letter.message", one="Message {number}")
_MESSAGE_ID = says("letter.message_id", one="Message-ID: {id}")
_NO_MESSAGE_ID = says("letter.message_id.none", one="Message-ID: none")
_DATE = says("letter.date", one="Date field: {date}")
_NO_DATE = says("letter.date.none", one="Date field: none")
_DIGEST = says("letter.digest", one="SHA-256 of the message as we have it: {digest}")
_TRACE = says("letter.trace", one="Trace field (Received) by {host}, {id}, time {time}.")
_ID = says("letter.trace.id", one="id {id}")
_ID_AND_PROTOCOL = says("letter.trace.id_protocol", one="id {id} ({protocol})")
_PROTOCOL = says("letter.trace.protocol", one="no id ({protocol})")
_NO_ID = says("letter.trace.no_id", one="no id")
_SIGNATURE = says(
    "letter.signature", one="Signature (DKIM or ARC) for the domain {host} with the selector {id}, time {time}."
)
_LIST = says("letter.list", one="Mailing list {host}.")
_NO_TIME = says("letter.no_time", one="none")
_UTC = says("letter.utc", one="{time} UTC")
_OTHER_DAYS = says(
    "letter.other_days",
    one=(
        "If your records hold nothing of it at that time, please look at the following day as well (UTC): {days}. "
        "The message mentions it too."
    ),
    many=(
        "If your records hold nothing of it at that time, please look at the following days as well (UTC): {days}. "
        "The message mentions them too."
    ),
)
_QUESTIONS = says("letter.questions", one="What we ask")
_ASK_TRACE = says(
    "letter.ask.trace",
    one=(
        "Trace fields: does the log of the host named hold an entry with this id, or with this Message-ID? At what "
        "time (with the time zone of the log), from which host was the message taken, to which was it handed on, with "
        "what size? If the same times and ids stand there, the records in the message are confirmed. If a complete log "
        "of that time holds no such entry, or another time, the records in the message were not written in this form "
        "by that host."
    ),
)
_ASK_SIGNATURE = says(
    "letter.ask.signature",
    one=(
        "Signatures: did your domain use this selector at that time, and what was its public key (the whole record, "
        "with the days from which and until which it was published)? With this key anybody can test whether the "
        "message is still the one that was signed."
    ),
)
_ASK_LIST = says(
    "letter.ask.list",
    one=(
        "Mailing lists: does the archive of the list hold this Message-ID? Please send the stored message with all its "
        "header fields, as a file. It can then be compared word by word."
    ),
)
_CLOCK = says(
    "letter.clock",
    one=(
        "Please state how the clock of each host was set at that time, from which day on your logs are complete, and "
        "when older records are deleted. If records are about to be deleted, please preserve those of the days named."
    ),
)
_LEFT_OUT = says(
    "letter.left_out",
    one="1 further message carries records of your servers; we can send its particulars if you can answer for these.",
    many=(
        "{n} further messages carry records of your servers; we can send their particulars if you can answer for these."
    ),
)
_CLOSING = says("letter.closing", one="Yours faithfully")
_COUNTED = says(
    "letter.counted",
    one="1 letter on {entries} entries of the ranking.",
    many="{n} letters on {entries} entries of the ranking.",
    none="No letter: nobody with a registered domain left a record in the mails of {entries} entries.",
)
_UNASKED = says(
    "letter.unasked",
    one="1 entry names no server of a registered domain: nobody can be written to about it.",
    many="{n} entries name no server of a registered domain: nobody can be written to about them.",
)
_RESTRICTED = says(
    "letter.restricted",
    one="1 entry has an item or a server that may not be quoted or named: nobody is written to about it.",
    many="{n} entries have items or servers that may not be quoted or named: nobody is written to about them.",
)
_DRAFTS = says(
    "letter.drafts",
    one="Drafts: read each before it is sent. A Message-ID may hold what its sender's program put there.",
)


def write_letter(letter: Letter, info: CaseInfo, language: str = "en") -> str:
    """Return one letter as text of at most `COLUMNS` columns where its values allow it.

    Args:
        letter: what is asked of whom.
        info: case number, exhibit and examiner stand in the letter if they were given.
        language: ``en``, or a language that has a catalogue.
    """
    return "\n".join(_lines(letter, info, Wording(language))) + "\n"


def summary(letters: Letters, language: str = "en") -> Iterator[str]:
    """Say how many letters there are, and on what nobody can be asked."""
    say = Wording(language)
    yield say.say(_COUNTED, len(letters.letters), entries=letters.entries)
    if letters.letters and letters.unasked:
        yield say.say(_UNASKED, letters.unasked)
    if letters.restricted:
        yield say.say(_RESTRICTED, letters.restricted)
    if letters.letters:
        yield say.say(_DRAFTS)


def _lines(letter: Letter, info: CaseInfo, say: Wording) -> Iterator[str]:
    yield say.say(_TO, organization=letter.organization)
    yield say.say(_SUBJECT)
    if reference := ", ".join([one for one in (info.case_number, info.exhibit) if one]):
        yield say.say(_REFERENCE, reference=_value(reference))
    yield from ("", say.say(_GREETING), "")
    yield from _wrapped(say.say(_OPENING, len(letter.mails)))
    yield ""
    yield from _wrapped(say.say(_NEUTRAL))
    for number, mail in enumerate(letter.mails, start=1):
        yield from ("", say.say(_MESSAGE, number=number))
        yield from _message(mail, say)
    yield from ("", say.say(_QUESTIONS), "")
    kinds = {record.kind for mail in letter.mails for record in mail.records}
    asked = {RecordKind.TRACE: _ASK_TRACE, RecordKind.SIGNATURE: _ASK_SIGNATURE, RecordKind.LIST: _ASK_LIST}
    for question in [question for kind, question in asked.items() if kind in kinds]:
        yield from _wrapped(say.say(question), "- ", "  ")
    yield from _wrapped(say.say(_CLOCK), "- ", "  ")
    if letter.left_out:
        yield ""
        yield from _wrapped(say.say(_LEFT_OUT, letter.left_out))
    yield from ("", say.say(_CLOSING), "")
    if info.examiner:
        yield _value(info.examiner)
    yield say.say(_PLACEHOLDER)


def _message(mail: AskedMail, say: Wording) -> Iterator[str]:
    facts = [
        say.say(_MESSAGE_ID, id=f"<{_value(mail.message_id)}>") if mail.message_id else say.say(_NO_MESSAGE_ID),
        say.say(_DATE, date=_value(mail.date)) if mail.date else say.say(_NO_DATE),
        say.say(_DIGEST, digest=mail.sha256),
        *[_record(record, say) for record in mail.records],
    ]
    if mail.other_days:
        days = say.listed(list(mail.other_days))
        facts.append(say.say(_OTHER_DAYS, len(mail.other_days), days=days))
    for fact in facts:
        yield from _wrapped(fact, "  ", "    ")


def _record(record: AskedRecord, say: Wording) -> str:
    time = say.say(_NO_TIME) if record.at is None else say.say(_UTC, time=say.instant(record.at))
    host, number, protocol = _value(record.host), _value(record.id), _value(record.protocol)
    if record.kind is RecordKind.LIST:
        return say.say(_LIST, host=host)
    if record.kind is RecordKind.SIGNATURE:
        return say.say(_SIGNATURE, host=host, id=number, time=time)
    if number:
        named = say.say(_ID_AND_PROTOCOL, id=number, protocol=protocol) if protocol else say.say(_ID, id=number)
    else:
        named = say.say(_PROTOCOL, protocol=protocol) if protocol else say.say(_NO_ID)
    return say.say(_TRACE, host=host, id=named, time=time)


def _value(text: str) -> str:
    return visible(text[:_LONGEST]) + ("…" if len(text) > _LONGEST else "")


def _wrapped(text: str, first: str = "", then: str = "") -> list[str]:
    return textwrap.wrap(
        text, COLUMNS, initial_indent=first, subsequent_indent=then, break_long_words=False, break_on_hyphens=False
    )
