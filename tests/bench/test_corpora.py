import io
import tarfile
from hashlib import sha256
from pathlib import Path

import pytest

from tests.bench.corpora import HYPERV, OTHERS, Lists, build, grown, grown_names, size_of, write

THREADS, IN_A_THREAD = 5, 4
SIGNED = b"DKIM-Signature: v=1; b=AAAA\n"


def _mail(name: str, thread: int, number: int, size: int = 0) -> bytes:
    first, own = [sha256(f"{name} {thread} {place}".encode()).hexdigest() + "@b.example" for place in (0, number)]
    answers = f"References: <{first}>\n".encode() if number else b""
    header = f"Message-ID: <{own}>\nSubject: {name}\n".encode()
    return (SIGNED if number == 1 else b"") + answers + header + b"\n" + b"x" * size


@pytest.fixture
def lists(tmp_path: Path) -> Lists:
    for name in (HYPERV, *OTHERS):
        with tarfile.open(tmp_path / f"{name}.tar.xz", "w:xz") as archive:
            for thread in reversed(range(THREADS)):
                for number in range(IN_A_THREAD):
                    data = _mail(name, thread, number, 30_000 if (thread, number) == (0, 0) else 0)
                    member = tarfile.TarInfo(f"{name}/{thread}{number}.eml")
                    member.size = len(data)
                    archive.addfile(member, io.BytesIO(data))
    return Lists(tmp_path)


def test_signed_and_unsigned(lists: Lists) -> None:
    assert list(build("signed", lists)) == lists.mails(HYPERV)
    found = list(build("unsigned", lists))
    assert len(found) == len(OTHERS) * THREADS * (IN_A_THREAD - 1)
    assert not [mail for mail in found if SIGNED in mail]


def test_mails_stand_in_the_order_of_their_names(lists: Lists) -> None:
    assert lists.mails(HYPERV)[0] == _mail(HYPERV, 0, 0, 30_000)


def test_large_mails_are_repeated_and_never_twice_the_same(lists: Lists) -> None:
    found = list(build("large", lists))
    assert len(set(found)) == len(found) == 4_345
    assert {len(mail) // 1000 for mail in found} == {30}


@pytest.mark.parametrize("number", [4, 80, 100, 160, 192])
def test_grown_holds_so_many_mails_whole_copies_and_whole_threads(lists: Lists, number: int) -> None:
    whole = lists.mails(HYPERV, *OTHERS)
    found = list(grown(lists, number))
    assert len(set(found)) == len(found) == number
    assert number < len(whole) or found[: len(whole)] == whole
    last = found[number // len(whole) * len(whole) :]
    begun = [mail for mail in last if b"References:" not in mail]
    assert len(begun) * IN_A_THREAD == len(last)
    ids = {mail.partition(b"Message-ID: ")[2].partition(b"\n")[0] for mail in last}
    assert {mail.partition(b"References: ")[2].partition(b"\n")[0] for mail in last} - {b""} <= ids


def test_the_same_archives_give_the_same_mails(lists: Lists, tmp_path: Path) -> None:
    assert list(grown(lists, 100)) == list(grown(Lists(tmp_path), 100))


def test_files_lie_in_folders_of_a_bounded_size(lists: Lists, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.bench.corpora.IN_A_FOLDER", 3)
    assert write(lists.mails(HYPERV)[:7], tmp_path / "out") == 7
    found = sorted(path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*.eml"))
    assert [name[:3] for name in found] == ["000", "000", "000", "001", "001", "001", "002"]


@pytest.mark.parametrize(("name", "size"), [("n10k", 10_000), ("n1m", 1_000_000), ("signed", 0), ("n", 0)])
def test_a_name_says_how_many(name: str, size: int) -> None:
    assert size_of(name) == size


def test_grown_corpora_come_smallest_first(tmp_path: Path) -> None:
    for name in ("n1m", "n10k", "signed", "n100k"):
        (tmp_path / name).mkdir()
    assert [name for name, _ in grown_names(tmp_path)] == ["n10k", "n100k", "n1m"]
