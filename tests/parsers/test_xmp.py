from forensics.model.facts import Description
from forensics.parsers import _xmp
from forensics.parsers._gathering import Gathering, Layer

HEAD = (
    b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'"
    b" xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmlns:mm='http://ns.adobe.com/xap/1.0/mm/'"
    b" xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:ev='http://ns.adobe.com/xap/1.0/sType/ResourceEvent#'"
    b" xmlns:ref='http://ns.adobe.com/xap/1.0/sType/ResourceRef#'>"
)
TAIL = b"</rdf:RDF></x:xmpmeta>"


def gathered(body: bytes, lead: bytes = b"", tail: bytes = b"") -> tuple[Gathering, dict[str, object], bytes]:
    gathering = Gathering("test")
    data = lead + HEAD + body + TAIL + tail
    found = _xmp.gather(gathering, Layer(data, base=100), "xmp:x", 1_000_000)
    for fact in (*gathering.properties, *gathering.timestamps):
        ((start, end),) = fact.locator.ranges
        assert data[start - 100 : end - 100] == fact.raw
    return gathering, dict(found), data


def values(gathering: Gathering) -> list[tuple[str, str, str]]:
    return [(fact.name, fact.value, fact.locator.path) for fact in gathering.properties]


def test_attributes_elements_and_lists() -> None:
    body = (
        b"<rdf:Description rdf:about='' xmp:CreatorTool='Tool 1' mm:DocumentID='uuid:1'>"
        b"<dc:creator><rdf:Seq><rdf:li>Ada</rdf:li><rdf:li>Cem</rdf:li></rdf:Seq></dc:creator>"
        b"<dc:title><rdf:Alt><rdf:li xml:lang='x-default'>Plan</rdf:li></rdf:Alt></dc:title>"
        b"<xmp:CreateDate>2017-03-06</xmp:CreateDate><xmp:Rating>4</xmp:Rating></rdf:Description>"
    )
    gathering, found, _ = gathered(body, b"\n ", b"  \n\0\0")
    assert values(gathering) == [
        ("xmp.creator_tool", "Tool 1", "xmp:x#xmp:CreatorTool"),
        ("xmp.document_id", "uuid:1", "xmp:x#xmpMM:DocumentID"),
        ("xmp.creator", "Ada", "xmp:x#dc:creator[0]"),
        ("xmp.creator", "Cem", "xmp:x#dc:creator[1]"),
        ("xmp.title", "Plan", "xmp:x#dc:title[0]"),
    ]
    assert list(found) == ["xmp:CreateDate"]
    assert gathering.timestamps[0].owner == "Tool 1"


def test_history_and_ancestors() -> None:
    body = (
        b"<rdf:Description><mm:DerivedFrom ref:documentID='uuid:0' ref:instanceID='iid:0'/><mm:History><rdf:Seq>"
        b"<rdf:li ev:action='created' ev:when='2017-03-05T08:00:00Z' ev:softwareAgent='Tool 1'/>"
        b"<rdf:li rdf:parseType='Resource'><ev:action>saved</ev:action><ev:when>2017-03-06T08:00:00Z</ev:when></rdf:li>"
        b"<rdf:li><rdf:Description ev:action='converted'/></rdf:li></rdf:Seq></mm:History></rdf:Description>"
    )
    gathering, found, _ = gathered(body)
    assert found == {}
    assert [fact.value for fact in gathering.properties] == [
        "uuid:0",
        "iid:0",
        "created",
        "Tool 1",
        "saved",
        "converted",
    ]
    assert [(stamp.description, stamp.locator.path) for stamp in gathering.timestamps] == [
        (Description.RECORDED, "xmp:x#xmpMM:History[0]/stEvt:when"),
        (Description.RECORDED, "xmp:x#xmpMM:History[1]/stEvt:when"),
    ]


def test_long_histories_are_cut_with_a_notice() -> None:
    body = b"<rdf:Description><mm:History><rdf:Seq>%s</rdf:Seq></mm:History></rdf:Description>"
    gathering, _, _ = gathered(body % (b"<rdf:li ev:action='saved'/>" * (_xmp.MAX_ENTRIES + 1)))
    assert len(gathering.properties) == _xmp.MAX_ENTRIES
    assert [notice.code for notice in gathering.notices] == ["test.xmp_limit"]


def test_two_byte_packets() -> None:
    gathering = Gathering("test")
    body = HEAD + b"<rdf:Description><xmp:CreateDate>2017-03-06</xmp:CreateDate></rdf:Description>" + TAIL
    data = (b"<?xpacket begin=''?>" + body).decode().encode("utf-16-be")
    _xmp.gather(gathering, Layer(data), "xmp:x", 1_000_000)
    assert gathering.timestamps[0].raw == "2017-03-06".encode("utf-16-be")


def test_what_is_no_packet() -> None:
    gathering = Gathering("test")
    assert _xmp.gather(gathering, Layer(b"<x/>"), "xmp:x", 100) == {}
    assert _xmp.gather(gathering, Layer(b"  "), "xmp:x", 100) == {}
    assert [notice.code for notice in gathering.notices] == ["xml.malformed"]
