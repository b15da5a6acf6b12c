import msgspec
import pytest

from forensics.knowledge.wording import Wording
from forensics.model.findings import Concluded
from forensics.model.letters import Asked, AskedRecord, RecordKind
from forensics.model.sentences import Sentence
from forensics.report.answer import answer, verify_command
from forensics.report.blocks import Builder
from forensics.report.cards import card
from forensics.report.conclusions import reason

SAY = Wording("en")


@pytest.fixture
def made(summary):
    return answer(summary, SAY, Builder(summary, SAY))


def test_the_headline_and_the_paragraph_count_what_there_is(made):
    assert made.headline == "16 entries with 24 items do not fit: 1 strong, 3 moderate and 12 weak."
    assert made.paragraph == (
        "leak.zip holds 9,102 mails, 1,377 documents and images and 12 containers, dated from 2014-01 to 2017-04.",
        "6,204 of 9,102 mails carry signatures; keys at hand open those of 4,900. For 3,850 of these the author's "
        "signature holds: nobody changed what it covers since they were signed. Of the other 1,050, 700 have one that "
        "holds for another domain or in part, 350 none that shows as much; that alone accuses no mail.",
        "A rule could judge 11,300 of 11,420 items.",
        "An entry shows that facts contradict each other. It does not show who caused this, nor that anything is "
        "forged.",
        "35 of 11,420 items were not read, or not in full. 2 of 11,420 items have nothing to read, or were left alone.",
    )


def test_the_strongest_lines_stand_first_and_the_rest_is_counted(made):
    assert [line.rank for line in made.cards] == [1, 2, 3]
    assert made.more == "13 more entries are in the ranking below."
    top = made.cards[0]
    rate = "rarer than 1 in 38,000 genuine mails (seen in 2 of 116,902)"
    assert (top.strength, top.rate) == ("strong", rate)
    assert top.remains == ("clock set by hand", "draft kept", "sent again")  # of all findings of the entry
    assert top.ask == "Ask mx.campaign.example for its delivery log of 26 April 2017."
    assert top.people.startswith("Élise Marchand to cedric@campaign.example")
    assert top.claimed == "2017-04-24 10:12:31 +02:00"
    assert top.conclusion == "The Date field says Tuesday, but 24 April 2017 was a Monday." and top.reason == ""
    assert top.strip.claimed.day == "2017-04-24" and top.strip.said is None


def test_a_card_names_two_who_can_be_asked_for_which_record(summary):
    ranked = summary.ranking[0]
    records = (
        ("a.example", AskedRecord(kind=RecordKind.TRACE, host="mx.a.example", id="Q\u202e1")),
        ("b.example", AskedRecord(kind=RecordKind.TRACE, host="mx.b.example", id="15.1.860.9")),
        ("c.example", AskedRecord(kind=RecordKind.LIST, host="news.c.example")),
    )
    asked = tuple([Asked(organization=name, record=record) for name, record in records])
    some = msgspec.structs.replace(summary, asked={ranked.rank: asked})

    text = card(ranked, SAY, Builder(some, SAY)).ask
    assert text.startswith("a.example: the log entry for id Q") and "\u202e" not in text
    assert text.endswith("b.example: the log entry for the mail's Message-ID; and 1 more")


def test_a_card_has_what_the_evidence_comes_to_and_the_first_words(summary):
    ranked = summary.ranking[0]
    said = summary.items[ranked.item.sha256].timestamps[1].instant
    drawn = Concluded(kind="clocks", sentences=(Sentence("gone.in.this.version"),), said=said)
    line = msgspec.structs.replace(ranked, conclusion="Two clocks say another day.", concluded=drawn)
    digest = ranked.item.sha256
    words = msgspec.structs.replace(summary, ranking=(line,), texts={digest: "Send it \u202e tonight. " * 20})
    made = card(line, SAY, Builder(words, SAY))
    assert made.conclusion == "Two clocks say another day."
    assert made.reason.startswith("The Date field says Tuesday")
    assert made.text.startswith("Send it") and len(made.text) <= 140
    assert made.strip.said.day == "2017-04-26"


def test_re_checking_needs_only_what_is_printed(made, summary):
    assert made.recheck[0].command == "sha256sum SOURCE"
    assert made.recheck[0].expected == summary.info.sources[0].sha256
    assert made.recheck[1].command == verify_command(summary)
    assert made.recheck[2].command == f"forensics show CASE {summary.ranking[0].rank}"


def test_what_was_not_tested_names_the_largest_reasons_in_words(made):
    unread = next(said for said in made.untested if said.startswith("35 items"))
    assert (
        "21 encrypted, no password was given or they are too large to decrypt; 9 truncated; 5 took longer than allowed"
        in unread
    )
    assert made.untested[0].startswith("Who wrote a text")


def test_an_empty_case_says_what_its_silence_is_worth(summary):
    idle = tuple(msgspec.structs.replace(row, powered=0) for row in summary.power)
    extent = msgspec.structs.replace(summary.extent, judged=0)
    empty = msgspec.structs.replace(
        summary, ranking=(), ranked={}, ranked_items=0, power=idle, set_aside=(), extent=extent
    )
    made = answer(empty, SAY, Builder(empty, SAY))
    assert made.cards == ()
    assert made.none.startswith("Nothing could be tested")
    tested = msgspec.structs.replace(summary, ranking=(), ranked={}, ranked_items=0, set_aside=())
    assert answer(tested, SAY, Builder(tested, SAY)).none.startswith("Nothing that was tested")


def test_a_case_that_is_not_judged_concludes_nothing(summary):
    stopped = msgspec.structs.replace(
        summary.extent.reached, finished=False, judged=False, files_planned=6_055, files_read=3_097, items_read=3_200
    )
    extent = msgspec.structs.replace(summary.extent, reached=stopped, unread=())
    unjudged = msgspec.structs.replace(summary, ranking=(), ranked={}, ranked_items=0, set_aside=(), extent=extent)
    made = answer(unjudged, SAY, Builder(unjudged, SAY))
    assert made.unfinished.startswith("Unfinished: 3,097 of 6,055 files have been read so far (3,200 items).")
    assert made.none == "The rules have not judged what was read."
    assert made.headline == "The rules have not judged what was read."
    said = " ".join(made.paragraph)
    assert "Every item that was reached was read in full." in said
    assert "does not fit" not in said and "do not fit" not in said


def test_a_finished_case_says_nothing_of_how_far_it_got(made):
    assert made.unfinished == ""


def test_a_source_that_was_not_read_to_its_end_has_no_size(summary):
    open_ended = tuple(msgspec.structs.replace(source, sha256="", files=0, size=0) for source in summary.info.sources)
    begun = msgspec.structs.replace(summary, info=msgspec.structs.replace(summary.info, sources=open_ended))
    made = answer(begun, SAY, Builder(begun, SAY))
    assert made.received[0][1] == "leak.zip, not read in full: size and digest are unknown"
    assert not [command for command in made.recheck if command.command.startswith("sha256sum")]


def test_what_was_set_aside_is_never_called_nothing(summary):
    aside = msgspec.structs.replace(summary, ranking=(), ranked={}, ranked_items=0)
    made = answer(aside, SAY, Builder(aside, SAY))
    said = "A rule could judge 11,300 of 11,420 items; none of these stands out. 254 observations were set aside"
    assert made.headline.startswith(said)
    assert made.none.startswith("Every contradiction that was found was set aside for a reason.")


def test_a_line_whose_findings_are_missing_still_stands(summary):
    lost = msgspec.structs.replace(summary.ranking[0], findings=("gone",), reasons=())
    line = card(lost, SAY, Builder(summary, SAY))
    assert (line.conclusion, line.reason, line.remains, line.ask) == ("", "", (), "")


def test_a_code_without_words_stands_for_itself():
    assert reason("zip.encrypted", SAY) == "encrypted, no password was given or they are too large to decrypt"
    assert reason("some.code_without_words", SAY) == "some.code_without_words"


def test_signatures_that_no_key_opens_are_not_said_to_be_verified(summary):
    counts = msgspec.structs.replace(summary.counts, opened_messages=0, authenticated_messages=0)
    untested = msgspec.structs.replace(summary, counts=counts, senders=())
    assert "they have not been verified yet" in " ".join(answer(untested, SAY, Builder(untested, SAY)).paragraph)


def test_before_rules_were_asked_no_signature_is_said_to_hold_or_not(summary):
    stopped = msgspec.structs.replace(summary.extent.reached, judged=False)
    counts = msgspec.structs.replace(summary.counts, authenticated_messages=0)
    extent = msgspec.structs.replace(summary.extent, reached=stopped)
    unjudged = msgspec.structs.replace(summary, counts=counts, extent=extent)
    said = " ".join(answer(unjudged, SAY, Builder(unjudged, SAY)).paragraph)
    assert "keys at hand open those of 4,900." in said
    assert "author's signature" not in said


def test_signatures_that_do_not_show_who_wrote_it_are_told_from_those_that_do(summary):
    def said(**counts: int) -> str:
        some = msgspec.structs.replace(summary, counts=msgspec.structs.replace(summary.counts, **counts))
        return " ".join(answer(some, SAY, Builder(some, SAY)).paragraph)

    assert "For the other one this is not shown" in said(opened_messages=3851, partly_messages=0)
    assert "Of the other 2, 0 have one" in said(opened_messages=3852, partly_messages=0)
    for none in ({"opened_messages": 3850}, {"authenticated_messages": 0}):
        assert "not shown" not in said(**none) and "Of the other" not in said(**none)


def test_strong_entries_beyond_the_cards_are_told(summary):
    many = msgspec.structs.replace(summary, ranked=summary.ranked | {"strong": 4})
    strong = sum(line.strength == "strong" for line in summary.ranking[:3])
    rest = sum(many.ranked.values()) - 3
    said = answer(many, SAY, Builder(many, SAY)).more
    assert said == f"{rest} more entries ({4 - strong} strong) are in the ranking below."
