from forensics.model.summary import SignedMails
from forensics.report.pictures.signers import LEFT, WIDTH, picture


def test_a_bar_is_parted_by_what_is_known() -> None:
    drawn = picture([SignedMails(domain="one.example", year="2016", signed=10, opened=6, authenticated=4)])
    (cell,) = drawn.cells
    assert cell.authenticated + cell.opened + cell.closed <= WIDTH - LEFT
    assert (cell.opened / cell.authenticated, cell.closed / cell.authenticated) == (0.5, 1.0)


def test_what_is_not_drawn_is_counted() -> None:
    years = [SignedMails(domain="one.example", year=str(year), signed=2) for year in range(2000, 2020)]
    drawn = picture([*years, SignedMails(domain="one.example", year="", signed=3)])
    assert [label for _, label in drawn.years] == [str(year) for year in range(2005, 2020)]
    assert drawn.left_out == 5 * 2 + 3
    assert (drawn.rows[0].signed, drawn.rows[0].years) == (43, "2000\N{EN DASH}2019")


def test_no_mail_no_picture() -> None:
    assert picture([]) is None
