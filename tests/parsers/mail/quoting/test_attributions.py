"""Attribution lines of the clients and languages in use, each with what stands on both sides of it."""

import time
from datetime import UTC, datetime

import pytest

from forensics.model.facts import TICKS_PER_SECOND
from forensics.parsers.mail.quoting.attributions import Attribution
from forensics.parsers.mail.quoting.reader import introductions

LINES = [
    ("mutt", "2018-01-02 16:08:38", "Paul Roe", "", "On Tue, Jan 02, 2018 at 04:08:38PM +0100, Paul Roe wrote:"),
    (
        "rfc",
        "2019-08-16 08:54:31",
        "Ina Roe",
        "i@a.test",
        "On Fri, 16 Aug 2019 08:54:31 +0200\nIna Roe <i@a.test> wrote:",
    ),
    ("evolution", "2010-04-14 13:24:00", "Tom Roe", "", "On Wed, 2010-04-14 at 13:24 +0200, Tom Roe wrote:"),
    ("other", "2024-04-25 09:10:27", "Tom Roe", "", "On 2024-04-25 09:10:27+0000, Tom Roe wrote:"),
    (
        "gmail",
        "2021-10-29 19:34:00",
        "Lu Roe",
        "l@a.test",
        "On Fri, Oct 29, 2021 at 7:34\u202fPM Lu Roe\n<l@a.test> wrote:",
    ),
    ("gmail", "2021-10-29 07:34:00", "Lu Roe", "l@a.test", "On Fri, 29 Oct 2021 at 07:34, Lu Roe <\nl@a.test> wrote:"),
    (
        "evolution",
        "2004-07-06 12:00:00",
        "Al Roe",
        "",
        "On 2004-07-06 12:00 +0200, Al Roe wrote in message <1.2@a.test>:",
    ),
    ("mutt", "2018-01-02 16:08:38", "H. J. Roe", "", "On Tue, Jan 02, 2018 at 04:08:38PM +0100, H. J. Roe wrote:"),
    ("apple", "2025-04-29 10:11:00", "Foo Bar", "f@a.test", "On 29 Apr 2025, at 10:11, Foo Bar <f@a.test> wrote:"),
    ("thunderbird", "2024-10-29 10:25:00", "Theo Roe", "", "On 10/29/2024 10:25 AM, Theo Roe wrote:"),
    (
        "yahoo",
        "2025-04-29 10:11:12",
        "Al Roe",
        "a@a.test",
        "On Tuesday, April 29, 2025, 10:11:12 AM EDT, Al Roe <a@a.test> wrote: ",
    ),
    ("kmail", "2019-04-29 10:11:12", "Al Roe", "", "On Monday 29 April 2019 10:11:12 Al Roe wrote:"),
    ("fastmail", "2019-06-26 17:25:00", "Li Roe", "", "On Wed, 26 Jun 2019, at 17:25, Li Roe wrote:"),
    ("pine", "2001-05-10 00:00:00", "Wayne Roe", "", "On Thu, 10 May 2001, Wayne Roe wrote:"),
    (
        "outlook",
        "2023-01-01 23:13:00",
        "Jo Roe",
        "j@a.test",
        "From: Jo Roe <j@a.test> Sent: Sunday, January 1, 2023 11:13 PM",
    ),
    ("other", "2024-08-15 08:02:52", "Jo Roe", "", "Quoting Jo Roe (2024-08-15 08:02:52)"),
    ("kmail", "2019-04-29 10:11:12", "Anna Roe", "a@a.test", '"Anna Roe" <a@a.test> wrote on 04/29/2019 10:11:12 AM:'),
    ("thunderbird", "2023-07-10 16:24:00", "Max Roe", "", "Am 10.07.23 um 16:24 schrieb Max Roe:"),
    (
        "gmail",
        "2019-04-29 10:11:00",
        "Jean Roe",
        "j@a.test",
        "Le lun. 29 avr. 2019 à 10:11, Jean Roe <j@a.test> a\nécrit :",
    ),
    (
        "gmail",
        "2019-04-05 10:00:00",
        "Juan Roe",
        "j@a.test",
        "El vie, 5 abr 2019 a las 10:00, Juan Roe (<j@a.test>) escribió:",
    ),
    (
        "gmail",
        "2019-04-05 10:00:00",
        "Mario Roe",
        "m@a.test",
        "Il giorno ven 5 apr 2019 alle ore 10:00 Mario Roe <m@a.test> ha scritto:",
    ),
    (
        "gmail",
        "2019-04-05 10:00:00",
        "Ana Roe",
        "a@a.test",
        "Em sex, 5 de abr de 2019 às 10:00, Ana Roe <a@a.test> escreveu:",
    ),
    ("gmail", "2019-04-05 10:00:00", "Piet Roe", "p@a.test", "Op vr 5 apr. 2019 om 10:00 schreef Piet Roe <p@a.test>:"),
    ("thunderbird", "2019-04-05 10:00:00", "Jan Roe", "", "W dniu 05.04.2019 o 10:00, Jan Roe pisze:"),
    ("gmail", "2019-04-05 10:00:00", "Jan Roe", "j@a.test", "pt., 5 kwi 2019 o 10:00 Jan Roe <j@a.test> napisał(a):"),
    ("gmail", "2019-04-29 10:11:00", "Иван Роу", "i@a.test", "пн, 29 апр. 2019 г. в 10:11, Иван Роу <i@a.test>:"),
    ("other", "2019-04-05 15:07:00", "张三", "z@a.test", "张三 <z@a.test> 于2019年4月5日周五 下午3:07写道："),
    ("other", "2019-04-05 10:00:00", "山田", "y@a.test", "2019年4月5日(金) 10:00 山田 <y@a.test>:"),
]


def _only(text: str) -> Attribution:
    ((found,), _) = introductions(text)
    assert isinstance(found, Attribution)
    return found


def _ticks(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * TICKS_PER_SECOND


@pytest.mark.parametrize(("style", "wall", "name", "address", "line"), LINES)
def test_a_line_is_read(style: str, wall: str, name: str, address: str, line: str) -> None:
    found = _only(f"Hello.\n\n{line}\n> a word\n> or two\n\nI agree.\n")
    assert found.time is not None
    assert _ticks(wall) in (found.time.wall, *found.time.others)
    assert (found.style, found.name, found.address, found.depth) == (style, name, address, 0)


@pytest.mark.parametrize(("style", "wall", "name", "address", "line"), LINES)
def test_a_line_is_read_inside_a_quote(style: str, wall: str, name: str, address: str, line: str) -> None:
    quoted = line.replace("\n", "\n> ")
    text = f"> Hello.\n> \n> {quoted}\n> > a word\n> I agree.\n"
    found = _only(text)
    assert (found.style, found.name, found.address, found.depth) == (style, name, address, 1)
    assert text[found.start : found.end].startswith(line.partition("\n")[0].rstrip())


def test_the_zone_makes_an_instant_only_where_it_is_certain() -> None:
    exact = _only("On Tue, Jan 02, 2018 at 04:08:38PM +0100, Paul Roe wrote:\n> a\n").time
    assert exact is not None and exact.instant == _ticks("2018-01-02 15:08:38") and exact.offset_s == 3600
    vague = _only("On Saturday 07 September 2002 23:22 IST Dan Roe wrote:\n> a\n").time
    assert vague is not None and not isinstance(vague.instant, int)


def test_where_day_and_month_may_be_exchanged_both_readings_are_kept() -> None:
    found = _only("On 05/04/2019 10:00, Al Roe wrote:\n> a\n").time
    assert found is not None
    assert {found.wall, *found.others} == {_ticks("2019-04-05 10:00:00"), _ticks("2019-05-04 10:00:00")}
    certain = _only("On 29/04/2019 10:00, Al Roe wrote:\n> a\n").time
    assert certain is not None and certain.others == ()


def test_a_line_without_a_time_is_one_only_above_a_quote() -> None:
    assert _only("Jo Roe <jo@a.test> writes:\n> a\n").address == "jo@a.test"
    assert introductions("Jo Roe <jo@a.test> writes:\nno quote\n")[0] == []
    assert introductions("\tdefault:\n> a\n\tcase 0x01:\n> b\nThis is what I wrote:\nno quote\n")[0] == []


def test_an_impossible_day_is_no_time() -> None:
    assert _only("On 31/02/2019 10:00, Al Roe wrote:\n> a\n").time is None


@pytest.mark.parametrize(
    "unit", ["On ", "On On wrote:\n", "wrote:\n", ":\n", "> " * 50, "a@", "On 1/1/2020 10:00, ", "<", " Sent: ", "：\n"]
)
def test_hostile_text_takes_linear_time(unit: str) -> None:
    text = unit * (4_000_000 // len(unit))
    before = time.process_time()
    introductions(text)
    assert time.process_time() - before < 5
