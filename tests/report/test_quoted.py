"""The mails that a mail quotes, a line each."""

from pathlib import Path

import pytest

import forensics
from forensics.report import quoted

MAIL = b"""From: Bo Roe <bo@example.org>\r\nSubject: Re: Minutes\r\nDate: Wed, 30 Apr 2025 09:00:00 +0200\r\n\r\n\
On Tue, Apr 29, 2025 at 10:11:12AM +0200, Anna Roe wrote:\r\n> Dear all,\r\n\
> Cy Roe <cy@example.org> writes:\r\n> > A\r\n\
"""


@pytest.mark.usefixtures("in_process")
def test_show_tells_what_a_mail_quotes(tmp_path: Path) -> None:
    (tmp_path / "leak").mkdir()
    (tmp_path / "leak" / "1.eml").write_bytes(MAIL)
    forensics.scan(tmp_path / "leak", tmp_path / "case")
    (shown,) = forensics.show(tmp_path / "case", "1.eml")
    first, second = shown.quoted
    assert (first.name, first.style, first.depth, first.index) == ("Anna Roe", "mutt", 0, 0)
    assert (second.address, second.date, second.depth) == ("cy@example.org", None, 1)
    first_line, second_line = quoted.lines(shown.quoted).renderables
    assert str(first_line) == "Quotes, at depth 1: 2025-04-29T10:11:12+02:00; Anna Roe"
    assert str(second_line) == "Quotes, at depth 2: no time; Cy Roe <cy@example.org>"
