"""Messages of a store take as many bytes of it as they have, and none of others nor of padding."""

from types import SimpleNamespace

import msgspec

from forensics.model.accounts import State
from forensics.model.locations import Location, Step, StepKind
from forensics.model.rows.occurrences import AccountRow
from forensics.reader.accounting import account_of
from tests.parsers.store import pst_builder
from tests.reader.accounting.conftest import Source, assert_sums


def test_items_of_a_store_take_as_many_bytes_as_they_have(source: Source) -> None:
    source.put("mails.pst", pst_builder.small().built())
    line = source.account()
    stored = sum(share.size for share in line.shares if share.media_type == "application/x-outlook-stored-message")
    assert 4_000 < stored < line.sums.parsed and line.sums.padding > 10_000
    assert sum(share.size for share in line.shares if share.state is State.UNREAD) == 256 * 200  # an attachment
    assert not line.shared and not line.excess


def picked(size: int, status: str, *steps: Step, **accounts: int) -> SimpleNamespace:
    """A place below a file of 1000 bytes that is no mail."""
    location = Location(steps=(Step(kind=StepKind.FILE, name="a.pst", start=0, end=1000, source="s"), *steps))
    rows = [{"kind": kind, "reason": "what", "size": many} for kind, many in accounts.items()]
    return SimpleNamespace(
        location=msgspec.json.encode(location).decode(),
        size=size,
        status=status,
        reason="engine.no_parser" if status == "unread" else "",
        media_type=steps[-1].name if steps else "store",
        extension_type="",
        accounts=[msgspec.convert(row, AccountRow) for row in rows],
    )


def test_what_is_picked_from_all_of_a_store_takes_no_bytes_of_others_nor_of_padding() -> None:
    node = [Step(kind=StepKind.NODE, name=name, start=0, end=1000, decoder=f"pst-node/1:{name}") for name in ("a", "b")]
    file = Step(kind=StepKind.STREAM, name="file", start=20, end=120)
    mails = picked(100, "parsed", node[0]), picked(200, "partial", node[1], unread=50, stored=30)
    places = picked(100, "unread", node[1], file), *mails, picked(1000, "parsed", padding=400)
    line = account_of("s", sorted(places, key=lambda place: place.location))
    assert_sums(line, 1000)
    assert (line.shared, line.excess) == (0, 0)
    of = {(share.state, share.media_type): share.size for share in line.shares}
    assert of == {
        (State.PARSED, "store"): 270,
        (State.PADDING, "store"): 400,
        (State.PARSED, "a"): 100,
        (State.PARSED, "b"): 50,
        (State.PARTIAL, "b"): 80,
        (State.UNREAD, "file"): 100,
    }


def test_what_is_picked_from_a_store_counts_in_proportion_where_it_has_fewer_bytes() -> None:
    node = Step(kind=StepKind.NODE, name="a", start=0, end=1000, decoder="pst-node/1:a")
    places = [picked(4000, "partial", node, unread=1000), picked(1000, "parsed", padding=600)]
    line = account_of("s", sorted(places, key=lambda place: place.location))
    assert_sums(line, 1000)
    assert (line.sums.parsed, line.sums.partial, line.sums.padding, line.shared) == (300, 100, 600, 0)
