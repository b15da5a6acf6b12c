"""The first page: six questions answered in plain words, from counts alone."""

import msgspec

from forensics.knowledge.terms import KINDS, STRENGTHS
from forensics.knowledge.wording import Wording
from forensics.model.case import SourceRecord
from forensics.model.findings import Ranked
from forensics.model.sentences import says
from forensics.model.summary import CaseSummary
from forensics.reader.reached import NOT_JUDGED, how_far
from forensics.report import phrases
from forensics.report.blocks import DIGEST_SHOWN, LEVELS, TEXT_MAX, Builder
from forensics.report.conclusions import ALL_READ_SO_FAR, NO_ITEMS, NONE_YET, reasons
from forensics.report.rates import UNKNOWN

_GRADED = {
    "strong": says("report.answer.graded.strong", one="{n} strong"),
    "moderate": says("report.answer.graded.moderate", one="{n} moderate"),
    "weak": says("report.answer.graded.weak", one="{n} weak"),
}
_DATES = {
    "captured": says("report.received.captured", one="captured {date}"),
    "released": says("report.received.released", one="released {date}"),
}
_HOLDS = says(
    "report.answer.holds",
    one="{what} holds {held}, none of them dated.",
    many="{what} hold {held}, none of them dated.",
)
_HOLDS_DATED = says(
    "report.answer.holds_dated",
    one="{what} holds {held}, dated from {first} to {last}.",
    many="{what} hold {held}, dated from {first} to {last}.",
)
_THE_CASE = says("report.answer.the_case", one="The case")
_HOLDS_NOTHING = says(
    "report.answer.holds_nothing",
    one="1 file was received ({what}), but no mail and no document that could be read.",
    many="{n} files were received ({what}), but no mail and no document that could be read.",
)
_NO_MAIL = says(
    "report.answer.no_mail",
    one="There is no mail, so nothing here can be authenticated by a mail signature.",
)
_UNSIGNED = says("report.answer.unsigned", one="No mail carries a signature, so none can be authenticated that way.")
_SIGNED = says(
    "report.answer.signed",
    one=(
        "1 of {messages} mails carries a signature; it has not been verified yet, so nothing here counts as "
        "authenticated."
    ),
    many=(
        "{n} of {messages} mails carry signatures; they have not been verified yet, so nothing here counts as "
        "authenticated."
    ),
)
_FITS = says(
    "report.answer.fits",
    one=(
        "A rule could judge {judged} of {items} items; among these, none was found that does not fit. This says "
        "nothing about what could not be tested."
    ),
)
_MISFITS = says(
    "report.answer.misfits",
    one="One entry does not fit: {graded}.",
    many="{n} entries do not fit: {graded}.",
)
_MISFITS_ITEMS = says(
    "report.answer.misfits_items",
    one="One entry with {items} items does not fit: {graded}.",
    many="{n} entries with {items} items do not fit: {graded}.",
)
_JUDGED = says("report.answer.judged", one="A rule could judge {judged} of {items} items.")
_MEANING = says(
    "report.answer.meaning",
    one=(
        "An entry shows that facts contradict each other. It does not show who caused this, nor that anything is "
        "forged."
    ),
)
_ALL_READ = says("report.answer.all_read", one="Every item was read in full.")
_ANSWER_UNREAD = says(
    "report.answer.unread",
    one="1 of {of} items ({size}) was not read, or not in full.",
    many="{n} of {of} items ({size}) were not read, or not in full.",
)
_ANSWER_APART = says(
    "report.answer.apart",
    one="1 of {of} items ({size}) has nothing to read, or was left alone.",
    many="{n} of {of} items ({size}) have nothing to read, or were left alone.",
)
_MORE = says(
    "report.answer.more",
    one="One more entry is in the ranking below.",
    many="{n} more entries are in the ranking below.",
)
_NOTHING_REMAINS = says(
    "report.answer.nothing_remains",
    one=(
        "Nothing that was tested contradicts itself or the rest. What was not tested is listed on this page; that an "
        "item was not tested does not count in its favour."
    ),
)
_ASIDE = says(
    "report.answer.aside",
    one=(
        "A rule could judge {judged} of {items} items; none of these stands out. 1 observation was set aside; the "
        "reason is given."
    ),
    many=(
        "A rule could judge {judged} of {items} items; none of these stands out. {n} observations were set aside; each "
        "reason is given."
    ),
)
_ASIDE_NONE_LEFT = says(
    "report.answer.aside_none_left",
    one=(
        "Every contradiction that was found was set aside for a reason. “Set aside, and why” names the innocent cause, "
        "or says that no count exists yet; if you doubt a reason, you find the items there. What was not tested is "
        "listed on this page; that an item was not tested does not count in its favour."
    ),
)
_NOTHING_TESTED = says(
    "report.answer.nothing_tested",
    one=(
        "Nothing could be tested, so nothing can be said for or against any item, and nobody can be asked about one "
        "yet."
    ),
)
_RECEIVED_SOURCE = says("report.received.source", one="Source")
_FILES_AND_SIZE = says("report.received.size", one="{files}, {size}")
_NOT_KNOWN = says("report.received.not_known", one="not read in full: size and digest are unknown")
_IN_IT = says("report.received.holds", one="It contains")
_GIVEN_DATES = says("report.received.dates", one="Dates given")
_NO_DATES = says("report.received.no_dates", one="no capture or release date was given")
_RECHECK_SOURCE = says("report.recheck.source", one="Is this the same source?")
_RECHECK_VERIFY = says(
    "report.recheck.verify",
    one="Reads every quoted byte again from the source, and compares the custody log:",
)
_RECHECK_SHOW = says("report.recheck.show", one="All facts, clocks and findings of the first entry:")
_SIGNATURES = says(
    "report.untested.signatures",
    one="The signature of 1 mail: kept but not verified, because the keys are not available.",
    many="The signatures of {n} mails: kept but not verified, because the keys are not available.",
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

SHOWN = 4
"""Ranked lines on the first page."""
_STRENGTHS = ("strong", "moderate", "weak")


class FirstLine(msgspec.Struct, frozen=True):
    """One ranked line in short."""

    rank: int
    anchor: str
    title: str
    reason: str
    strength: str
    level: int
    rate: str
    remains: tuple[str, ...]
    ask: str


class Command(msgspec.Struct, frozen=True):
    """A command with what it does."""

    command: str
    does: str
    expected: str = ""


class Answer(msgspec.Struct, frozen=True):
    """All that the first page says."""

    unfinished: str
    """How far reading and judging got, where they did not get to their end."""
    paragraph: tuple[str, ...]
    of_archive: tuple[str, ...]
    """What the archive as a whole shows, which accuses no item."""
    received: tuple[tuple[str, str], ...]
    lines: tuple[FirstLine, ...]
    none: str
    """Said in place of the lines where there is none."""
    more: str
    recheck: tuple[Command, ...]
    untested: tuple[str, ...]


def answer(summary: CaseSummary, say: Wording, build: Builder) -> Answer:
    """Return the first page of a case."""
    shown = summary.ranking[:SHOWN]
    rest = len(summary.ranking) - len(shown)
    state = how_far(summary.extent.reached, say.language)
    of_archive = sorted({row.statement for row in summary.set_aside} - {""})
    return Answer(
        unfinished=say.say(_PARTIAL, said=state) if state else "",
        paragraph=(
            _holds(summary, say),
            _authenticated(summary, say),
            _misfits(summary, say),
            _unexamined(summary, say),
        ),
        of_archive=tuple([build.written(said) for said in of_archive]),
        received=_received(summary, say),
        lines=tuple([first_line(ranked, say, build) for ranked in shown]),
        none="" if shown else _silence(summary, say),
        more=say.say(_MORE, rest) if rest else "",
        recheck=_recheck(summary, say, shown),
        untested=_untested(summary, say),
    )


def first_line(ranked: Ranked, say: Wording, build: Builder) -> FirstLine:
    """Return one ranked line in short: what, why, how sure, what remains, whom to ask."""
    found = build.findings(ranked)
    decides = found[0] if found else None
    causes = say.open_causes(decides.finding.benign) if decides else []
    reason = ranked.reasons[0] if ranked.reasons else decides.finding.statement if decides else ""
    return FirstLine(
        rank=ranked.rank,
        anchor=f"rank-{ranked.rank}",
        title=build.title(ranked),
        reason=build.written(reason)[:TEXT_MAX],
        strength=say.say(STRENGTHS[ranked.strength]),
        level=LEVELS.get(ranked.strength, 0),
        rate="; ".join(build.rate(decides, ranked.cluster is not None)) if decides else say.say(UNKNOWN),
        remains=tuple(causes),
        ask=say.finding(decides).settle[:TEXT_MAX] if decides else "",
    )


def _silence(summary: CaseSummary, say: Wording) -> str:
    """Say what an empty ranking is worth."""
    if not summary.extent.reached.judged:
        return say.say(NOT_JUDGED)
    if summary.set_aside:
        return say.say(_ASIDE_NONE_LEFT)
    return say.say(_NOTHING_REMAINS if summary.extent.judged else _NOTHING_TESTED)


def _holds(summary: CaseSummary, say: Wording) -> str:
    counts = summary.counts
    parts = [
        say.say(KINDS["mail"], counts.messages),
        say.say(KINDS["document"], counts.documents),
        say.say(KINDS["archive"], counts.archives),
    ]
    held = [part for part, n in zip(parts, (counts.messages, counts.documents, counts.archives), strict=True) if n]
    names = [source.label for source in summary.info.sources]
    what = say.joined(names[:3]) if len(names) <= 3 else say.say(KINDS["source"], len(names))
    what = what or say.say(_THE_CASE)
    if not held:
        return say.say(_HOLDS_NOTHING, counts.files, what=what)
    dated = sorted(row.month for row in summary.months if row.messages + row.documents)
    if not dated:
        return say.say(_HOLDS, max(len(names), 1), what=what, held=say.joined(held))
    span = {"first": dated[0], "last": dated[-1]}
    return say.say(_HOLDS_DATED, max(len(names), 1), what=what, held=say.joined(held), **span)


def _authenticated(summary: CaseSummary, say: Wording) -> str:
    counts = summary.counts
    if not counts.messages:
        return say.say(_NO_MAIL)
    if not counts.signed_messages:
        return say.say(_UNSIGNED)
    return say.say(_SIGNED, counts.signed_messages, messages=counts.messages)


def _misfits(summary: CaseSummary, say: Wording) -> str:
    ranking = summary.ranking
    if not ranking and not summary.extent.reached.judged:
        return say.say(NOT_JUDGED)
    of = {"judged": summary.extent.judged, "items": summary.extent.items}
    if not ranking:
        if summary.set_aside:
            return say.say(_ASIDE, sum(row.count for row in summary.set_aside), **of)
        return say.say(_FITS if summary.extent.judged else _NOTHING_TESTED, **of)
    items = sum(len(ranked.cluster.members) if ranked.cluster else 1 for ranked in ranking)
    graded = [
        say.say(_GRADED[strength], n=n)
        for strength in _STRENGTHS
        if (n := sum(ranked.strength == strength for ranked in ranking))
    ]
    many = say.say(_MISFITS, len(ranking), graded=say.joined(graded))
    if items != len(ranking):
        many = say.say(_MISFITS_ITEMS, len(ranking), items=items, graded=say.joined(graded))
    return " ".join([many, say.say(_JUDGED, **of), say.say(_MEANING)])


def _unexamined(summary: CaseSummary, say: Wording) -> str:
    """Say what was lost and what was left alone; that all was read only where it was."""
    extent = summary.extent
    if not extent.items:
        return say.say(NO_ITEMS if extent.reached.settled else NONE_YET)
    if not extent.unread:
        return say.say(_ALL_READ if extent.reached.settled else ALL_READ_SO_FAR)
    said = []
    for count, saying, lost in ((extent.lost, _ANSWER_UNREAD, True), (extent.apart, _ANSWER_APART, False)):
        if count:
            size = say.size(sum(row.size for row in extent.unread if row.lost == lost))
            said.append(say.say(saying, count, of=extent.items, size=size))
    return " ".join(said)


def _received(summary: CaseSummary, say: Wording) -> tuple[tuple[str, str], ...]:
    info, counts = summary.info, summary.counts
    rows = [(say.say(_RECEIVED_SOURCE), f"{source.label}, {_source(source, say)}") for source in info.sources[:3]]
    if len(info.sources) > 3:
        rows.append(("", say.say(phrases.MORE, len(info.sources) - 3)))
    held = [
        say.say(KINDS["item"], counts.occurrences),
        say.say(KINDS["content"], counts.contents),
        say.say(KINDS["mail"], counts.messages),
        say.say(KINDS["document"], counts.documents),
        say.say(KINDS["archive"], counts.archives),
    ]
    rows.append((say.say(_IN_IT), say.listed(held)))
    given = [(key, date) for key, date in (("captured", info.captured), ("released", info.released)) if date]
    dates = [say.say(_DATES[key], date=date) for key, date in given]
    rows.append((say.say(_GIVEN_DATES), "; ".join(dates) or say.say(_NO_DATES)))
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
        ref = ranked.item or (ranked.cluster.members[0] if ranked.cluster else None)
        if ref is not None:
            made.append(Command(f"forensics show CASE {ref.sha256[:DIGEST_SHOWN]}", say.say(_RECHECK_SHOW)))
    if not made:
        made.append(Command(verify_command(summary), say.say(_RECHECK_VERIFY)))
    return tuple(made)


def verify_command(summary: CaseSummary) -> str:
    """Return the command that replays every citation and compares the custody log with the head shown here."""
    return f"forensics verify CASE --source SOURCE --head {summary.custody_head}"


def _untested(summary: CaseSummary, say: Wording) -> tuple[str, ...]:
    counts = summary.counts
    said = []
    if counts.signed_messages:
        said.append(say.say(_SIGNATURES, counts.signed_messages))
    extent = summary.extent
    for count, saying, lost in ((extent.lost, _UNTESTED_UNREAD, True), (extent.apart, _UNTESTED_APART, False)):
        if count:
            said.append(say.say(saying, count, reasons=reasons(extent, say, lost=lost, most=3)))
    idle = [row for row in summary.power if not row.powered]
    if idle:
        said.append(say.say(_IDLE_RULES, len(idle), of=len(summary.power)))
    if summary.undated:
        said.append(say.say(_UNDATED, summary.undated))
    return (*said, say.say(_NEVER_TESTED))
