"""A list that puts itself into From writes in the names, and with the programs, of all its authors."""

from typing import Any

import pytest

LIST = "board@lists.a.example"


def mail(number: int, sender: str, more: str = "") -> tuple[str, bytes]:
    day = f"{1 + number % 28:02} {('Jan', 'Feb', 'Mar')[number // 28]} 2017"
    head = f"From: {sender}\nTo: {LIST}\nSubject: Minutes {number}\nDate: {day} 10:00:00 +0000\n{more}"
    return f"{number}.eml", f"{head}Message-ID: <{number}@a.example>\n\nText {number}.\n".encode()


@pytest.mark.parametrize(("listed", "told"), [("", True), (f"List-Id: <{LIST.replace('@', '.')}>\n", False)])
def test_its_address_is_no_authors(archive: Any, listed: str, told: bool) -> None:
    di = [mail(n, f"Di Low via board <{LIST}>", listed) for n in range(20)]
    anna = [mail(20 + n, "Anna Roe <anna@b.example>", listed) for n in range(6)]
    one = mail(30, f"Anna Roe via board <{LIST}>", f"{listed}Reply-To: anna@b.example\n")
    judged = archive([*di, *anna, one])
    assert judged.by("case.name_of_another") == ({"30.eml": "known_address"} if told else {})
    assert judged.by("case.reply_elsewhere") == ({"30.eml": "other_person"} if told else {})
