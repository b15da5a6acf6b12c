import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from forensics.parsers import _canonical_xml as canonical
from forensics.parsers._canonical_xml import DEFAULT, FORMS, Canonical, Form, NotCanonical

EXCLUSIVE = FORMS["http://www.w3.org/2001/10/xml-exc-c14n#"]
COMMENTS = FORMS["http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments"]
LATER = FORMS["http://www.w3.org/2006/12/xml-c14n11"]

# The examples of Exclusive XML Canonicalization 1.0, section 2.2: an element within two envelopes.
FIRST = (
    b'<n0:local xmlns:n0="foo:bar" xmlns:n3="ftp://example.org"><n1:elem2 xmlns:n1="http://example.net" xml:lang="en">'
    b'<n3:stuff xmlns:n3="ftp://example.org"/></n1:elem2></n0:local>'
)
SECOND = (
    b'<n2:pdu xmlns:n1="http://example.com" xmlns:n2="http://foo.example" xml:lang="fr" xml:space="retain">'
    b'<n1:elem2 xmlns:n1="http://example.net" xml:lang="en"><n3:stuff xmlns:n3="ftp://example.org"/></n1:elem2></n2:pdu>'
)
SAME = b'<n1:elem2 xmlns:n1="http://example.net" xml:lang="en"><n3:stuff xmlns:n3="ftp://example.org"></n3:stuff></n1:elem2>'


def test_an_element_alone_has_the_namespaces_around_it() -> None:
    assert Canonical(FIRST).element(1, DEFAULT) == (
        b'<n1:elem2 xmlns:n0="foo:bar" xmlns:n1="http://example.net" xmlns:n3="ftp://example.org" xml:lang="en">'
        b"<n3:stuff></n3:stuff></n1:elem2>"
    )


def test_its_exclusive_form_is_the_same_in_every_envelope() -> None:
    assert Canonical(FIRST).element(1, EXCLUSIVE) == SAME
    assert Canonical(SECOND).element(1, EXCLUSIVE) == SAME
    assert b'xmlns:n0="foo:bar"' in Canonical(FIRST).element(1, EXCLUSIVE, ("n0",))
    default = b'<a xmlns="u:1"><p:b xmlns:p="u:2"/></a>'
    assert Canonical(default).element(1, EXCLUSIVE) == b'<p:b xmlns:p="u:2"></p:b>'
    with pytest.raises(NotCanonical, match="default namespace"):
        Canonical(default).element(1, EXCLUSIVE, ("#default",))


@pytest.mark.parametrize("form", [DEFAULT, LATER])
def test_inherited_attributes_are_not_guessed(form: Form) -> None:
    with pytest.raises(NotCanonical, match="xml:"):
        Canonical(SECOND).element(1, form)
    assert Canonical(SECOND).element(0, form).startswith(b"<n2:pdu xmlns:n1=")


def test_comments_count_only_where_they_are_asked_for() -> None:
    data = b"<?xml version='1.0'?><!-- a --><r b=\"2\" a='1'><!-- c --><x/>\r\n</r>"
    assert Canonical(data).element(0, DEFAULT) == b'<r a="1" b="2"><x></x>\n</r>'
    assert Canonical(data).element(0, COMMENTS) == b'<r a="1" b="2"><!-- c --><x></x>\n</r>'
    assert Canonical(data).document(COMMENTS).startswith(b"<!-- a -->\n<r ")


def test_names_that_are_written_alike_are_kept_apart() -> None:
    data = b'<a xmlns="u:1" xmlns:p="u:1"><p:b><b xmlns=""><c y="&lt;&quot;&amp;&#9;"/></b></p:b></a>'
    assert Canonical(data).element(1, DEFAULT) == (
        b'<p:b xmlns="u:1" xmlns:p="u:1"><b xmlns=""><c y="&lt;&quot;&amp;&#x9;"></c></b></p:b>'
    )
    assert Canonical(data).element(2, DEFAULT) == b'<b xmlns:p="u:1"><c y="&lt;&quot;&amp;&#x9;"></c></b>'


@pytest.mark.parametrize(
    "data",
    [
        b'<!DOCTYPE r [<!ENTITY e "x">]><r>&e;</r>',
        b'<!DOCTYPE r SYSTEM "http://example.test/r.dtd"><r/>',
        b"<r><x></r>",
        b"",
        b'<?xml version="1.0" encoding="x-none"?><r/>',
        b"<a" * 300 + b"/>",
    ],
)
def test_what_has_no_canonical_form_says_so(data: bytes) -> None:
    with pytest.raises(NotCanonical):
        Canonical(data)


def test_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canonical, "MAX_ELEMENTS", 2)
    assert Canonical(b"<r><x/></r>").element(1, DEFAULT) == b"<x></x>"
    with pytest.raises(NotCanonical, match="elements"):
        Canonical(b"<r><x/><x/></r>").element(1, DEFAULT)
    monkeypatch.setattr(canonical, "MAX_BYTES", 10)
    with pytest.raises(NotCanonical, match="bytes"):
        Canonical(b"<r><x/></r>")


NAMES = st.sampled_from(["a", "p:a", "q:b"])
SPACES = st.dictionaries(st.sampled_from(["", "p", "q"]), st.sampled_from(["u:1", "u:2"]))


@st.composite
def trees(draw: st.DrawFn, depth: int = 0) -> str:
    """An element that declares the prefixes that it needs, and perhaps more."""
    name, spaces = draw(NAMES), draw(SPACES)
    if depth == 0:
        spaces = {"p": "u:1", "q": "u:2", **spaces}
    declared = "".join([f' xmlns{":" + one if one else ""}="{uri}"' for one, uri in spaces.items()])
    below = draw(st.lists(trees(depth=depth + 1), max_size=2)) if depth < 3 else []
    return f'<{name}{declared} p:x="1">{"".join(below)}t</{name}>'


@given(trees())
@settings(max_examples=60, deadline=None)
def test_the_form_of_an_element_is_that_of_a_document_that_is_it(tree: str) -> None:
    data = tree.encode()
    root = etree.fromstring(data)
    for position, element in enumerate(root.iter()):
        cut = Canonical(data).element(position, DEFAULT)
        again = etree.fromstring(cut)
        assert etree.tostring(again.getroottree(), method="c14n") == cut
        assert again.nsmap == {key: uri for key, uri in element.nsmap.items() if uri}
        assert [one.tag for one in again.iter()] == [one.tag for one in element.iter()]


@given(st.binary(max_size=80) | st.text(alphabet="<>/ab=\"' &;!-[]?x:", max_size=60).map(str.encode))
@settings(max_examples=150, deadline=None)
def test_any_bytes_have_a_form_or_none(data: bytes) -> None:
    try:
        found = Canonical(data)
        found.element(0, DEFAULT)
        found.document(EXCLUSIVE)
    except NotCanonical:
        pass
