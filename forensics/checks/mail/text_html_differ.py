"""The plain text and the HTML of one mail say different things."""

from collections.abc import Iterator

import msgspec

from forensics.checks import settle
from forensics.checks._facts import cite_fact, settled
from forensics.checks._reasons import NO_END
from forensics.examples.cases import Case, explained, fires, silent
from forensics.examples.located import located
from forensics.examples.mails import message
from forensics.model.facts import Located
from forensics.model.locations import Locator
from forensics.model.mail import BodyPart, Message
from forensics.model.mail_texts import Change, Twins
from forensics.model.presence.message import MessageHas
from forensics.model.rules import (
    BenignState,
    Bin,
    Context,
    Evidence,
    Observation,
    Proposition,
    Role,
    Rule,
    State,
    Strength,
    Subject,
)
from forensics.model.sentences import says

RULE = Rule(
    id="mail.text_html_differ",
    version=3,
    title="Text and HTML of one mail differ",
    subject=Subject.MESSAGE,
    needs=MessageHas.TWINS,
    bins=(
        Bin("few_words"),
        Bin("added_words", ceiling=Strength.MODERATE),
        Bin("many_words", ceiling=Strength.WEAK),
        Bin("passage", ceiling=Strength.WEAK),
    ),
    group="content",
    compare_with="sender_client",
    proposition=Proposition.ALTERED_CONTENT,
    ceiling=Strength.STRONG,
    benign=("two_versions", "converted_text", "cut_copy", "unsolicited"),
    accuses=("body",),
    settle=settle.CORRESPONDENTS_COPY,
    references=("RFC 2046 5.1.4", "kb:A-31", "kb:O-06", "kb:O-07"),
)

_SAID = {
    "few_words": says(
        "rule.mail.text_html_differ.few_words",
        one=(
            "The mail's text says “{text}” where its HTML says “{html}”; the other {equal} words are the same. "
            "Places that differ: {count}."
        ),
    ),
    "added_words": says(
        "rule.mail.text_html_differ.added_words",
        one=(
            "Only the mail's {where} says “{shown}”, between words that both have; {equal} words are the same. "
            "Such places: {count}."
        ),
    ),
    "many_words": says(
        "rule.mail.text_html_differ.many_words",
        one=(
            "The mail's text and HTML differ in {count} places, first “{text}” against “{html}”; {equal} words "
            "are the same."
        ),
    ),
    "passage": says(
        "rule.mail.text_html_differ.passage",
        one=(
            "Between words that both have, the text has passages of its own: {only_text}; the HTML: {only_html}. "
            "{equal} words are the same."
        ),
    ),
}
_WRITTEN_APART = says(
    "note.written_apart",
    one="Only {equal} of {words} words are in both: the two parts were written separately, as in newsletters.",
)
_ALL_ELSE_EQUAL = says("note.all_else_equal", one="All {equal} other words are the same, in the same order.")

FEW, FEW_RUNS = 5, 10
"""Changes, and differing runs of any kind, above which a program, not a hand, made two versions."""
ALIKE = 0.9
"""Of the shorter text's words: below it, the parts were written apart."""


def check(message: Message, context: Context) -> Iterator[Observation]:
    """Report what stands in the place of something else; where nothing does, what only one part has, little or much."""
    for twins in message.twins:
        shorter = min(twins.text_words, twins.html_words)
        alike = twins.equal >= ALIKE * shorter and twins.equal > 0
        few = alike and twins.change_count + twins.added_count <= FEW and twins.differing_runs <= FEW_RUNS
        if twins.changes:
            yield _observation(message, twins, "few_words" if few else "many_words", alike=alike)
        elif few and twins.added:
            yield _observation(message, twins, "added_words", alike=alike)
        elif alike and twins.only_text + twins.only_html:
            yield _observation(message, twins, "passage", alike=alike)


def _observation(message: Message, twins: Twins, name: str, *, alike: bool) -> Observation:
    values = {"equal": str(twins.equal), "words": str(twins.text_words), "count": str(twins.change_count)}
    values |= {"only_text": str(twins.only_text), "only_html": str(twins.only_html)}
    if twins.changes:
        values |= {"text": twins.changes[0].text.value, "html": twins.changes[0].html.value}
    elif twins.added:
        first = twins.added[0]
        where = "text" if first.text.value else "HTML"
        values |= {"count": str(twins.added_count), "shown": first.text.value or first.html.value, "where": where}
    evidence = tuple([one for change in (*twins.changes, *twins.added)[:FEW] for one in _cite(twins, change)])
    return Observation(
        sentence=_SAID[name](**values),
        bin=name,
        evidence=evidence or _cite_parts(message, twins),
        suspect=f"part:{twins.text_part}",
        benign=tuple(_causes(message, twins, alike=alike)),
    )


def _causes(message: Message, twins: Twins, *, alike: bool) -> Iterator[BenignState]:
    last = message.parts[-1]
    is_text = last.number == twins.text_part
    # What is cut off lacks words, and has at most a word's beginning in the place of others.
    changes = [(one.text.value, one.html.value) for one in twins.changes]
    pairs = changes if is_text else [(html, text) for text, html in changes]
    begun = twins.change_count <= 1 and all(whole.startswith(first) for first, whole in pairs)
    if begun and message.breaks_off and (is_text or last.number == twins.html_part):
        yield settled("cut_copy", State.EXPLAINS, NO_END())
    if not alike:
        yield settled("two_versions", State.EXPLAINS, _WRITTEN_APART(equal=twins.equal, words=twins.text_words))
    elif twins.change_count + twins.added_count == 1 and not twins.only_text + twins.only_html:
        yield settled("two_versions", State.EXCLUDED, _ALL_ELSE_EQUAL(equal=twins.equal))


def _cite(twins: Twins, change: Change) -> Iterator[Evidence]:
    for part, words in ((twins.text_part, change.text), (twins.html_part, change.html)):
        if words.locator.ranges:
            yield cite_fact(f"part {part}", words, Role.EITHER)


def _cite_parts(message: Message, twins: Twins) -> tuple[Evidence, ...]:
    """Quote the field that makes the parts twins, where no word stands once; of a stored mail name the parts."""
    headers = message.tree.headers if message.tree is not None and not message.stored else ()
    field = next((field for field in headers if field.key == "content-type"), None)
    if field is None:
        parts = [part for part in message.parts if part.number in (twins.text_part, twins.html_part)]
        return tuple([_name(part) for part in parts])
    locator = field.locator(0, "Content-Type")
    shown = f"parts {twins.text_part} and {twins.html_part}"
    return (Evidence(role=Role.EITHER, label="Content-Type", value=shown, raw=field.raw, locator=locator),)


def _name(part: BodyPart) -> Evidence:
    place = Locator(path=part.locator.path)
    return Evidence(role=Role.EITHER, label=f"part {part.number}", value=part.media_type, raw=b"", locator=place)


def cases() -> Iterator[Case]:
    """Cases of each difference, and the innocent ones."""

    def mail(equal: int, *changes: tuple[str, str], words: int = 0, only_html: int = 0, runs: int = 0) -> Message:
        made = [
            Change(text=located(text, "part:1", start=40 + place), html=Located(html, b"", Locator(path="part:2")))
            for place, (text, html) in enumerate(changes)
        ]
        added = tuple([one for one in made if not one.text.value or not one.html.value])
        made = [one for one in made if one.text.value and one.html.value]
        twins = Twins(
            text_part="1",
            html_part="2",
            text_words=words or equal + len(changes),
            html_words=words or equal + len(changes),
            equal=equal,
            differing_runs=runs or len(changes),
            changes=tuple(made),
            change_count=len(made),
            added=added,
            added_count=len(added),
            only_html=only_html,
        )
        return message(twins=(twins,))

    yield fires(mail(80, ("4000", "40000")), "one number differs, all else is equal", bin="few_words")
    yield fires(mail(80, ("not", "")), "a word that only the text has", bin="added_words")
    six = [("a", "b")] * 6
    yield fires(mail(80, *six), "six places differ", bin="many_words")
    yield fires(mail(80, only_html=1), "a passage that only the HTML has", bin="passage")
    short = mail(80, only_html=1)
    cut = msgspec.structs.replace(short, breaks_off=True, parts=short.parts[::-1])
    yield explained(cut, "the text breaks off", by="cut_copy")
    news = mail(80, ("advertisement", "sponsor"), runs=23)
    yield fires(news, "a newsletter, which differs in other ways too", bin="many_words")
    yield explained(mail(40, ("news", "offers"), words=90), "two versions were written", by="two_versions")
    yield silent(mail(80), "the same words")
