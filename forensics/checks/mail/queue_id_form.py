"""A queue id that its own server cannot make: Postfix puts microseconds first, and they are fewer than a million."""

from collections.abc import Iterator

from forensics.checks import settle
from forensics.checks._facts import cite_field, host_named
from forensics.examples.cases import Case, fires, silent
from forensics.examples.mails import message
from forensics.model.mail import POSTFIX_SHORT, Message
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

RULE = Rule(
    id="mail.queue_id_form",
    version=1,
    title="Queue id that its server cannot make",
    subject=Subject.MESSAGE,
    needs=MessageHas.POSTFIX_ID,
    bins=(Bin("microseconds"),),
    group="queue ids",
    compare_with="by-host",
    proposition=Proposition.FORGED,
    ceiling=Strength.STRONG,
    benign=("route_rewritten", "unsolicited"),
    as_delivered=True,
    settle=settle.RELAYS,
    references=("kb:T-62", "kb:O-30"),
)

_SAID = says(
    "rule.mail.queue_id_form",
    one=(
        "Postfix on {host} gave the queue id {id}, whose first five digits stand for {count} microseconds; a "
        "second has only a million."
    ),
)

_SECOND = 1_000_000


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Read the first five digits of every short id that Postfix claims; a random one passes nineteen times of twenty.

    Measured: 114,887 of 114,887 genuine ids hold fewer than a million.
    """
    for hop in message.trace:
        found = POSTFIX_SHORT.fullmatch(hop.id.value)
        if found is None or int(found[1], 16) < _SECOND or b"(Postfix" not in hop.raw:
            continue
        values = {"host": host_named(hop.by), "id": hop.id.value, "count": f"{int(found[1], 16):,}"}
        yield Observation(
            sentence=_SAID(**values),
            bin="microseconds",
            evidence=(cite_field(hop, Role.SUSPECT, hop.id.value),),
            suspect=f"header:Received[{hop.index}]",
            compare=hop.by[:200],
        )
        return


def cases() -> Iterator[Case]:
    """Cases on both sides of a second."""

    def mail(queue: str, program: str = "(Postfix) ") -> Message:
        return message(hops=(("mx.example", "10:00:03"),), hop_ids=(queue,), program=program)

    yield fires(mail("F424012345"), "a million microseconds", bin="microseconds")
    yield fires(mail("FFFFF3E1A0"), "the largest", bin="microseconds")
    yield silent(mail("F423F12345"), "one fewer")
    yield silent(mail("FFFFF3E1A0", ""), "another server's id")
