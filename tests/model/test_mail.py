"""What is worked out once of a message is what a look through all of it finds."""

from forensics.examples.mails import id_time, message
from forensics.model.items import Limits
from forensics.model.time_kinds import TimeKind
from forensics.parsers.mail.mime import Reader

RAW = b"To: a@a.example\r\nX : 1\r\n 2\r\nto:\r\njunk\r\nX:\r\nSubject: : :\r\n\r\nbody"


def test_fields_by_name_keep_their_order() -> None:
    root = Reader(RAW, b"\n", Limits()).message(len(RAW))
    assert list(root.by_key) == ["to", "x", "", "subject"]
    for key, fields in root.by_key.items():
        assert fields == [field for field in root.headers if field.key == key]
        assert root.first(key) is fields[0]
    assert root.first("cc") is None


def test_times_by_kind_and_stamps_that_are_instants() -> None:
    found = message(
        hops=[("a.example", "2017-03-06T09:00:00+00:00"), ("b.example", "2017-03-06T09:05:00")],
        ids=[id_time("10:00:00", "Gmail"), id_time("09:59:00", "Exim")],
    )
    for kind in TimeKind:
        assert list(found.by_kind.get(kind, ())) == [stamp for stamp in found.timestamps if stamp.kind is kind]
    assert [len(found.by_kind[kind]) for kind in (TimeKind.HOP, TimeKind.MESSAGE_ID)] == [2, 2]
    assert [(hop.by, stamp is hop.time, at == stamp.instant) for hop, stamp, at in found.stamped] == [
        ("a.example", True, True)
    ]
