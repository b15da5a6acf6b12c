from datetime import timedelta
from random import Random

import pytest

from samples.planting.archive import Archive, Stored, store
from samples.planting.bodyhash import tags
from samples.planting.hand import Hand
from samples.planting.keys import SigningKey, key_of
from samples.planting.mail import Mail
from samples.planting.operation import Plant
from samples.planting.operations import OPERATIONS, own_key
from tests.samples.planting.dns import verified

BY_ID = {operation.id: operation for operation in OPERATIONS}


def planted(archive: Archive, name: str) -> tuple[Stored, Plant]:
    for mail in archive.mails:
        made = BY_ID[name].plant(mail, archive, Random(7), False)
        if made is not None:
            return mail, made
    raise AssertionError(f"{name} suits no mail")


def mails(made: Plant) -> list[Mail]:
    return [Mail.parse(data) for data in (made.data, *made.more, *[data for _, data in made.also])]


@pytest.mark.parametrize(("name", "count"), [("S-05", 2), ("S-06", 2), ("S-07", 30), ("S-08", 30)])
def test_one_key_that_stands_in_no_file_signs_all_under_the_victims_domain(
    archive: Archive, name: str, count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[SigningKey] = []

    def kept(domain: str, seed: str) -> SigningKey:
        used.append(key_of(domain, seed))
        return used[-1]

    monkeypatch.setattr(own_key, "key_of", kept)
    stored, made = planted(archive, name)
    signed = mails(made)
    assert len(signed) == count and made.keys == ()
    signatures = [tags(mail.value("DKIM-Signature")) for mail in signed]
    assert {one["d"] for one in signatures} == {stored.sender.rpartition("@")[2]}
    assert {one["s"] for one in signatures} == {used[-1].selector}
    assert all(len(mail.all("DKIM-Signature")) == 1 for mail in signed)
    assert all(verified(mail, used[-1]) for mail in signed[:3])


def test_thirty_are_spread_over_three_senders_and_a_hundred_days(archive: Archive) -> None:
    _, made = planted(archive, "S-08")
    dated = [store("", data) for data in (made.data, *made.more)]
    dates = [one.date for one in dated if one and one.date]
    assert timedelta(days=99) < max(dates) - min(dates) < timedelta(days=101)
    assert len({one.sender for one in dated if one}) == 3
    assert len({one.message_id for one in dated if one}) == 30
    _, single = planted(archive, "S-07")
    assert len({store("", data).sender for data in (single.data, *single.more)}) == 1  # type: ignore[union-attr]


def test_altered_mails_change_one_line_each_in_place(archive: Archive) -> None:
    stored, made = planted(archive, "S-06")
    ((path, _),) = made.also
    other = next(mail for mail in archive.mails if mail.path == path)
    assert other.sender == stored.sender and path != stored.path
    for before, after in zip((stored, other), mails(made), strict=True):
        old, new = Mail.parse(before.data), after
        rows = zip(old.body.split(b"\n"), new.body.split(b"\n"), strict=True)
        assert sum(one != two for one, two in rows) == 1


def test_two_altered_mails_are_one_plant_and_neither_is_planted_again(archive: Archive) -> None:
    hand = Hand(archive, Random(3))
    assert hand.plant(BY_ID["S-06"], 3) == 0
    labelled = [entry for entry in hand.leak({}).entries if entry.kind]
    assert sorted([entry.key for entry in labelled]) == [f"S-06/{number}" for number in (0, 0, 1, 1, 2, 2)]
    assert not {entry.origin for entry in labelled} & {mail.path for mail in hand.free}
    assert len({entry.before for entry in labelled}) == 6


def test_mails_of_one_operation_are_planted_at_most_as_often_as_it_says(archive: Archive) -> None:
    assert {name: operation.most for name, operation in BY_ID.items() if operation.most} == {"S-07": 1, "S-08": 1}
