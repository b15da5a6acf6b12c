from forensics.authenticity.repairs.dates import originals_of_date

STAMP = b"from a.example by mx.example with ESMTP id 1; Tue, 14 Mar 2017 10:22:02 +0100"


def test_the_second_that_the_first_server_names_is_tried_in_the_form_that_stands_here() -> None:
    fields = {"date": [b" Mon, 14 Nov 2016 10:21:58 +0100 (CET)"], "received": [STAMP]}
    tried = list(originals_of_date(fields))
    assert tried[0] == b"Tue, 14 Mar 2017 10:22:02 +0100 (CET)"
    assert b"Tue, 14 Mar 2017 10:21:58 +0100 (CET)" in tried


def test_the_time_of_signing_comes_first() -> None:
    signature = b"v=1; a=rsa-sha256; t=1489483320; b=abc"
    fields = {"date": [b"Mon, 5 Dec 2016 9:00:00 GMT"], "dkim-signature": [signature], "received": [STAMP]}
    assert next(originals_of_date(fields)) == b"Tue, 14 Mar 2017 09:22:00 GMT"


def test_a_day_of_one_digit_in_both_forms_and_the_form_here_first() -> None:
    fields = {"date": [b"4 Mar 2017 10:00:00 +0000"], "received": [STAMP.replace(b"14 Mar", b"04 Mar")]}
    assert next(originals_of_date(fields)).startswith(b"4 Mar 2017 09:22:02")
    assert any(one.startswith(b"04 Mar") for one in originals_of_date(fields))


def test_forms_that_are_no_date_give_nothing() -> None:
    for here in ([b"yesterday"], [], [STAMP, STAMP], [b"Tue, 14 Mar 2017"]):
        assert list(originals_of_date({"date": here, "received": [STAMP]})) == []
    hostile = {"date": [b"Tue, 14 Mar 2017 10:22:02 +9999"], "dkim-signature": [b"t=9999999999999"], "received": [b";"]}
    assert list(originals_of_date(hostile)) == []
