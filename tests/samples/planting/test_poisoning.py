import re
from dataclasses import replace
from random import Random

import pytest

from samples.planting.archive import Archive, Stored, store
from samples.planting.hand import Entry
from samples.planting.mail import Mail
from samples.planting.poisoning import LAUNDERERS, OTHERS
from samples.planting.scenarios import SCENARIOS
from samples.planting.stamps import STAMP, wall
from tests.samples.planting.conftest import PEOPLE, plain


def stored(number: int, *, path: str = "", **changed: str) -> Stored:
    data = plain(number).replace(b"\n\nHello", b"\n".join([b"", *[v.encode() for v in changed.values()], b"\nHello"]))
    found = store(path or f"{number}.eml", data)
    assert found is not None
    return found


@pytest.fixture
def plain_archive() -> Archive:
    return Archive(tuple([stored(number) for number in range(24)]))


def of(entries: tuple[Entry, ...], operation: str, kind: str = "taint") -> list[Mail]:
    return [Mail.parse(one.data) for one in entries if one.operation == operation and one.kind == kind]


def wrong_weekday(mail: Mail) -> bool:
    found = STAMP.search(mail.value("Date"))
    assert found is not None
    day = wall(found)
    assert day is not None
    return f"{day:%a}" != found["weekday"]


@pytest.mark.parametrize("name", ["laundering", "laundering_replies", "laundering_signed"])
def test_thirty_share_the_fault_of_one(plain_archive: Archive, name: str) -> None:
    leak = SCENARIOS[name](plain_archive, Random(1), 1)
    (first,), others = of(leak.entries, "L-01"), of(leak.entries, "L-02")
    assert len(others) == LAUNDERERS
    assert all(wrong_weekday(mail) for mail in (first, *others))
    assert {mail.value("From") for mail in others} == {first.value("From")}
    assert len({mail.value("Message-ID") for mail in (first, *others)}) == LAUNDERERS + 1
    ids = [re.findall(r"\bid (\S+);", mail.value("Received"))[0] for mail in (first, *others)]
    assert len(set(ids)) == LAUNDERERS + 1
    signed = [mail.value("DKIM-Signature") for mail in others]
    assert all(signed) if name == "laundering_signed" else not any(signed)
    assert leak.keys == (), "the forger's key is in no file"
    answers = of(leak.entries, "L-03")
    named = {mail.value("In-Reply-To") for mail in answers}
    assert named == ({mail.value("Message-ID") for mail in others} if name == "laundering_replies" else set())
    clean = {entry.data for entry in leak.entries if not entry.kind}
    assert len(clean) == len(plain_archive.mails) - 1


def test_a_flood_stays_below_a_fifth(plain_archive: Archive) -> None:
    leak = SCENARIOS["flood"](plain_archive, Random(1), 1)
    flood = of(leak.entries, "F-01")
    assert flood and len(flood) * 5 < len(leak.entries)
    assert all(wrong_weekday(mail) for mail in flood)
    assert len({mail.value("From") for mail in flood}) == len(flood)


def test_neighbours_stand_beside_signed_mails(plain_archive: Archive) -> None:
    answered = [stored(40 + at, answer=f"In-Reply-To: <gone{at}@else.example>") for at in range(3)]
    lonely = replace(stored(50), data=plain(50).replace(PEOPLE[50 % 3].encode(), b"Zoe <zoe@only.example>"))
    lonely = replace(lonely, sender="zoe@only.example", sender_field="Zoe <zoe@only.example>")
    archive = Archive((*plain_archive.mails, *answered, lonely), seed="s")
    leak = SCENARIOS["neighbours"](archive, Random(1), 1)
    genuine = {name: of(leak.entries, name, "sham") for name in ("N-01", "N-02", "N-03", "N-04")}
    planted = {name: of(leak.entries, name) for name in genuine}
    assert [len(found) for found in genuine.values()] == [1, 1, 1, 1]
    assert [len(found) for found in planted.values()] == [1, 1, 1, OTHERS]
    for name, (mail,) in genuine.items():
        domain = mail.value("From").rpartition("@")[2].strip(">")
        assert f"d={domain};" in mail.value("DKIM-Signature")
        assert domain in {key.domain for key in leak.keys}, name
        assert not any(one.value("DKIM-Signature") for one in planted[name])
    assert planted["N-01"][0].value("Message-ID") == genuine["N-01"][0].value("Message-ID")
    assert planted["N-02"][0].value("Received") == genuine["N-02"][0].value("Received")
    assert planted["N-03"][0].value("Message-ID") == genuine["N-03"][0].value("In-Reply-To")
    assert {one.value("From") for one in planted["N-04"]} == {genuine["N-04"][0].value("From")}


def test_an_archive_without_a_fit_mail_is_told() -> None:
    leak = SCENARIOS["laundering"](Archive(()), Random(1), 1)
    assert (leak.entries, leak.lacking) == ((), {"L-01": 1})
