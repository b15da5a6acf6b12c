"""Two items or sets compared, for a terminal of 80 columns: what differs, both wordings, and what explains it."""

from collections.abc import Iterable, Iterator, Mapping

from rich.console import Group, RenderableType
from rich.text import Text

from forensics.knowledge.wording import Wording
from forensics.model.comparing import (
    Cause,
    ComparedItem,
    ComparedLine,
    Derived,
    Difference,
    Outcome,
    SetsCompared,
    Side,
    WordRun,
)
from forensics.model.sentences import Saying, says
from forensics.report.cells import DIGEST_SHOWN, grid, plain
from forensics.report.visible import defang

KINDS: Mapping[str, Saying] = {
    "date": says("report.compared.kind.date", one="Date"),
    "from": says("report.compared.kind.from", one="From, the address"),
    "from_name": says("report.compared.kind.from_name", one="From, the name"),
    "sender": says("report.compared.kind.sender", one="Sender"),
    "reply_to": says("report.compared.kind.reply_to", one="Reply-To"),
    "recipient_added": says("report.compared.kind.recipient_added", one="a recipient is added"),
    "recipient_removed": says("report.compared.kind.recipient_removed", one="a recipient is removed"),
    "recipient_name": says("report.compared.kind.recipient_name", one="a recipient's name"),
    "recipient_order": says("report.compared.kind.recipient_order", one="the order of recipients"),
    "subject": says("report.compared.kind.subject", one="Subject"),
    "message_id": says("report.compared.kind.message_id", one="Message-ID"),
    "thread": says("report.compared.kind.thread", one="the thread fields"),
    "client": says("report.compared.kind.client", one="the mail program"),
    "field_added": says("report.compared.kind.field_added", one="a field is added"),
    "field_removed": says("report.compared.kind.field_removed", one="a field is removed"),
    "field_changed": says("report.compared.kind.field_changed", one="a field"),
    "field_order": says("report.compared.kind.field_order", one="the order of fields"),
    "field_form": says("report.compared.kind.field_form", one="how a field is written"),
    "signature_added": says("report.compared.kind.signature_added", one="a signature is added"),
    "signature_removed": says("report.compared.kind.signature_removed", one="a signature is removed"),
    "signature_changed": says("report.compared.kind.signature_changed", one="a signature"),
    "hop_added": says("report.compared.kind.hop_added", one="a trace field is added"),
    "hop_removed": says("report.compared.kind.hop_removed", one="a trace field is removed"),
    "hop_changed": says("report.compared.kind.hop_changed", one="a trace field"),
    "hop_order": says("report.compared.kind.hop_order", one="the order of trace fields"),
    "hops_above": says("report.compared.kind.hops_above", one="the newest trace field"),
    "words": says("report.compared.kind.words", one="words"),
    "text_added": says("report.compared.kind.text_added", one="text is added"),
    "text_removed": says("report.compared.kind.text_removed", one="text is removed"),
    "text_around": says("report.compared.kind.text_around", one="text above or below the rest"),
    "links": says("report.compared.kind.links", one="links"),
    "markup": says("report.compared.kind.markup", one="the markup of a page"),
    "layout": says("report.compared.kind.layout", one="white space and line ends of a text"),
    "encoding": says("report.compared.kind.encoding", one="transfer encoding"),
    "charset": says("report.compared.kind.charset", one="charset"),
    "attachment_added": says("report.compared.kind.attachment_added", one="an attachment is added"),
    "attachment_removed": says("report.compared.kind.attachment_removed", one="an attachment is removed"),
    "attachment_changed": says("report.compared.kind.attachment_changed", one="the content of an attachment"),
    "attachment_renamed": says("report.compared.kind.attachment_renamed", one="the name of an attachment"),
    "part_type": says("report.compared.kind.part_type", one="the type of a part"),
    "boundary": says("report.compared.kind.boundary", one="a boundary"),
    "outside_parts": says("report.compared.kind.outside_parts", one="text outside the parts"),
    "line_ends": says("report.compared.kind.line_ends", one="line endings"),
    "final_line": says("report.compared.kind.final_line", one="the end of the last line"),
    "first_line": says("report.compared.kind.first_line", one="lines that are no header field"),
    "property": says("report.compared.kind.property", one="what the document says of itself"),
    "member_added": says("report.compared.kind.member_added", one="a member is added"),
    "member_removed": says("report.compared.kind.member_removed", one="a member is removed"),
    "member_changed": says("report.compared.kind.member_changed", one="the content of a member"),
    "packing": says("report.compared.kind.packing", one="how the members are packed"),
    "bytes": says("report.compared.kind.bytes", one="bytes"),
}
"""By the words of `forensics.model.comparing.KINDS`."""
_CAUSES: Mapping[Cause, Saying] = {
    Cause.ROUTE: says("report.compared.cause.route", one="servers that only one of them passed"),
    Cause.LIST: says("report.compared.cause.list", one="a mailing list that only one of them passed"),
    Cause.FILTER: says(
        "report.compared.cause.filter", one="a filter or gateway that marks mails and rewrites their links"
    ),
    Cause.SENT_COPY: says("report.compared.cause.sent_copy", one="one is its sender's own copy"),
    Cause.MAILBOX: says("report.compared.cause.mailbox", one="the program that keeps the mailbox"),
    Cause.ENCODING: says("report.compared.cause.encoding", one="the same in another form"),
    Cause.REWRITTEN: says("report.compared.cause.rewritten", one="a server or export that wrote the mail anew"),
}
_OUTCOMES: Mapping[Outcome, Saying] = {
    Outcome.IDENTICAL: says("report.compared.outcome.identical", one="identical"),
    Outcome.LAWFUL: says("report.compared.outcome.lawful", one="same mail"),
    Outcome.DIFFERS: says("report.compared.outcome.differs", one="differs"),
    Outcome.ONLY_ONE: says("report.compared.outcome.only_one", one="only first"),
    Outcome.ONLY_OTHER: says("report.compared.outcome.only_other", one="only second"),
    Outcome.UNREAD: says("report.compared.outcome.unread", one="not read"),
}
_REASONS: Mapping[str, Saying] = {
    "more_hops": says(
        "report.compared.reason.more_hops", one="it has the trace fields of the other and more above them"
    ),
    "list_text": says("report.compared.reason.list_text", one="it has the text of the other and a list's around it"),
    "list_fields": says("report.compared.reason.list_fields", one="it came by a mailing list"),
    "body_hash": says(
        "report.compared.reason.body_hash",
        one="a signature that both have still covers the other's body, not this one's",
    ),
    "more_mailbox_fields": says("report.compared.reason.mailbox", one="it has the fields of a mailbox besides"),
    "sessions": says("report.compared.reason.sessions", one="it lists the other's editing sessions and further ones"),
}
_DERIVED = says("report.compared.derived", one="The {which} was made from the other: {reasons}.")
_FIRST = says("report.compared.first", one="first")
_SECOND = says("report.compared.second", one="second")
_NOT_TOLD = says("report.compared.not_told", one="Which was made from which is not told.")
_IDENTICAL = says("report.compared.identical", one="The two are identical, byte for byte.")
_UNEXPLAINED = says(
    "report.compared.unexplained",
    one="1 difference that nothing lawful explains:",
    many="{n} differences that nothing lawful explains:",
    none="Something lawful explains all that differs.",
)
_LAWFUL = says(
    "report.compared.lawful", one="1 difference that is lawful:", many="{n} differences that are lawful:", none=""
)
IN_PART = says(
    "report.compared.in_part",
    one=(
        "Not all of both was compared, or not all that differs is told: one is longer than a limit or damaged, or they "
        "differ in more places than are told."
    ),
)
_TEXTS_ONLY = says(
    "report.compared.texts_only",
    one="A store keeps one of the two as properties: what they say was compared, not header, structure and files.",
)
_QUOTED = says("report.compared.quoted", one="“{value}”")
_WITH_NAME = says("report.compared.named", one="{kind} ({name})")
_AND_MORE = says("report.compared.and_more", one="and 1 more", many="and {n} more")
_SAME = says("report.compared.count.identical", one="{n} identical")
_COUNTS: Mapping[Outcome, Saying] = {
    Outcome.LAWFUL: says("report.compared.count.lawful", one="{n} with lawful differences only"),
    Outcome.DIFFERS: says(
        "report.compared.count.differs", one="1 that differs otherwise", many="{n} that differ otherwise"
    ),
    Outcome.ONLY_ONE: says("report.compared.count.only_one", one="{n} only in {one}"),
    Outcome.ONLY_OTHER: says("report.compared.count.only_other", one="{n} only in {other}"),
    Outcome.UNREAD: says("report.compared.count.unread", one="{n} that could not be read again"),
}
_SUMMARY = says("report.compared.summary", one="Compared: {counts}.")
_SETS = {
    False: (says("report.compared.set.first", one="the first"), says("report.compared.set.second", one="the second")),
    True: (
        says("report.compared.set.reference", one="the reference"),
        says("report.compared.set.archive", one="the archive"),
    ),
}
"""Names of the two sets, by whether the one is a reference."""
_MAY_STAND = says(
    "report.compared.may_stand",
    one="1 item of {which} was not read in full: what stands only elsewhere may be in it.",
    many="{n} items of {which} were not read in full: what stands only elsewhere may be in them.",
)
_AGAINST = says("report.compared.against", one="Compared with the other mail of its entry")
_AGAINST_ORIGINAL = says("report.compared.against_original", one="Compared with its original in the reference")
_AGAINST_DOCUMENT = says(
    "report.compared.against_document",
    one="Compared with its original in the reference, or with a document nearly as it is",
)
_READ_AGAIN = ("given", "digest")
"""How two mails are matched that were compared since they stand in one entry."""
_VALUE = 400
"""Characters of a value that are shown."""
_BRIEF = 120
"""The same in a list."""


def pair(line: ComparedLine, language: str = "en") -> RenderableType:
    """Return two items compared: which was made from which, then what differs."""
    return Group(*_pair(line, Wording(language), lawful=True))


def _pair(line: ComparedLine, say: Wording, *, lawful: bool) -> list[RenderableType]:
    parts: list[RenderableType] = [_head(item) for item in (line.one, line.other) if item is not None]
    if line.outcome is Outcome.IDENTICAL:
        return [*parts, Text(), plain(say.say(_IDENTICAL))]
    if line.mails and lawful and not line.texts_only:
        parts += [Text(), plain(_origin(line, say))]
    found = line.unexplained
    parts += [Text(), plain(say.say(_UNEXPLAINED, len(found)))]
    if found:
        table = grid(say, ("what_differs", "in_first", "in_second"), wide="in_second")
        table.columns[0].max_width, table.columns[1].ratio, table.columns[2].ratio = 20, 1, 1
        for one in found:
            table.add_row(plain(named(one, say)), plain(_value(one.one.value)), plain(_value(one.other.value)))
        parts.append(table)
        parts += [words(one.runs) for one in found if one.runs]
    explained = [one for one in line.differences if one.lawful] if lawful else []
    if explained:
        parts += [Text(), plain(say.say(_LAWFUL, len(explained)))]
        parts.append(_explained(explained, say))
    if line.texts_only:
        parts += [Text(), plain(say.say(_TEXTS_ONLY))]
    if not line.whole:
        parts += [Text(), plain(say.say(IN_PART))]
    return parts


def against(line: ComparedLine, language: str = "en") -> RenderableType:
    """Return in what an item differs from its original, or from another item, without what is lawful."""
    say = Wording(language)
    mails = _AGAINST if line.matched_by in _READ_AGAIN else _AGAINST_ORIGINAL
    title = say.say(mails if line.mails else _AGAINST_DOCUMENT)
    return Group(Text(title, style="bold"), *_pair(line, say, lawful=False))


def _explained(found: Iterable[Difference], say: Wording) -> RenderableType:
    """Return what is lawful, differences of one kind and cause together, with the names of what differs."""
    names: dict[tuple[str, Cause | None], dict[str, None]] = {}
    for one in found:
        known = names.setdefault((one.kind, one.cause), {})
        if one.name and one.name != one.kind:
            known[one.name] = None
    table = grid(say, ("what_differs", "why_lawful"), wide="what_differs")
    table.columns[1].max_width = 24
    for (kind, cause), known in names.items():
        said = say.say(KINDS[kind])
        named = say.say(_WITH_NAME, kind=said, name=", ".join(known)) if known else said
        table.add_row(plain(named), plain(say.say(_CAUSES[cause]) if cause else ""))
    return table


def _head(item: ComparedItem) -> Text:
    return Text.assemble(plain(item.location.text, "bold"), plain(f" {item.sha256[:DIGEST_SHOWN]}", "dim"))


def _origin(line: ComparedLine, say: Wording) -> str:
    if line.derived is Derived.NOT_TOLD:
        return say.say(_NOT_TOLD)
    which = say.say(_FIRST if line.derived is Derived.ONE else _SECOND)
    return say.say(_DERIVED, which=which, reasons=say.clauses([say.say(_REASONS[one]) for one in line.reasons]))


def named(difference: Difference, say: Wording) -> str:
    """Name what differs: its kind, and the field, part or property."""
    kind = say.say(KINDS[difference.kind])
    name = difference.name
    return kind if not name or name == difference.kind else say.say(_WITH_NAME, kind=kind, name=name)


def _value(value: str) -> str:
    return defang(value if len(value) <= _VALUE else f"{value[:_VALUE]}...")


def words(found: Iterable[WordRun]) -> Text:
    """Return a text with what only the first has as ``[-words-]`` and what only the second has as ``{+words+}``."""
    pieces: list[Text] = []
    for run in found:
        text = defang(run.text)
        if run.side is Side.BOTH:
            pieces.append(plain(text, "dim"))
        else:
            pieces.append(plain(f"[-{text}-]" if run.side is Side.ONE else f"{{+{text}+}}", "bold"))
    return Text(" ").join(pieces)


def lines(rows: Iterable[ComparedLine], language: str = "en") -> RenderableType:
    """Return one entry an item that is not identical in both sets: what it is, where, and how it differs."""
    say = Wording(language)
    table = grid(say, ("outcome", "message"), wide="message")
    for row in rows:
        shown = [_head(item) for item in (row.other, row.one) if item is not None]
        said = [plain(text) for text in _said(row, say)]
        table.add_row(plain(say.say(_OUTCOMES[row.outcome])), Text("\n").join([*shown, *said]))
    return table


def _said(row: ComparedLine, say: Wording) -> Iterator[str]:
    found = [one for one in row.differences if not one.lawful] or list(row.differences)
    for one in found[:3]:
        values = [say.say(_QUOTED, value=_value(side.value[:_BRIEF])) for side in (one.one, one.other) if side.value]
        yield say.labelled(named(one, say), " → ".join(values)) if values else named(one, say)
    if len(found) > 3:
        yield say.say(_AND_MORE, len(found) - 3)


def summary(sets: SetsCompared, *, reference: bool, language: str = "en") -> Iterator[str]:
    """Yield how many items were found to be what, and what limits that.

    Args:
        sets: the numbers.
        reference: whether the first set is a reference, and the second the archive.
        language: ``en``, or a language that has a catalogue.
    """
    say = Wording(language)
    first, second = (say.say(name) for name in _SETS[reference])
    counts = [say.say(_SAME, sets.counts.get(Outcome.IDENTICAL, 0))]
    for outcome, saying in _COUNTS.items():
        if n := sets.counts.get(outcome, 0):
            counts.append(say.say(saying, n, one=first, other=second))
    yield say.say(_SUMMARY, counts=say.listed(counts))
    for which, n in ((first, sets.unread_one), (second, sets.unread_other)):
        if n:
            yield say.say(_MAY_STAND, n, which=which)
