"""Each presence bit of a message: the least fact that sets it, and that nothing else sets it."""

from typing import Any

import msgspec
import pytest

from forensics.examples import mails
from forensics.examples.located import located
from forensics.examples.mails import attachment, message
from forensics.examples.signed_parts import signed_part
from forensics.examples.times import time
from forensics.model.facts import Absence, Fact, Timestamp
from forensics.model.locations import Locator
from forensics.model.mail import Message, MimeTree, StatedCount
from forensics.model.mail_texts import BodyMark, FileMention, SaidOfFile, Twins
from forensics.model.numbers import GivenNumber, NumberKind
from forensics.model.presence.message import MessageHas, presence, with_keys
from forensics.model.quoting import QuotedMail
from forensics.model.signed_parts import PartOutcome
from forensics.model.time_kinds import TimeKind

NOBODY: dict[str, Any] = {"sender": "", "message_id": "", "subject": ""}
BARE = message(None, **NOBODY)
AT = "2017-03-06T10:00:00+00:00"
LOCAL = "2017-03-06T10:00:00"
KNOWN = MessageHas.DATE | MessageHas.DATE_INSTANT | MessageHas.DATE_OFFSET


def bare(date: str | None = None, **facts: Any) -> Message:
    return message(date, **(NOBODY | facts))


def changed(**facts: object) -> Message:
    return msgspec.structs.replace(BARE, **facts)


def timed(*stamps: Timestamp) -> Message:
    return changed(timestamps=stamps)


def held(kind: TimeKind, index: int = 0) -> Message:
    return timed(time(AT, kind=kind, index=index))


def twins(equal: int = 10, **facts: Any) -> Message:
    return changed(twins=(Twins(text_part="1", html_part="2", text_words=9, html_words=9, equal=equal, **facts),))


def marked(kind: str, **facts: object) -> Message:
    return changed(marks=(BodyMark(kind=kind, shown=located("x"), part="1"),), **facts)


def with_part(mail: Message = BARE, **facts: object) -> Message:
    return msgspec.structs.replace(mail, parts=(msgspec.structs.replace(BARE.parts[0], **facts),))


def in_parts() -> Message:
    assert BARE.tree is not None
    return changed(tree=MimeTree(msgspec.structs.replace(BARE.tree.root, parts=(BARE.tree.root,))))


def hop(queue: str = "1", program: str = "") -> Message:
    """A mail whose only trace field has no time."""
    mail = bare(hops=(("mx.example", AT),), hop_ids=(queue,), program=program)
    (field,) = mail.trace
    return msgspec.structs.replace(
        mail, trace=(msgspec.structs.replace(field, time=Absence.NOT_PRESENT),), timestamps=()
    )


def by_exim() -> Message:
    mail = hop()
    return msgspec.structs.replace(mail, trace=(msgspec.structs.replace(mail.trace[0], with_="esmtp (Exim 4.96)"),))


EXCHANGE_ID = "0123456789ABCDEF0123456789ABCDEF0123@"
COUNT = StatedCount(written=located("1", raw=b"Lines: 1\r\n"), stated=1, least=1, most=1)
PARTY = message(None).parties[0]
PAGE = with_part(media_type="text/html")
QUOTED = QuotedMail(style="mutt", depth=0, part="1", written=located("On"), date=time(AT))
UNDATED_BLOCK = QuotedMail(style="outlook", depth=0, part="1", written=located("From:"), is_block=True)


SHORT = msgspec.structs.replace(bare(signatures=(("example.org", "s"),)).signatures[0], body_length=9)


def stored_fact(name: str) -> Fact:
    return Fact(name=name, value="x", raw=b"x", locator=Locator())


SHOWN = [
    (MessageHas.DATE, bare(LOCAL, weekday="")),
    (KNOWN, bare(AT, weekday="")),
    (KNOWN | MessageHas.WEEKDAY, bare(AT)),
    (KNOWN | MessageHas.ZONE_COMMENT, bare(AT, weekday="", raw_date=b"6 Mar 2017 10:00:00 +0000 (GMT)")),
    (MessageHas.TRACE_TIME_1, bare(hops=(("mx.example", AT),))),
    (MessageHas.TRACE_TIME_1 | MessageHas.TRACE_TIME_2, bare(hops=(("a.example", AT), ("b.example", AT)))),
    (MessageHas.INNER_TRACE, held(TimeKind.INNER_HOP)),
    (MessageHas.BUILD, hop("15.20.4173.24")),
    (MessageHas.BUILD, by_exim()),
    (MessageHas.POSTFIX_ID, hop("F423F12345", "(Postfix) ")),
    (MessageHas.MAILBOX_TIME, held(TimeKind.FROM_LINE)),
    (MessageHas.MAILBOX_TIME, held(TimeKind.FROM_LINE_NUMBER)),
    (MessageHas.ORIGINAL_ARRIVAL, held(TimeKind.ARRIVAL_FILETIME)),
    (MessageHas.ORIGINAL_ARRIVAL, held(TimeKind.TENANT_ARRIVAL_FILETIME)),
    (MessageHas.FILE_DATE, held(TimeKind.FILE_CREATED)),
    (MessageHas.FILE_DATE, held(TimeKind.FILE_MODIFIED)),
    (MessageHas.FILE_DATE, held(TimeKind.FILE_READ)),
    (MessageHas.ID_TIME, held(TimeKind.MESSAGE_ID)),
    (MessageHas.HOP_ID_TIME, held(TimeKind.HOP_ID, 3)),
    (MessageHas.NETWORK_ID_TIME, held(TimeKind.NETWORK_ID)),
    (MessageHas.NETWORK_ID_TIME, held(TimeKind.TENANT_NETWORK_ID)),
    (MessageHas.NETWORK_ID_TIME, held(TimeKind.CORRELATION_ID)),
    (MessageHas.THREAD_TIME, held(TimeKind.THREAD_BEGUN)),
    (MessageHas.THREAD_TIME, held(TimeKind.THREAD_REPLY)),
    (MessageHas.BOUNDARY_TIME, held(TimeKind.BOUNDARY)),
    (MessageHas.CONTENT_ID_TIME, held(TimeKind.CONTENT_ID)),
    (MessageHas.CONTENT_ID_TIME, held(TimeKind.ATTACHMENT_ID)),
    (MessageHas.SIGNED_TIME, held(TimeKind.SIGNED)),
    (MessageHas.SEAL_TIME, held(TimeKind.SEALED)),
    (MessageHas.MESSAGE_ID, changed(message_id=located("1@example.org"))),
    (MessageHas.MESSAGE_ID | MessageHas.COUNTED_ID, changed(message_id=located(f"{EXCHANGE_ID}example.org"))),
    (MessageHas.REFERENCES, changed(references=("1@example.org",))),
    (MessageHas.REFERENCES, changed(in_reply_to=("1@example.org",))),
    (MessageHas.THREAD_TOPIC, changed(topic=located("Minutes"))),
    (MessageHas.THREAD_TOPIC, changed(topic=located("", raw=b"Thread-Topic:\r\n"))),
    (MessageHas.FROM, changed(parties=(PARTY,))),
    (MessageHas.CLIENT, changed(client=located("Mutt"))),
    (MessageHas.LIST, changed(from_list=True)),
    (MessageHas.SIGNATURE, bare(signatures=(("example.org", "s"),))),
    (MessageHas.SIGNATURE | MessageHas.SIGNED_LENGTH, changed(signatures=(SHORT,))),
    (MessageHas.RESULTS, changed(results=(mails.tested("spf"),))),
    (MessageHas.LIST_NUMBER, changed(numbered_by="board@lists.example")),
    (MessageHas.UID, changed(given=(GivenNumber(kind=NumberKind.UID, by="", written=located("7")),))),
    (MessageHas.TICKET, changed(given=(GivenNumber(kind=NumberKind.TICKET, by="a", written=located("7")),))),
    (MessageHas.SIGNED_PART, changed(signed_parts=(signed_part(),))),
    (MessageHas.QUOTED_TIME, changed(quoted=(QUOTED,))),
    (MessageHas.QUOTED_HEADER, changed(quoted=(UNDATED_BLOCK,))),
    (MessageHas.RECORDED_FROM, changed(results=(mails.tested("dmarc", instance=1, header_from="example.org"),))),
    (MessageHas.RECORDED_SIGNATURE, changed(results=(mails.tested("dkim", instance=1, header_b="eA"),))),
    (MessageHas.RECORDED_SIGNATURE, changed(results=(mails.tested("dkim", instance=1, header_s="s1"),))),
    (MessageHas.MULTIPART, in_parts()),
    (MessageHas.EXCHANGE_BOUNDARY, changed(form=("boundary=Exchange",))),
    (MessageHas.ATTACHMENT, changed(items=1)),
    (MessageHas.STATED_SIZE, changed(parts=(attachment(3, 3),))),
    (MessageHas.STATED_LENGTH, changed(counts=(COUNT,))),
    (MessageHas.NON_ASCII, changed(non_ascii=True)),
    (MessageHas.NON_ASCII, marked("zero_width", searched=False)),
    (MessageHas.TWINS, twins()),
    (MessageHas.TWINS, twins(whole=False, added_count=1)),
    (MessageHas.HTML, PAGE),
    (MessageHas.HTML, marked("host_as_user")),
    (MessageHas.HTML, with_part(marked("pixel", searched=False), media_type="text/html")),
    (MessageHas.TEXT_BIRTH, marked("born_character")),
    (MessageHas.TEXT_BIRTH, marked("born_link")),
    (MessageHas.TEXT_BIRTH, marked("born_word")),
    (MessageHas.SPEAKS_OF_FILE, changed(mentions=(FileMention(kind="said", shown=located("x"), part="1"),))),
    (
        MessageHas.SPEAKS_OF_FILE | MessageHas.STATES_FILE,
        changed(
            mentions=(
                FileMention(
                    kind="said",
                    shown=located("x"),
                    part="1",
                    stated=(SaidOfFile(kind="pages", low=2, high=2, shown=located("2 pages")),),
                ),
            )
        ),
    ),
    (MessageHas.STORED_TIMES, held(TimeKind.STORED)),
    (MessageHas.STORED_TIMES, held(TimeKind.MAPI_CREATED)),
    (MessageHas.STORED_TIMES, held(TimeKind.MAPI_MODIFIED)),
    (MessageHas.STORED, changed(stored=(stored_fact("mapi.message_class"),))),
    (MessageHas.STORED | MessageHas.MODIFIER, changed(stored=(stored_fact("mapi.last_modifier_name"),))),
]
SILENT = {
    "a signed part that was not tested": changed(signed_parts=(signed_part(PartOutcome.UNTESTED),)),
    "a part that is encrypted": changed(signed_parts=(signed_part(PartOutcome.ENCRYPTED),)),
    "a message without facts": BARE,
    "a date that cannot be read": changed(date=msgspec.structs.replace(time(AT), wall=Absence.UNPARSABLE), weekday=0),
    "a weekday without a date": changed(weekday=0),
    "a hop without a time": hop(),
    "a short queue id of another server": hop("F423F12345"),
    "Postfix's long queue id": hop("4NjqvC0zTlz9sWf", "(Postfix) "),
    "the time of another's id": held(TimeKind.GMAIL_MESSAGE),
    "the id of a second Message-ID": held(TimeKind.MESSAGE_ID, 1),
    "when a signature expires": held(TimeKind.SIGNED_UNTIL),
    "a party that is not From": changed(parties=(msgspec.structs.replace(PARTY, field="to"),)),
    "a From without an address": changed(parties=(msgspec.structs.replace(PARTY, address=""),)),
    "a sealed result": changed(results=(mails.tested("spf", instance=1),)),
    "another boundary": changed(form=("boundary=Gmail",)),
    "twins of few words": twins(9),
    "twins that were compared in part": twins(whole=False),
    "an attached page": with_part(media_type="text/html", disposition="attachment"),
    "a page that was read in part": msgspec.structs.replace(PAGE, searched=False),
    "letters of a text that was read in part": changed(non_ascii=True, searched=False),
    "a mark that is no character": marked("pixel"),
}


@pytest.mark.parametrize(("bits", "mail"), SHOWN)
def test_a_fact_sets_its_bits_alone(bits: MessageHas, mail: Message) -> None:
    assert MessageHas(presence(mail)) == bits | MessageHas.HEADER


@pytest.mark.parametrize("why", SILENT)
def test_what_sets_no_bit(why: str) -> None:
    assert MessageHas(presence(SILENT[why])) == MessageHas.HEADER


@pytest.mark.parametrize("mail", [BARE, PAGE, bare(AT)])
def test_a_message_of_properties_has_no_header(mail: Message) -> None:
    kept = msgspec.structs.replace(mail, tree=None)
    assert MessageHas(presence(kept)) == MessageHas(presence(mail)) & ~MessageHas.HEADER | MessageHas.STORED


def test_a_birth_is_no_mark_of_a_text_that_was_read_in_part() -> None:
    mail = marked("born_word", searched=False, non_ascii=True)
    assert MessageHas(presence(mail)) == MessageHas.TEXT_BIRTH | MessageHas.HEADER


def test_every_bit_is_set_by_a_fact_here() -> None:
    shown = MessageHas.HEADER
    for bits, _ in SHOWN:
        shown |= bits
    later = MessageHas.OPENED | MessageHas.TRIED | MessageHas.SEAL_OPENED | MessageHas.ORIGINAL
    later |= MessageHas.SIGNER_TRIED
    assert shown == ~MessageHas.NOTHING & ~later


def test_keys_add_what_no_reading_sets() -> None:
    bare = MessageHas(presence(BARE))

    def shown(*verdicts: tuple[str, str]) -> MessageHas:
        return MessageHas(with_keys(presence(BARE), verdicts))

    assert shown(("dkim", "altered"), ("ams", "other_key")) == bare | MessageHas.OPENED | MessageHas.TRIED
    assert shown(("dkim", "other_key")) == bare | MessageHas.TRIED
    assert shown(("part", "holds")) == shown(("part", "other_key")) == bare | MessageHas.SIGNER_TRIED
    assert shown(("part", "untested")) == bare
    assert shown(("as", "altered")) == shown(("as", "holds")) == bare | MessageHas.SEAL_OPENED
    assert shown(("dkim", "untested"), ("as", "other_key"), ("google", "holds")) == shown() == bare


def test_what_shows_no_signature_and_no_results() -> None:
    (own,) = bare(signatures=(("example.org", "s"),)).signatures
    google = msgspec.structs.replace(own, kind="google")
    assert not presence(changed(signatures=(google,))) & MessageHas.SIGNATURE
    assert presence(changed(signatures=(google, own))) & MessageHas.SIGNATURE
    received = msgspec.structs.replace(mails.tested("spf"), field="received-spf")
    assert not presence(changed(results=(received,))) & MessageHas.RESULTS
