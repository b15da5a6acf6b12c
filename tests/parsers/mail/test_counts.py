import pytest

from forensics.model.items import Limits
from forensics.parsers.mail.fields import read_fields
from forensics.parsers.mail.mime import Reader


@pytest.mark.parametrize(
    ("field", "counts"),
    [
        (b"Lines: 2", [(2, 2, 2)]),
        (b"Lines: 20\r\nlines: 2", [(20, 2, 2), (2, 2, 2)]),
        (b"Content-Length: 12", [(12, 10, 12)]),
        (b"Lines: many", []),
        (b"Lines: 1234567890123", []),
    ],
)
def test_counts_of_the_body(field: bytes, counts: list[tuple[int, int, int]]) -> None:
    data = field + b"\r\n\r\none\r\nthree\r\n"
    root = Reader(data, b"\n", Limits()).message(len(data))
    found = read_fields(data, root, "", 1000).stated
    assert [(one.stated, one.least, one.most) for one in found] == counts
    assert [(one.written.value, one.written.raw) for one in found] == [
        (str(one.stated), raw.raw) for one, raw in zip(found, root.headers, strict=False)
    ]
    assert read_fields(data, root, "", 1000, whole=False).stated == [], "read in part"
