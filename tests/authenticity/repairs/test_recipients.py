"""Lists of names: how they are taken apart, and the mark of a server that wrote them anew."""

import time

import pytest

from forensics.authenticity.repairs.recipients import MOST_NAMES, boxes_in, edited, is_rewritten, orders
from tests.authenticity.repairs.made import mail


@pytest.mark.parametrize(
    ("body", "boxes"),
    [
        (b' "Ek, Ada" <a@b>,\n c@d ,E <e@f>\n', [b'"Ek, Ada" <a@b>', b"c@d", b"E <e@f>"]),
        (b' "open, a@b', [b'"open', b"a@b"]),
        (b"", []),
    ],
)
def test_mailboxes_as_they_are_written(body: bytes, boxes: list[bytes]) -> None:
    assert boxes_in(body) == boxes


def test_a_long_field_is_taken_apart_in_time() -> None:
    start = time.process_time()
    boxes_in(b'"' * 19_000)
    boxes_in(b'",' * 9_000)
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("here", "marked"),
    [
        (mail(b"", Cc=None, bottom="List-Id: <a.b>\nCc: a@b\n"), True),
        (mail(b"", bottom="List-Id: <a.b>\n"), False),
        (mail(b"", bottom="List-Id: <a.b>\nCc: a@b\n"), False),
        (mail(b"", Cc=None), False),
    ],
)
def test_the_mark_of_a_list(here, marked: bool) -> None:
    assert is_rewritten(here.fields) is marked


def test_orders_and_forms() -> None:
    found = {b", ".join(names) for names in orders([b"A <a@b>", b"c@d"], [b"e@f", b"g@h"])}
    for written in (b'c@d, "A" <a@b>', b"<c@d>, A <a@b>", b"e@f, c@d, A <a@b>", b"g@h, e@f, c@d, A <a@b>"):
        assert written in found
    assert not list(orders([b"x"] * (MOST_NAMES + 1), []))


def test_one_less_and_one_more() -> None:
    found = [b", ".join(names) for names in edited([b"a", b"b"], [b"c"])]
    assert found == [b"b", b"a", b"c, a, b", b"a, c, b", b"a, b, c"]
