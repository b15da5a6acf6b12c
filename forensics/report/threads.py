"""The thread of a mail in words: what it answers, who answers it, what is missing."""

from collections.abc import Iterator, Mapping

from rich.console import Group, RenderableType

from forensics.knowledge.wording import Wording
from forensics.model.sentences import Saying, says
from forensics.model.threads import ThreadPlace
from forensics.report.cells import plain
from forensics.report.visible import visible

_BY: Mapping[str, Saying] = {
    "in_reply_to": says("report.thread.in_reply_to", one="In-Reply-To"),
    "references": says("report.thread.references", one="References"),
    "thread_index": says("report.thread.thread_index", one="Thread-Index"),
    "subject": says("report.thread.subject", one="subject and people alone"),
}
_ANSWERS = says("report.thread.answers", one="Answers {place} ({by})")
_MISSING = says(
    "report.thread.answers_missing", one="Answers a message that is none of those that were read: {id} ({by})"
)
_REPLIES = says(
    "report.thread.replies", one="Answered by 1 mail here: {places}", many="Answered by {n} mails here: {places}"
)
MORE = says("report.thread.more", one="and 1 more", many="and {n} more")
_THREAD = says(
    "report.thread.whole",
    one="Its thread has 1 mail here; messages that are named and were not read: {missing}",
    many="Its thread has {n} mails here; messages that are named and were not read: {missing}",
)
SHOWN = 3
"""Replies that a line names."""


def lines(place: ThreadPlace, language: str = "en") -> RenderableType | None:
    """Return the lines on a mail's thread; None for a mail that stands alone."""
    found = list(_lines(place, Wording(language)))
    return Group(*map(plain, found)) if found else None


def _lines(place: ThreadPlace, say: Wording) -> Iterator[str]:
    by = ", ".join([say.say(_BY[code]) for code in place.by])
    if place.answers is not None:
        yield say.say(_ANSWERS, place=place.answers.location.text, by=by)
    elif place.answers_missing:
        yield say.say(_MISSING, id=visible(place.answers_missing), by=by)
    if place.replies:
        named = [reply.location.text for reply in place.replies[:SHOWN]]
        if place.reply_count > SHOWN:
            named.append(say.say(MORE, place.reply_count - SHOWN))
        yield say.say(_REPLIES, place.reply_count, places=", ".join(named))
    if place.mails > 1 or place.missing:
        yield say.say(_THREAD, place.mails, missing=str(place.missing))
