import pytest

from forensics.relations.absent import time_of_id


@pytest.mark.parametrize(
    ("text", "time", "scheme"),
    [
        ("20170102091500.4711-1-ana@a.example", "2017-01-02T09:15:00Z", "git send-email"),
        ("CAF0aB1cDeF@mail.a.example", "", ""),
        ("", "", ""),
    ],
)
def test_an_id_tells_its_time_where_its_form_is_known(text: str, time: str, scheme: str) -> None:
    assert time_of_id(text) == (time, scheme)


def test_a_local_time_has_no_zone() -> None:
    assert time_of_id("Pine.LNX.4.21.0103051015300.1234-100000@a.example") == ("2001-03-05T10:15:30", "Pine")
