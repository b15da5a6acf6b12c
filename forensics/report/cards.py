"""The first entries of the ranking as cards: who wrote to whom, when, what, what the clocks say instead, how sure."""

import re
from collections.abc import Sequence

import msgspec

from forensics.knowledge.terms import STRENGTHS
from forensics.knowledge.wording import Wording
from forensics.model.findings import Ranked
from forensics.model.instants import claimed
from forensics.model.letters import Asked, RecordKind
from forensics.model.sentences import says
from forensics.model.summary import ItemFacts
from forensics.report import phrases
from forensics.report.blocks import Builder
from forensics.report.clocks import readings
from forensics.report.finding_views import LEVELS, TEXT_MAX
from forensics.report.pictures.claim_strip import ClaimStrip, claim_strip
from forensics.report.visible import visible

ASKED = 2
"""Organizations that are named."""
SHOWN = 3
"""Cards on the first screen."""
_FROM_TO = says("report.card.people", one="{sender} to {recipients}")
_AUTHOR = says("report.card.author", one="by {author}, last saved by {saver}")
_RECORDS = {
    RecordKind.TRACE: says("report.card.ask.trace", one="{who}: the log entry for id {id}"),
    RecordKind.SIGNATURE: says("report.card.ask.signature", one="{who}: the public key of selector {id}"),
    RecordKind.LIST: says("report.card.ask.list", one="{who}: the stored message of the list {what}"),
}
_RECORDS_WITHOUT_ID = {
    **_RECORDS,
    RecordKind.SIGNATURE: says("report.card.ask.key", one="{who}: the public key of its signature"),
    RecordKind.TRACE: says("report.card.ask.log", one="{who}: the log entry for the mail's Message-ID"),
}
_SENDERS = ("From", "Sender")
_RECIPIENTS = ("To", "Cc", "Bcc")
_ADDRESS = re.compile(r"(?<=\w) <[^<>]{1,255}>")
_PEOPLE_MAX = 70
_ID_MAX = 24
_LINES_MAX = 140


class Card(msgspec.Struct, frozen=True):
    """One entry."""

    rank: int
    anchor: str
    title: str
    people: str
    """Who wrote to whom; of a document, whose it is; empty where the item does not say."""
    claimed: str
    text: str
    """The first words of a mail; empty where none were read."""
    conclusion: str
    reason: str
    """The strongest of the reasons, where the conclusion is another sentence."""
    strength: str
    level: int
    rate: str
    remains: tuple[str, ...]
    ask: str
    """Whose servers left which record in it; where none did, what the strongest finding names."""
    other: str
    """The first other mail that the entry is about, and what it is to the item; empty where it is about one."""
    strip: ClaimStrip | None


def card(ranked: Ranked, say: Wording, build: Builder) -> Card:
    """Return one ranked line as a card."""
    facts = build.summary.items.get(ranked.item.sha256) if ranked.item else None
    found = build.findings(ranked)
    decides = found[0] if found else None
    times = facts.timestamps if facts else ()
    claim = claimed(times)
    return Card(
        rank=ranked.rank,
        anchor=f"rank-{ranked.rank}",
        title=build.title(ranked),
        people=_people(facts, say) if facts else "",
        claimed=say.reading(claim) if claim else "",
        text=build.summary.texts.get(facts.ref.sha256, "")[:_LINES_MAX] if facts else "",
        conclusion=build.conclusion(ranked)[:TEXT_MAX],
        reason=_reason(ranked, build)[:TEXT_MAX],
        strength=say.say(STRENGTHS[ranked.strength]),
        level=LEVELS.get(ranked.strength, 0),
        rate=build.how_sure(ranked, short=True),
        remains=build.remains(ranked),
        ask=_ask(build.summary.asked.get(ranked.rank, ()), say)
        or (say.finding(decides).settle[:TEXT_MAX] if decides else ""),
        other=build.other(ranked),
        strip=claim_strip(readings(times, claim, say), build.said(ranked)),
    )


def _ask(asked: Sequence[Asked], say: Wording) -> str:
    """Say who can be asked for which record; empty where nobody left one."""
    said = [
        say.say(
            _RECORDS[one.record.kind] if one.record.numbered else _RECORDS_WITHOUT_ID[one.record.kind],
            who=one.organization,
            id=_short(visible(one.record.id), _ID_MAX),
            what=visible(one.record.host),
        )
        for one in asked[:ASKED]
    ]
    rest = len(asked) - ASKED
    return say.clauses([*said, say.say(phrases.MORE, rest)] if rest > 0 else said)


def _reason(ranked: Ranked, build: Builder) -> str:
    """Return the strongest reason where it is not what the card says already."""
    reason = build.written(ranked.reasons[0]) if ranked.reasons else ""
    return "" if reason == build.conclusion(ranked) else reason


def _people(facts: ItemFacts, say: Wording) -> str:
    """Say who wrote to whom, as the item has it."""
    named = dict(facts.claims)
    sender = next((named[label] for label in _SENDERS if label in named), "")
    recipients = ", ".join([named[label] for label in _RECIPIENTS if label in named])
    if sender and recipients:
        return say.say(_FROM_TO, sender=_short(_names(sender)), recipients=_short(_names(recipients)))
    if "Author" in named and "Last saved by" in named:
        return say.say(_AUTHOR, author=_short(named["Author"]), saver=_short(named["Last saved by"]))
    return _short(_names(sender))


def _names(parties: str) -> str:
    """Leave out the addresses of those who have a name; the block has both."""
    return _ADDRESS.sub("", parties)


def _short(text: str, most: int = _PEOPLE_MAX) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
