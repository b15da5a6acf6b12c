import pytest

from forensics.parsers.document._part_names import plain, resolved

TARGETS = (
    "./docProps/core.xml",
    "/./docProps/core.xml",
    "docProps/./core.xml",
    "word/../docProps/core.xml",
    "../docProps/core.xml",
    "docProps\\core.xml",
    "\\docProps\\core.xml",
    "//docProps/core.xml",
    "file:///docProps/core.xml",
    "file:/docProps/core.xml",
    "FILE://localhost/docProps/core.xml",
    "pack://application%2c%2c%2c/docProps/core.xml",
    "docProps/core%2Exml",
    "doc%50rops/core.xml",
    "DOCPROPS/Core.XML",
    " docProps/core.xml ",
    "docProps/core.xml#part",
    "docProps/core.xml?x=1",
)


@pytest.mark.parametrize("target", TARGETS)
def test_targets_that_lead_to_the_core_properties(target: str) -> None:
    assert resolved(target) == b"docprops/core.xml"


@pytest.mark.parametrize("target", ["https://example.org/core.xml", "mailto:a@x.example", "", "#part", "..", "file://"])
def test_targets_that_lead_to_no_part(target: str) -> None:
    assert resolved(target) is None


def test_a_drive_of_the_writer_is_no_folder_of_the_package() -> None:
    assert resolved("file:///C:/letters/docProps/core.xml") == b"c:/letters/docprops/core.xml"
    assert resolved("C:\\work\\docProps\\core.xml") is None


@pytest.mark.parametrize(
    "name", [b"./docProps/core.xml", b"docProps\\core.xml", b"/DocProps//CORE.xml", b"docProps/core%2exml"]
)
def test_equal_names_have_one_spelling(name: bytes) -> None:
    assert plain(name) == b"docprops/core.xml"


def test_bytes_outside_ascii_are_kept() -> None:
    assert plain(b"docProps/\xc3\x84.xml") == plain(b"docProps/%C3%84.xml") == b"docprops/\xc3\x84.xml"
