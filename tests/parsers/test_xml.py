from hypothesis import given
from hypothesis import strategies as st

from forensics.model.items import Notice
from forensics.parsers._xml import MAX_DEPTH, MAX_ELEMENTS, Element, read

LIMIT = 1_000_000


def parsed(data: bytes) -> Element:
    root = read(data, "part", LIMIT)
    assert isinstance(root, Element)
    return root


def refused(data: bytes) -> str:
    notice = read(data, "part", LIMIT)
    assert isinstance(notice, Notice)
    return notice.code


def test_text_has_the_range_of_its_bytes() -> None:
    data = b'<?xml version="1.0"?>\r\n<a xmlns="urn:x">\n <b>one &amp; two</b><c/><d></d></a>'
    b, c, d = parsed(data).children
    assert (b.tag, b.local, b.namespace, b.value.text) == ("{urn:x}b", "b", "urn:x", "one & two")
    assert b.value.span is not None and data[slice(*b.value.span)] == b"one &amp; two"
    assert c.value.text == d.value.text == ""
    assert d.value.span is not None and data[slice(*d.value.span)] == b""


def test_comment_and_cdata_stand_in_the_range() -> None:
    data = b"<a>x<!-- n -->y<![CDATA[<z>]]></a>"
    root = parsed(data)
    assert root.value.text == "xy<z>"
    assert root.value.span is not None and data[slice(*root.value.span)] == b"x<!-- n -->y<![CDATA[<z>]]>"


def test_mixed_content_has_no_range() -> None:
    root = parsed(b"<a>x<b/>y</a>")
    assert root.value.text == "x" and root.value.span is None


def test_attributes_have_ranges_also_beside_namespaces() -> None:
    data = b"<a xmlns:p='urn:x' one = \"1\"\n p:one='2&gt;1' xmlns='urn:y'/>"
    values = parsed(data).attributes
    assert {name: value.text for name, value in values.items()} == {"one": "1", "{urn:x}one": "2>1"}
    spans = [value.span for value in values.values()]
    assert [data[slice(*span)] for span in spans if span] == [b"1", b"2&gt;1"]


def test_two_byte_characters() -> None:
    data = '<?xml version="1.0" encoding="UTF-16"?><a b="x">Ünï</a>'.encode("utf-16")
    root = parsed(data)
    assert root.value.text == "Ünï"
    assert root.value.span is not None and data[slice(*root.value.span)].decode("utf-16-le") == "Ünï"
    assert root.attributes["b"].text == "x" and root.attributes["b"].span is None


def test_document_types_are_refused_before_entities_are_read() -> None:
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;">]><a>&c;</a>'
    assert refused(bomb) == "xml.doctype"
    assert refused(b'<!DOCTYPE a SYSTEM "file:///etc/hostname"><a/>') == "xml.doctype"


def test_limits() -> None:
    assert refused(b"<a>" * (MAX_DEPTH + 1) + b"</a>" * (MAX_DEPTH + 1)) == "xml.limit"
    assert refused(b"<a>" + b"<b/>" * MAX_ELEMENTS + b"</a>") == "xml.limit"
    assert refused(b"<a>" + b" " * LIMIT + b"</a>") == "xml.limit"
    assert isinstance(read(b"<a>" * MAX_DEPTH + b"</a>" * MAX_DEPTH, "part", LIMIT), Element)


def test_broken_markup_is_told() -> None:
    for data in (b"", b"<a>", b"<a></b>", b"<a b=1/>", b"<a>&x;</a>", b"<p:a/>", b"\0<a/>", b"<a>\xff</a>"):
        assert refused(data) == "xml.malformed"
    assert refused(b'<?xml version="1.0" encoding="klingon"?><a/>') == "xml.malformed"


@given(st.binary(max_size=300))
def test_random_bytes(data: bytes) -> None:
    assert isinstance(read(data, "part", LIMIT), Element | Notice)


@given(st.binary(max_size=40), st.integers(0, 60))
def test_spliced_markup(data: bytes, at: int) -> None:
    sample = b"<a xmlns:p='urn:x'><p:b c='d'>text</p:b><e>more</e></a>"
    made = sample[:at] + data + sample[at:]
    root = read(made, "part", LIMIT)
    for element in root.walk() if isinstance(root, Element) else ():
        if element.value.span is not None and b"&" not in made and b"<!" not in made and b"<?" not in made:
            read_back = made[slice(*element.value.span)].decode().replace("\r\n", "\n").replace("\r", "\n")
            assert read_back == element.value.text
