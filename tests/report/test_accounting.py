"""The account of a source in words."""

from rich.console import Console

from forensics.knowledge.wording import Wording
from forensics.model.accounts import AccountLine, AccountShare, AccountSums, State
from forensics.report import accounting

SAY = Wording("en")


def share(state: State, size: int, reason: str = "", media_type: str = "", items: int = 1) -> AccountShare:
    return AccountShare(state=state, reason=reason, media_type=media_type, items=items, size=size)


def line(*shares: AccountShare, source: str = "leak", **odd: int) -> AccountLine:
    sums = {str(state): sum(one.size for one in shares if one.state is state) for state in State}
    size = sum(sums.values())
    return AccountLine(source=source, files=1, size=size, shares=shares, sums=AccountSums(**sums), **odd)


def printed(*lines: AccountLine) -> str:
    console = Console(width=80, color_system=None)
    with console.capture() as capture:
        console.print(accounting.table(lines))
    return capture.get()


WHOLE = line(
    share(State.PARSED, 700, media_type="message/rfc822", items=3),
    share(State.PARTIAL, 50, "zip.gap", "application/zip"),
    share(State.UNREAD, 150, "engine.no_parser", "image/png", 2),
    share(State.UNREAD, 30, "engine.no_parser", "image/gif"),
    share(State.SKIPPED, 60, "engine.text", "text/plain"),
    share(State.PADDING, 10, "filler", "application/mbox"),
)


def test_reasons_are_added_up_over_types() -> None:
    found = accounting.reasons(WHOLE, SAY)
    assert [(one.items, one.size) for one in found] == [(3, 180), (1, 60), (1, 50), (1, 10)]
    assert (found[0].state, found[0].reason) == ("not read", "of a format that this version does not read")
    assert found[-1].reason == "blanks, zeros"


def test_types_have_what_was_read_of_them_and_what_not() -> None:
    found = {
        one.type: (one.items, one.read, one.unread, one.apart, one.padding) for one in accounting.types(WHOLE, SAY)
    }
    assert found["message/rfc822"] == (3, 700, 0, 0, 0)
    assert found["application/zip"] == (1, 0, 50, 0, 0)
    assert found["text/plain"] == (1, 0, 0, 60, 0)
    assert found["application/mbox"] == (1, 0, 0, 0, 10)


def test_what_is_not_named_is_one_row_and_nothing_is_lost() -> None:
    many = line(*[share(State.UNREAD, n, f"zip.x{n}", f"image/{n}") for n in range(1, 40)])
    why, types = accounting.reasons(many, SAY), accounting.types(many, SAY)
    assert len(why) == len(types) == accounting.SHOWN + 1
    assert sum(one.size for one in why) == sum(one.unread for one in types) == many.size
    assert why[-1].reason == types[-1].type == "27 others"


def test_the_answer_has_a_sentence_only_where_bytes_were_not_read() -> None:
    assert accounting.sentence([line(share(State.PARSED, 5)), line(share(State.SKIPPED, 9))], SAY) == ""
    assert accounting.sentence([WHOLE, line(share(State.PARSED, 1000))], SAY) == (
        "230 bytes of the 2.0 kB of the source files (11.5 %) were not read."
    )


def test_what_does_not_add_up_is_said() -> None:
    assert list(accounting.doubts(WHOLE, SAY)) == []
    odd = line(share(State.PARSED, 5), difference=-2, shared=3, excess=1, unrecorded=4)
    said = list(accounting.doubts(odd, SAY))
    assert len(said) == 4 and "by 2 bytes: this is an error of this program" in said[0]
    assert "3 bytes are claimed by several items" in printed(odd)
    total = accounting.total([odd, odd])
    assert (total.size, total.difference, total.shared, total.unrecorded) == (10, -4, 6, 8)


def test_all_sources_together_are_the_sum() -> None:
    total = accounting.total([WHOLE, WHOLE])
    assert (total.size, total.files) == (2000, 2)
    assert accounting.states(total) == {state: 2 * size for state, size in accounting.states(WHOLE).items()}
    assert accounting.total([]).size == 0


def test_text_of_the_evidence_is_shown_with_its_control_characters() -> None:
    text = printed(line(share(State.UNREAD, 5, "a.b", "image/\x1b[31m"), source="leak\x1b]0;x\x07[bold]"))
    assert "\x1b" not in text and "\x07" not in text and "[bold]" in text


def test_a_file_that_is_begun_says_so() -> None:
    (row,) = accounting.reasons(line(share(State.UNREAD, 5)), SAY)
    assert row.reason == "not read yet: the scan was stopped"
