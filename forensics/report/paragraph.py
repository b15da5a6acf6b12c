"""The paragraph of the first page: what there is, what does not fit, what was not examined."""

from forensics.knowledge.terms import KINDS
from forensics.knowledge.wording import Wording
from forensics.model.sentences import says
from forensics.model.summary import CaseSummary
from forensics.reader.reached import NOT_JUDGED
from forensics.report.accounting import sentence
from forensics.report.conclusions import ALL_READ_SO_FAR, NO_ITEMS, NONE_YET

_GRADED = {
    "strong": says("report.answer.graded.strong", one="{n} strong"),
    "moderate": says("report.answer.graded.moderate", one="{n} moderate"),
    "weak": says("report.answer.graded.weak", one="{n} weak"),
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
_OPENED = says(
    "report.answer.opened",
    one="1 of {messages} mails carries a signature; a key at hand opens it.",
    many="{n} of {messages} mails carry signatures; keys at hand open those of {opened}.",
)
_AUTHENTICATED = says(
    "report.answer.authenticated",
    none="For none of these does the author's signature hold as the mail is here.",
    one="For 1 of these the author's signature holds: nobody changed what it covers since it was signed.",
    many="For {n} of these the author's signature holds: nobody changed what it covers since they were signed.",
)
_NOT_SHOWN = says(
    "report.answer.not_shown",
    one="For the other one this is not shown; that alone accuses no mail.",
    many=(
        "Of the other {n}, {partly} have one that holds for another domain or in part, {rest} none that shows as much; "
        "that alone accuses no mail."
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
_LURED = says(
    "report.answer.lured",
    one="1 mail or file would have led its reader elsewhere; it is listed apart, as a way in which mail is stolen.",
    many="{n} mails or files would have led their readers elsewhere; they are listed apart, as ways in which mail is"
    " stolen.",
)
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
    one="1 of {of} items was not read, or not in full.",
    many="{n} of {of} items were not read, or not in full.",
)
_ANSWER_APART = says(
    "report.answer.apart",
    one="1 of {of} items has nothing to read, or was left alone.",
    many="{n} of {of} items have nothing to read, or were left alone.",
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
_STRENGTHS = ("strong", "moderate", "weak")


def headline(summary: CaseSummary, say: Wording) -> str:
    """Say how many entries do not fit, and how sure that is; or that nothing was found, and of what."""
    lines, items = sum(summary.ranked.values()), summary.ranked_items
    if not lines and not summary.extent.reached.judged:
        return say.say(NOT_JUDGED)
    if not lines:
        of = {"judged": summary.extent.judged, "items": summary.extent.items}
        if summary.set_aside:
            return say.say(_ASIDE, sum(row.count for row in summary.set_aside), **of)
        return say.say(_FITS if summary.extent.judged else _NOTHING_TESTED, **of)
    graded = [say.say(_GRADED[strength], n=n) for strength in _STRENGTHS if (n := summary.ranked.get(strength, 0))]
    if items != lines:
        return say.say(_MISFITS_ITEMS, lines, items=items, graded=say.joined(graded))
    return say.say(_MISFITS, lines, graded=say.joined(graded))


def paragraph(summary: CaseSummary, say: Wording) -> tuple[str, ...]:
    """Return what stands below the headline, from counts alone."""
    said = [_holds(summary, say), _authenticated(summary, say)]
    if summary.ranked:
        said += [say.say(_JUDGED, judged=summary.extent.judged, items=summary.extent.items), say.say(_MEANING)]
    if summary.lured:
        said.append(say.say(_LURED, summary.lured))
    return (*said, _unexamined(summary, say))


def silence(summary: CaseSummary, say: Wording) -> str:
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
    if not counts.opened_messages:
        return say.say(_SIGNED, counts.signed_messages, messages=counts.messages)
    opened = say.say(_OPENED, counts.signed_messages, messages=counts.messages, opened=counts.opened_messages)
    if not summary.extent.reached.judged:
        return opened  # which of them hold is said by a rule over the whole case, and none was asked yet
    said = [opened, say.say(_AUTHENTICATED, counts.authenticated_messages)]
    if counts.authenticated_messages and (others := counts.opened_messages - counts.authenticated_messages) > 0:
        partly = min(counts.partly_messages, others)
        said.append(say.say(_NOT_SHOWN, others, partly=partly, rest=others - partly))
    return " ".join(said)


def _unexamined(summary: CaseSummary, say: Wording) -> str:
    """Say what was lost and what was left alone; that all was read only where it was."""
    extent = summary.extent
    if not extent.items:
        return say.say(NO_ITEMS if extent.reached.settled else NONE_YET)
    if not extent.unread:
        return say.say(_ALL_READ if extent.reached.settled else ALL_READ_SO_FAR)
    said = []
    for count, saying in ((extent.lost, _ANSWER_UNREAD), (extent.apart, _ANSWER_APART)):
        if count:
            said.append(say.say(saying, count, of=extent.items))
    return " ".join([*said, *filter(None, [sentence(summary.accounts, say)])])
