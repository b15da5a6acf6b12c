import pytest

from forensics.parsers.mail.tag_lists import read_tags, values


def test_tag_list() -> None:
    body = b" v=1; a=rsa-sha256 ;\r\n\th=From : To; b=ab\r\n cd; broken; a=second"
    assert values(read_tags(body)) == {b"v": b"1", b"a": b"rsa-sha256", b"h": b"From : To", b"b": b"ab\r\n cd"}


@pytest.mark.parametrize("body", [b"", b";", b"a=1;b = 2;", b" x\t=;=;y==;;z"])
def test_a_tag_stands_where_it_says(body: bytes) -> None:
    tags = read_tags(body)
    assert len(tags) == sum(b"=" in piece for piece in body.split(b";"))
    for tag in tags:
        assert body[tag.start :].startswith(tag.value)
        assert body[: tag.start].rpartition(b";")[2].removesuffix(b"=").strip() == tag.name
        assert tag.start + len(tag.value) in (len(body), body.find(b";", tag.start))
