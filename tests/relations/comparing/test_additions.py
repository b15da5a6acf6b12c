"""What gateways do to texts on their way, and what only looks like it."""

import pytest

from forensics.model.comparing import Cause
from forensics.relations.comparing.mails import compare_mails
from tests.relations.comparing.test_mails import BODY, LISTED, MAIL, compared, kinds

GATED = LISTED.replace("lists.club", "gate.club") + MAIL
WARNING = "CAUTION: This email originated from outside of the organization. Do not click links or open attachments.\n"
DISCLAIMER = "If you are not the intended recipient, please notify the sender immediately and delete this message.\n"
PAID = "Please pay the invoice to the second account. "


def below(said: str) -> str:
    return GATED + f"\n{said}"


def above(said: str, mail: str = GATED) -> str:
    return mail.replace(BODY, f"{said}\n{BODY}")


@pytest.mark.parametrize(
    "other",
    [
        above(WARNING),
        above("[EXTERNAL EMAIL]\n"),
        above("*** This is an EXTERNAL email. Exercise caution. ***\n"),
        above("You don't often get email from anna@home.example. Learn why this is important\n"),
        below(DISCLAIMER),
        below(f"{'_' * 40}\n{DISCLAIMER}"),
        below("This email has been scanned for viruses by the Harbour mail gateway.\n"),
        above(WARNING, below(DISCLAIMER)),
    ],
)
def test_what_gateways_write_around_a_text_is_lawful(other: str) -> None:
    found = compared(MAIL.encode(), other.encode())
    assert found.unexplained == ()
    assert kinds(found)["text_added"] is Cause.FILTER


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        (above(WARNING, MAIL), "text_added"),  # no server that the other did not pass
        (above(PAID + "\n"), "text_around"),
        (above(WARNING.rstrip() + " " + PAID + "\n"), "text_around"),
        (below(DISCLAIMER + PAID), "text_around"),
        (below("This email may contain 4,700 confidential invoices.\n"), "text_around"),
        (below("Important\n"), "text_around"),
        (GATED.rstrip("\n") + " " + DISCLAIMER, "text_added"),  # nothing parts it from the text
        (GATED.replace("The price is", f"\n{WARNING}\nThe price is"), "text_added"),  # in the middle
        (GATED.replace("4,200", "4,700"), "words"),
        (above(WARNING).replace("4,200", "4,700"), "words"),
        (above("Do not click links or open attachments: https://pay.example/now\n"), "text_around"),
    ],
)
def test_another_sentence_does_not_pass_among_them(other: str, kind: str) -> None:
    assert [difference.kind for difference in compared(MAIL.encode(), other.encode()).unexplained] == [kind]


def test_text_that_the_copy_with_fewer_hops_has_alone_is_no_gateways() -> None:
    found = compared(GATED.encode(), above(WARNING, MAIL).encode())
    assert [difference.kind for difference in found.unexplained] == ["text_added"]


def test_words_that_the_text_begins_with_too_do_not_hide_a_warning() -> None:
    one = MAIL.replace("We agreed", "This email says that we agreed")
    other = GATED.replace(
        "We agreed", "This email originated from outside the company.\n\nThis email says that we agreed"
    )
    assert compared(one.encode(), other.encode()).unexplained == ()


LINK = "https://club.example/roof"
SAFE = (
    "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2F{host}%2Froof&data=05%7C01%7Cben%40far.example"
    "&sdata=aGVsbG8%3D&reserved=0"
)
SECOND = "https://urldefense.proofpoint.com/v2/url?u=https-3A__{host}_roof&d=DwMFaQ&c=x&r=y&m=z&s=q&e="
THIRD = "https://urldefense.com/v3/__https://{host}/roof__;!!abc!def$"


@pytest.mark.parametrize("form", [SAFE, SECOND, THIRD])
def test_a_link_by_way_of_a_gateway_is_lawful_if_it_leads_where_the_other_does(form: str) -> None:
    other = GATED.replace(LINK, form.format(host="club.example"))
    found = compared(MAIL.encode(), other.encode())
    assert found.unexplained == ()
    assert kinds(found)["links"] is Cause.FILTER
    elsewhere = GATED.replace(LINK, form.format(host="c1ub.example"))
    assert [one.kind for one in compared(MAIL.encode(), elsewhere.encode()).unexplained] == ["links"]
    same_way = MAIL.replace(LINK, form.format(host="club.example"))
    assert [one.kind for one in compared(MAIL.encode(), same_way.encode()).unexplained] == ["links"]


def test_a_host_that_only_ends_like_a_gateways_rewrites_nothing() -> None:
    fake = (
        SAFE.format(host="club.example")
        .replace("eur01.safe", "eur01-safe")
        .replace("outlook.com", "outlook.com.pay.example")
    )
    assert [one.kind for one in compared(MAIL.encode(), GATED.replace(LINK, fake).encode()).unexplained] == ["links"]


PAGE = MAIL.replace("text/plain", "text/html").replace(
    BODY, f'<html><body><p>We agreed.</p><a href="{LINK}">the roof</a></body></html>\n'
)


def test_links_and_warnings_of_pages() -> None:
    gated = LISTED + PAGE
    safe = SAFE.format(host="club.example").replace("&", "&amp;")
    marked = gated.replace(LINK, safe).replace("<body>", f"<body><div>{WARNING}</div>")
    assert compared(PAGE.encode(), marked.encode()).unexplained == ()
    astray = gated.replace(LINK, SAFE.format(host="c1ub.example"))
    assert "links" in [one.kind for one in compared(PAGE.encode(), astray.encode()).unexplained]
    assert compare_mails(PAGE.encode(), gated.replace("<body>", f"<body><div>{PAID}</div>").encode()).unexplained


def test_more_changed_links_than_are_told_are_lawful_too() -> None:
    links = [f"https://club.example/roof/{number}" for number in range(30)]
    one = MAIL + "\n".join(links) + "\n"
    other = GATED + "\n".join(
        SAFE.format(host="club.example").replace("roof&", f"roof%2F{number}&") for number in range(30)
    )
    assert compare_mails(one.encode(), other.encode()).unexplained == ()
    wrong = other.replace("roof%2F29&", "roof%2F92&")
    assert [found.kind for found in compare_mails(one.encode(), wrong.encode()).unexplained] == ["links"]
