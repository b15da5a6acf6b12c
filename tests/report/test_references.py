from forensics.report.references import published


def test_numbers_of_notes_that_no_reader_has_are_left_out() -> None:
    assert published(("RFC 5322 3.3", "kb:D-01", "kb:O-19")) == ["RFC 5322 3.3"]
    assert published(("kb:D-01",)) == []
