"""Mail as real clients write it: header order and case, ids, boundaries, quotes. Knowledge base, section 2.2."""

import base64
from collections.abc import Callable
from datetime import datetime
from html import escape
from random import Random

from forensics._demo.leak import tokens
from forensics._demo.leak.bodies import Style, attribution, encoded_word, outlook_block, quote_lines
from forensics._demo.leak.clock import at, later
from forensics._demo.leak.drafts import Draft, Fields, Letter, Mail
from forensics._demo.leak.people import CAMPAIGN, CLOUD


def _release(instant: datetime, table: tuple[tuple[str, str], ...]) -> str:
    """Return the newest version of a table of (release day, version) at an instant."""
    known = [version for day, version in table if at(day) <= instant]
    return known[-1] if known else table[0][1]


THUNDERBIRD = (
    *(("2016-02-16", "38.6.0"), ("2016-04-16", "45.0"), ("2016-05-13", "45.1.0"), ("2016-07-04", "45.2.0")),
    *(("2016-09-02", "45.3.0"), ("2016-10-07", "45.4.0"), ("2016-12-03", "45.5.1"), ("2017-01-02", "45.6.0")),
    *(("2017-01-28", "45.7.0"), ("2017-03-10", "45.8.0")),
)
IOS = (
    *(("2016-01-22", "13D15"), ("2016-04-04", "13E238"), ("2016-05-20", "13F69"), ("2016-08-30", "13G36")),
    *(("2016-09-27", "14A456"), ("2016-11-03", "14B100"), ("2016-12-15", "14C92"), ("2017-01-27", "14D27")),
    *(("2017-04-06", "14E304"),),
)


def _thunderbird(draft: Draft) -> Fields:
    version = _release(draft.claimed, THUNDERBIRD)
    old = version.startswith("38")
    local = tokens.mozilla_old(draft.claimed, draft.rng) if old else tokens.uuid4(draft.rng)
    draft.message_id = f"{local}@{CAMPAIGN}"
    draft.boundaries = [f"------------{tokens.hexadecimal(draft.rng, 24).upper()}"]
    content, body = draft.content()
    major = version.split(".")[0]
    agent = f"Mozilla/5.0 (Windows NT 6.1; WOW64; rv:{major}.0) Gecko/20100101\n Thunderbird/{version}"
    common: Fields = [("User-Agent", agent), ("MIME-Version", "1.0")]
    answers = draft.answers
    if old:
        rows = [*draft.identity, *draft.date, *draft.sender, *common, *draft.to, *draft.subject, *answers]
    elif answers:
        rows = [*draft.subject, *draft.to, answers[0], *draft.sender, *draft.identity, *draft.date, *common, answers[1]]
    else:
        rows = [*draft.to, *draft.sender, *draft.subject, *draft.identity, *draft.date, *common]
    return _finish(draft, [*rows, *content], body)


def _outlook(draft: Draft) -> Fields:
    draft.message_id = f"{tokens.outlook(later(draft.claimed, 1.4), draft.rng)}@{CAMPAIGN}"
    counter = draft.rng.randrange(1, 400)
    draft.boundaries = [tokens.outlook_boundary(draft.claimed, draft.offset, 0, counter)]
    content, body = draft.content()
    parent = draft.letter.parent
    begun = later(draft.claimed, -draft.rng.randrange(40, 400))
    if parent and parent.thread_index:
        draft.thread_index = tokens.thread_child(parent.thread_index, begun, draft.rng)
    else:
        draft.thread_index = tokens.thread_root(begun, draft.rng, modern=False)
    rows = [*draft.sender, *draft.to, *draft.answers, *draft.subject, *draft.date, *draft.identity]
    rows += [("MIME-Version", "1.0"), *content, ("X-Mailer", "Microsoft Outlook 15.0")]
    rows += [("Thread-Index", base64.b64encode(draft.thread_index).decode()), ("Content-Language", "fr")]
    return _finish(draft, rows, body)


def _exchange(draft: Draft) -> Fields:
    host = draft.letter.sender.account
    draft.message_id = f"{tokens.exchange(host, draft.rng)}@{host}.eurprd05.{CLOUD}"
    draft.boundaries = [tokens.exchange_boundary(draft.message_id, number) for number in (4, 0)]
    if not draft.letter.attachments and not draft.letter.attached:
        draft.boundaries.pop(0)
    draft.html = _page(draft.text, '<meta name="Generator" content="Microsoft Word 15 (filtered medium)">', "MsoNormal")
    content, body = draft.content()
    parent = draft.letter.parent
    if parent and parent.thread_index:
        draft.thread_index = tokens.thread_child(parent.thread_index, draft.claimed, draft.rng)
    else:
        draft.thread_index = tokens.thread_root(draft.claimed, draft.rng, modern=True)
    topic = parent.thread_topic if parent and parent.thread_topic else draft.letter.subject.removeprefix("RE: ")
    rows = [*draft.sender, *draft.to, *draft.subject, ("Thread-Topic", encoded_word(topic, draft.style.words))]
    rows += [("Thread-Index", base64.b64encode(draft.thread_index).decode()), *draft.date, *draft.identity]
    rows += [*draft.answers, ("Accept-Language", "fr-FR, en-US"), ("Content-Language", "fr-FR")]
    rows += [("X-MS-Has-Attach", "yes" if draft.letter.attachments else ""), ("X-MS-TNEF-Correlator", "")]
    rows += [("x-originating-ip", f"[{draft.letter.sender.ip}]")]
    rows += [("x-ms-office365-filtering-correlation-id", tokens.network_id(later(draft.claimed, 0.6), draft.rng))]
    return _finish(draft, [*rows, *content, ("MIME-Version", "1.0")], body)


def _webpost(draft: Draft) -> Fields:
    draft.message_id = f"{tokens.webpost(draft.letter.sender.account, draft.rng)}@mail.postelibre.example"
    node = "001a11" + tokens.hexadecimal(draft.rng, 6)
    made = later(draft.claimed, 0.3)
    draft.boundaries = [
        tokens.webpost_boundary(later(made, 0.000004 * number), draft.rng, node)
        for number in range(2 if draft.letter.attachments else 1)
    ]
    draft.html = (
        _page(draft.text, "", "").replace("<body>", '<body><div dir="ltr">').replace("</body>", "</div></body>")
    )
    content, body = draft.content()
    answers = list(reversed(draft.answers))
    rows = [("MIME-Version", "1.0"), *answers, *draft.sender, *draft.date, *draft.identity, *draft.subject, *draft.to]
    return _finish(draft, [*rows, *content], body)


def _apple(draft: Draft) -> Fields:
    draft.message_id = f"{tokens.uuid4(draft.rng).upper()}@{CAMPAIGN}"
    draft.boundaries = [f"Apple-Mail=_{tokens.uuid4(draft.rng).upper()}"]
    new = draft.claimed >= at("2017-01-09")
    system, build = ("10.2", "3259") if new else ("9.3", "3124")
    content, body = draft.content()
    version = f"1.0 (Mac OS X Mail {system} \\({build}\\))"
    rows = [content[0], ("Mime-Version", version), *draft.subject, *draft.sender]
    answers = draft.answers
    rows += [*answers[1:], *draft.date, *draft.to[1:], *content[1:], *draft.identity, *answers[:1], draft.to[0]]
    return _finish(draft, [*rows, ("X-Mailer", f"Apple Mail (2.{build})")], body)


def _iphone(draft: Draft) -> Fields:
    draft.message_id = f"{tokens.uuid4(draft.rng).upper()}@{CAMPAIGN}"
    draft.boundaries = [f"Apple-Mail-{tokens.uuid4(draft.rng).upper()}"]
    content, body = draft.content()
    rows = [*draft.sender, ("Mime-Version", "1.0 (1.0)"), *draft.date, *draft.identity, *draft.answers, *draft.to]
    rows += [("X-Mailer", f"iPhone Mail ({_release(draft.claimed, IOS)})"), *draft.subject, *content]
    return _finish(draft, rows, body)


def _mutt(draft: Draft) -> Fields:
    draft.message_id = f"{tokens.mutt(draft.claimed, draft.rng)}@brassens.{CAMPAIGN}"
    draft.boundaries = [base64.b64encode(draft.rng.randbytes(12)).decode()]
    content, body = draft.content()
    answers = draft.answers
    rows = [
        *draft.date,
        *draft.sender,
        *draft.to,
        *draft.subject,
        *draft.identity,
        *answers[:1],
        ("MIME-Version", "1.0"),
    ]
    rows += [content[0], ("Content-Disposition", "inline"), *content[1:], *answers[1:]]
    return _finish(draft, [*rows, ("User-Agent", "Mutt/1.5.23 (2014-03-12)")], body)


def _roundcube(draft: Draft) -> Fields:
    draft.message_id = f"{tokens.hexadecimal(draft.rng, 32)}@asso-garrigue.example"
    draft.boundaries = [f"=_{tokens.hexadecimal(draft.rng, 32)}"]
    content, body = draft.content()
    rows = [("MIME-Version", "1.0"), *content, *draft.date, *draft.sender, *draft.to, *draft.subject]
    rows += [*reversed(draft.answers), *draft.identity, ("X-Sender", draft.letter.sender.address)]
    return _finish(draft, [*rows, ("User-Agent", "Roundcube Webmail/1.1.4")], body)


def _bulk(draft: Draft) -> Fields:
    draft.message_id = f"{tokens.javamail(draft.claimed, draft.rng)}@envoi.gazette-garrigue.example"
    draft.boundaries = [tokens.javamail_boundary(draft.claimed, draft.rng)]
    draft.html = _page(draft.text, "", "")
    content, body = draft.content()
    rows = [*draft.date, *draft.sender, *draft.to, *draft.identity, *draft.subject, ("MIME-Version", "1.0"), *content]
    rows += [("List-Unsubscribe", "<mailto:stop@gazette-garrigue.example>"), ("Precedence", "bulk")]
    return _finish(draft, rows, body)


def _spam(draft: Draft) -> Fields:
    draft.message_id = f"{tokens.hexadecimal(draft.rng, 16)}@{draft.letter.sender.address.split('@')[1]}"
    draft.boundaries = [f"b1_{tokens.hexadecimal(draft.rng, 32)}"]
    content, body = draft.content()
    rows = [*draft.date, *draft.to, *draft.sender, *draft.subject, *draft.identity, ("X-Priority", "1")]
    return _finish(draft, [*rows, ("MIME-Version", "1.0"), *content], body)


def _copier(draft: Draft) -> Fields:
    draft.message_id = f"{tokens.hexadecimal(draft.rng, 12)}@copieur.{CAMPAIGN}"
    content, body = draft.content()
    rows = [*draft.sender, *draft.to, *draft.subject, *draft.identity, ("MIME-Version", "1.0"), *content]
    return _finish(draft, rows, body)


def _page(text: str, head: str, css: str) -> str:
    """Write the HTML alternative."""
    mark = f' class="{css}"' if css else ""
    paragraphs = "\n".join(f"<p{mark}>{escape(block)}</p>" for block in text.split("\n\n"))
    quoted = paragraphs.replace("\n&gt;", "<br>\n&gt;")
    return f"<html><head>{head}</head><body>\n{quoted}\n</body></html>"


def _finish(draft: Draft, rows: Fields, body: bytes) -> Fields:
    return [*rows, ("", body.decode("latin-1"))]


CLIENTS: dict[str, tuple[Style, Callable[[Draft], Fields]]] = {
    "thunderbird": (
        Style("utf-8", "8bit", flowed=True, preamble=b"This is a multi-part message in MIME format."),
        _thunderbird,
    ),
    "outlook": (
        Style(
            *("iso-8859-1", "quoted-printable", "\t", "iso-8859-1"),
            quoted_charset=True,
            preamble=b"This is a multipart message in MIME format.\n",
        ),
        _outlook,
    ),
    "exchange": (Style("iso-8859-1", "quoted-printable", "\t", "iso-8859-1", quoted_charset=True), _exchange),
    "webpost": (Style("UTF-8", "quoted-printable"), _webpost),
    "apple": (Style("utf-8", "quoted-printable", "\t", "utf-8"), _apple),
    "iphone": (Style("utf-8", "base64", "\t", "utf-8"), _iphone),
    "mutt": (Style("iso-8859-1", "8bit", " ", "iso-8859-1"), _mutt),
    "roundcube": (Style("UTF-8", "8bit"), _roundcube),
    "bulk": (Style("UTF-8", "quoted-printable"), _bulk),
    "spam": (Style("UTF-8", "base64"), _spam),
    "copier": (Style("us-ascii", "7bit"), _copier),
}
"""Style and writer by key."""

_SIGNATURES = {
    "thunderbird": "\n\n-- \n{name}\nÉlan Garrigue, 3 place de la Fontaine-Sèche",
    "iphone": "\n\nEnvoyé de mon iPhone",
    "exchange": "\n\nCordialement,\n{name}",
    "apple": "\n\n{name}",
    "mutt": "\n\n-- \n{name}",
    "roundcube": "\n\n---\n{name}",
    "outlook": "\n\n{name}",
    "webpost": "\n\n{name}",
}


def _whole_text(letter: Letter, offset: int) -> str:
    client = letter.sender.client
    text = letter.text + _SIGNATURES.get(client, "").format(name=letter.sender.name)
    parent = letter.parent
    if parent is None:
        return text
    quoted = parent.letter
    if client in ("outlook", "exchange"):
        block = outlook_block(parent.claimed, offset, quoted.sender, quoted.to, quoted.subject)
        return f"{text}\n\n{block}\n{quoted.text}"
    line = attribution(client, parent.claimed, offset, quoted.sender)
    return f"{text}\n\n{line}\n{quote_lines(quoted.text)}"


def compose(letter: Letter, rng: Random) -> Mail:
    """Write a letter as its sender's client does."""
    claimed = later(letter.sent, letter.sender.clock_error(letter.sent) - letter.delay)
    offset = letter.sender.zone(letter.sent)
    style, write = CLIENTS[letter.sender.client]
    draft = Draft(letter, rng, claimed, offset, style, _whole_text(letter, offset))
    rows = write(draft)
    parent = letter.parent
    topic = parent.thread_topic if parent and parent.thread_topic else letter.subject.removeprefix("RE: ")
    return Mail(
        letter,
        draft.message_id,
        claimed,
        tuple(rows[:-1]),
        rows[-1][1].encode("latin-1"),
        draft.references,
        draft.thread_index or (parent.thread_index if parent else b""),
        topic,
    )
