"""Geometry of the picture of signed mails: a row for each domain of senders, a column for each year."""

from collections.abc import Sequence

import msgspec

from forensics.model.summary import SignedMails

LEFT = 190.0
"""Room for names of domains."""
WIDTH = 720.0
ROW = 26.0
BAR = 18.0
_TOP = 22.0
_GAP = 3.0


class Cell(msgspec.Struct, frozen=True):
    """The signed mails of one domain and year: a bar that is parted by what is known of them, left to right."""

    x: float
    y: float
    authenticated: float
    """Width of the part of which the author's signature holds."""
    opened: float
    """Of the part that a key opens and that is not authenticated."""
    closed: float
    """Of the part that no key at hand opens."""
    mails: SignedMails


class Row(msgspec.Struct, frozen=True):
    """One domain, with all its years together."""

    domain: str
    y: float
    years: str
    signed: int
    opened: int
    authenticated: int


class Picture(msgspec.Struct, frozen=True):
    """The whole picture."""

    rows: tuple[Row, ...]
    cells: tuple[Cell, ...]
    years: tuple[tuple[float, str], ...]
    """Left end of each year's column, and its label; the last years where they do not all fit."""
    height: float
    left_out: int
    """Mails of years that are left of the picture, or that have none."""


def picture(mails: Sequence[SignedMails], most: int = 15) -> Picture | None:
    """Lay out signed mails by domain and year; ``None`` where there are none.

    Args:
        mails: in the order of their domains.
        most: years that are shown, the latest.
    """
    if not mails:
        return None
    years = sorted({one.year for one in mails if one.year})[-most:]
    pitch = (WIDTH - LEFT) / max(len(years), 1)
    columns = {year: LEFT + place * pitch for place, year in enumerate(years)}
    domains = list(dict.fromkeys(one.domain for one in mails))
    tops = {domain: _TOP + place * ROW for place, domain in enumerate(domains)}
    shown = [one for one in mails if one.year in columns]
    return Picture(
        rows=tuple([_row(domain, tops[domain], [one for one in mails if one.domain == domain]) for domain in domains]),
        cells=tuple([_cell(one, columns[one.year], tops[one.domain], pitch - _GAP) for one in shown]),
        years=tuple([(x, year) for year, x in columns.items()]),
        height=_TOP + len(domains) * ROW,
        left_out=sum(one.signed for one in mails if one.year not in columns),
    )


def _row(domain: str, y: float, mails: Sequence[SignedMails]) -> Row:
    years = sorted(one.year for one in mails if one.year)
    span = "" if not years else years[0] if years[0] == years[-1] else f"{years[0]}\N{EN DASH}{years[-1]}"
    return Row(
        domain=domain,
        y=y,
        years=span,
        signed=sum(one.signed for one in mails),
        opened=sum(one.opened for one in mails),
        authenticated=sum(one.authenticated for one in mails),
    )


def _cell(mails: SignedMails, x: float, y: float, width: float) -> Cell:
    each = width / mails.signed
    return Cell(
        x=round(x, 2),
        y=y,
        authenticated=round(each * mails.authenticated, 2),
        opened=round(each * (mails.opened - mails.authenticated), 2),
        closed=round(each * (mails.signed - mails.opened), 2),
        mails=mails,
    )
