"""The first page: six questions answered in plain words, from counts alone."""

import msgspec

from forensics.knowledge.terms import KINDS
from forensics.knowledge.wording import Wording
from forensics.model.case import SourceRecord
from forensics.model.findings import Ranked
from forensics.model.rules import Strength
from forensics.model.sentences import says
from forensics.model.summary import CaseSummary
from forensics.reader.reached import how_far
from forensics.report import phrases
from forensics.report.blocks import Builder
from forensics.report.cards import SHOWN, Card, card
from forensics.report.conclusions import reasons
from forensics.report.paragraph import headline, paragraph, silence

_DATES = {
    "captured": says("report.received.captured", one="captured {date}"),
    "released": says("report.received.released", one="released {date}"),
}
_MORE = says(
    "report.answer.more",
    one="One more entry is in the ranking below.",
    many="{n} more entries are in the ranking below.",
)
_MORE_STRONG = says(
    "report.answer.more_strong",
    one="One more entry ({strong} strong) is in the ranking below.",
    many="{n} more entries ({strong} strong) are in the ranking below.",
)
_RECEIVED_SOURCE = says("report.received.source", one="Source")
_FILES_AND_SIZE = says("report.received.size", one="{files}, {size}")
_NOT_KNOWN = says("report.received.not_known", one="not read in full: size and digest are unknown")
_IN_IT = says("report.received.holds", one="It contains")
_OTHER = says("report.received.other", one="1 other", many="{n} others")
_MADE_OF = says("report.received.made_of", one="{items}; {contents}: {kinds}")
_GIVEN_DATES = says("report.received.dates", one="Dates given")
_NO_DATES = says("report.received.no_dates", one="no capture or release date was given")
_RECHECK_SOURCE = says("report.recheck.source", one="Is this the same source?")
_RECHECK_VERIFY = says(
    "report.recheck.verify",
    one="Reads every quoted byte again from the source, checks the custody log:",
)
_LETTERS = says("report.recheck.letters", one="Drafts the requests to those who can confirm it:")
_RECHECK_SHOW = says("report.recheck.show", one="All facts, clocks and findings of the first entry:")
_SIGNATURES = says(
    "report.untested.signatures",
    one="The signature of 1 mail: kept but not verified, because no key at hand opens it.",
    many="The signatures of {n} mails: kept but not verified, because no key at hand opens them.",
)
_UNTESTED_UNREAD = says(
    "report.untested.unread",
    one="1 item that was not read, or not in full: {reasons}.",
    many="{n} items that were not read, or not in full: {reasons}.",
)
_UNTESTED_APART = says(
    "report.untested.apart",
    one="1 item that has nothing to read, or was left alone: {reasons}.",
    many="{n} items that have nothing to read, or were left alone: {reasons}.",
)
_IDLE_RULES = says(
    "report.untested.rules",
    one="1 of {of} rules found no item with the facts that it needs.",
    many="{n} of {of} rules found no item with the facts that they need.",
)
_UNDATED = says(
    "report.untested.undated",
    one="1 mail or document claims no date at all, so no clock can be compared with it.",
    many="{n} mails and documents claim no date at all, so no clock can be compared with them.",
)
_NEVER_TESTED = says(
    "report.untested.always",
    one=(
        "Who wrote a text, whether its words are true, what pictures show, and whether anything was left out of the "
        "archive."
    ),
)
_PARTIAL = says("report.reached.partial", one="Unfinished: {said}")


class Command(msgspec.Struct, frozen=True):
    """A command with what it does."""

    command: str
    does: str
    expected: str = ""


class Answer(msgspec.Struct, frozen=True):
    """All that the first page says."""

    unfinished: str
    """How far reading and judging got, where they did not get to their end."""
    headline: str
    paragraph: tuple[str, ...]
    of_archive: tuple[str, ...]
    """What the archive as a whole shows, which accuses no item."""
    received: tuple[tuple[str, str], ...]
    cards: tuple[Card, ...]
    none: str
    """Said in place of the cards where there is none."""
    more: str
    recheck: tuple[Command, ...]
    untested: tuple[str, ...]


def answer(summary: CaseSummary, say: Wording, build: Builder) -> Answer:
    """Return the first page of a case."""
    shown = summary.ranking[:SHOWN]
    rest = sum(summary.ranked.values()) - len(shown)
    strong = summary.ranked.get(Strength.STRONG.word, 0) - sum(line.strength == Strength.STRONG.word for line in shown)
    state = how_far(summary.extent.reached, say.language)
    of_archive = sorted({row.statement for row in summary.set_aside} - {""})
    return Answer(
        unfinished=say.say(_PARTIAL, said=state) if state else "",
        headline=headline(summary, say),
        paragraph=paragraph(summary, say),
        of_archive=tuple([build.written(said) for said in of_archive]),
        received=_received(summary, say),
        cards=tuple([card(ranked, say, build) for ranked in shown]),
        none="" if shown else silence(summary, say),
        more=(say.say(_MORE_STRONG, rest, strong=strong) if strong > 0 else say.say(_MORE, rest)) if rest else "",
        recheck=_recheck(summary, say, shown),
        untested=_untested(summary, say),
    )


def _received(summary: CaseSummary, say: Wording) -> tuple[tuple[str, str], ...]:
    info, counts = summary.info, summary.counts
    rows = [(say.say(_RECEIVED_SOURCE), f"{source.label}, {_source(source, say)}") for source in info.sources[:3]]
    if len(info.sources) > 3:
        rows.append(("", say.say(phrases.MORE, len(info.sources) - 3)))
    held = [
        say.say(KINDS["mail"], counts.messages),
        say.say(KINDS["document"], counts.documents),
        say.say(KINDS["archive"], counts.archives),
    ]
    if (others := counts.contents - counts.messages - counts.documents - counts.archives) > 0:
        held.append(say.say(_OTHER, others))
    items = say.say(KINDS["item"], counts.occurrences)
    contents = say.say(KINDS["content"], counts.contents)
    rows.append((say.say(_IN_IT), say.say(_MADE_OF, items=items, contents=contents, kinds=say.listed(held))))
    given = [(key, date) for key, date in (("captured", info.captured), ("released", info.released)) if date]
    dates = [say.say(_DATES[key], date=date) for key, date in given]
    rows.append((say.say(_GIVEN_DATES), say.clauses(dates) or say.say(_NO_DATES)))
    return tuple(rows)


def _source(source: SourceRecord, say: Wording) -> str:
    if not source.sha256:
        return say.say(_NOT_KNOWN)
    files = say.say(KINDS["file"], source.files)
    return say.say(_FILES_AND_SIZE, files=files, size=say.size(source.size))


def _recheck(summary: CaseSummary, say: Wording, shown: tuple[Ranked, ...]) -> tuple[Command, ...]:
    sources = summary.info.sources
    made = []
    if sources:
        source = sources[0]
        if source.kind == "file" and source.sha256:
            made.append(Command("sha256sum SOURCE", say.say(_RECHECK_SOURCE), source.sha256))
        made.append(Command(verify_command(summary), say.say(_RECHECK_VERIFY)))
    for ranked in shown[:1]:
        made.append(Command(f"forensics show CASE {ranked.rank}", say.say(_RECHECK_SHOW)))
    if any(summary.asked.get(ranked.rank) for ranked in shown):
        made.append(Command("forensics letters CASE", say.say(_LETTERS)))
    if not made:
        made.append(Command(verify_command(summary), say.say(_RECHECK_VERIFY)))
    return tuple(made)


def verify_command(summary: CaseSummary) -> str:
    """Return the command that replays every citation and compares the custody log with the head shown here."""
    return f"forensics verify CASE --source SOURCE --head {summary.custody_head}"


def _untested(summary: CaseSummary, say: Wording) -> tuple[str, ...]:
    counts = summary.counts
    said = []
    if unverified := counts.signed_messages - counts.opened_messages:
        said.append(say.say(_SIGNATURES, unverified))
    extent = summary.extent
    for count, saying, lost in ((extent.lost, _UNTESTED_UNREAD, True), (extent.apart, _UNTESTED_APART, False)):
        if count:
            said.append(say.say(saying, count, reasons=reasons(extent, say, lost=lost, most=3)))
    idle = [row for row in summary.power if not row.powered]
    if idle:
        said.append(say.say(_IDLE_RULES, len(idle), of=len(summary.power)))
    if summary.undated:
        said.append(say.say(_UNDATED, summary.undated))
    return (say.say(_NEVER_TESTED), *said)
