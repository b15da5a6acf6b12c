"""Copies that passed a gateway: warnings above the text, disclaimers below it, tags in Subject, rewritten links."""

import base64
import re
from collections.abc import Callable
from random import Random
from urllib.parse import quote

from samples.planting.archive import Stored
from samples.planting.lawful.form import OFFICE, Form, delivered
from samples.planting.mail import Mail
from samples.planting.mime import Unfit
from samples.planting.prose import text_parts

_WARNINGS = (
    "CAUTION: This email originated from outside of the organization. Do not click links or open attachments unless you"
    " recognize the sender and know the content is safe.",
    "EXTERNAL EMAIL: Do not click links or open attachments unless you know the content is safe.",
    "[EXTERNAL EMAIL]",
    "WARNING: This message came from an external source. Please exercise caution when opening attachments or clicking"
    " links.",
    "*** This is an EXTERNAL email. Exercise caution. DO NOT open attachments or click links from unknown senders or"
    " unexpected email. ***",
    "You don't often get email from {sender}. Learn why this is important<https://aka.ms/LearnAboutSenderIdentification>",
    "This Message Is From an External Sender\nThis message came from outside your organization.",
    "This email has been sent from an external source. Please be careful with links and attachments.",
)
"""As gateways and administrators word them."""
_DISCLAIMERS = (
    "This e-mail and any attachments are confidential and may also be privileged. If you are not the named recipient,"
    " please notify the sender immediately and do not disclose the contents to another person.",
    "The information contained in this message is intended only for the use of the individual or entity to which it is"
    " addressed. If you have received this message in error, please notify the sender and delete it from your system.",
    "IMPORTANT NOTICE: The contents of this email and any attachments are confidential and may also be privileged. If"
    " you are not the intended recipient, please notify the sender immediately and do not disclose the contents to any"
    " other person, use it for any purpose, or store or copy the information in any medium. Thank you.",
    "This email has been scanned for viruses by the Harbour Office mail gateway.",
    "This message has been scanned for viruses and dangerous content by MailScanner, and is believed to be clean.",
    "Please consider the environment before printing this email.",
    "This e-mail may contain confidential information. Any unauthorised copying, disclosure or distribution of the"
    " material in this e-mail is strictly forbidden.",
    "Harbour Office Ltd is registered in England with number 0123456. Registered office: 1 Quay Street, Harbour.",
)
_TAGS = ("[EXTERNAL]", "[EXT]", "[External Email]", "[SUSPECTED SPAM]", "***SPAM***", "{Spam?}", "[Virus scanned]")
_SCANNED = (
    ("X-Virus-Scanned", f"amavisd-new at {OFFICE}"),
    ("X-Spam-Status", "No, score=-1.9 required=5.0 tests=BAYES_00"),
    ("X-Gateway-Policy", "inbound"),
)
_LINK = re.compile(r"https?://[^\s<>\"'()\[\]{}]+[A-Za-z0-9/#=-]")
_FIRST_HTML = re.compile(r"(<body\b[^>]*>)", re.IGNORECASE)
_LAST_HTML = re.compile(r"(</body\s*>)", re.IGNORECASE)
_TARGET = re.compile(r"(<a\b[^>]*?\bhref=\")(https?://[^\"\s]+)(\")", re.IGNORECASE)
_HELD = re.compile(r"[^A-Za-z0-9:/._~-]")
_Change = Callable[[str], str | None]


def warned(stored: Stored, rng: Random) -> bytes | None:
    """Write the copy above whose texts a gateway put a warning."""
    said = rng.choice(_WARNINGS).format(sender=stored.sender)
    below = rng.choice(("\n\n", "\n\n\n", f"\n{'-' * 60}\n\n", f"\n{'_' * 32}\n\n"))
    return _marked(stored, rng, lambda text: said + below + text, lambda page: _above(page, said))


def disclaimed(stored: Stored, rng: Random) -> bytes | None:
    """Write the copy below whose texts a gateway put a disclaimer."""
    said = rng.choice(_DISCLAIMERS)
    above = rng.choice(("\n\n", f"\n{'_' * 40}\n", f"\n{'-' * 50}\n", f"\n\n{'*' * 60}\n"))
    return _marked(stored, rng, lambda text: text.rstrip("\n") + above + said + "\n", lambda page: _below(page, said))


def _above(page: str, said: str) -> str | None:
    block = f'<div style="background:#ffeb9c;border:1px solid #9c6500">{_html(said)}</div><br>\n'
    return _FIRST_HTML.sub(lambda found: found[1] + block, page, count=1) if _FIRST_HTML.search(page) else None


def _below(page: str, said: str) -> str | None:
    block = f"<br><hr><p>{_html(said)}</p>\n"
    return _LAST_HTML.sub(lambda found: block + found[1], page, count=1) if _LAST_HTML.search(page) else None


def _html(said: str) -> str:
    linked = re.sub(r"<(https://[^>]+)>", r' <a href="\1">here</a>', said)
    return linked.replace("\n", "<br>\n")


def tagged(stored: Stored, rng: Random) -> bytes | None:
    """Write the copy whose subject a filter tagged."""
    mail = Mail.parse(stored.data)
    if not mail.all("Subject"):
        return None
    mail.set("Subject", f"{rng.choice(_TAGS)} {mail.value('Subject')}")
    return mail.data() if delivered(mail, stored, rng, _SCANNED) else None


def safe_links(stored: Stored, rng: Random) -> bytes | None:
    """Write the copy whose links lead by way of Microsoft Defender."""
    region = rng.choice(("eur01", "nam12", "gcc02"))

    def wrapped(url: str) -> str:
        data = f"05%7C01%7C{quote(f'rosa@{OFFICE}', safe='')}%7C{rng.getrandbits(64):x}%7C0%7C0%7CUnknown"
        target = quote(url, safe="")
        signed = quote(base64.b64encode(rng.randbytes(32)).decode(), safe="")
        return f"https://{region}.safelinks.protection.outlook.com/?url={target}&data={data}&sdata={signed}&reserved=0"

    return _relinked(stored, rng, wrapped)


def url_defense(stored: Stored, rng: Random) -> bytes | None:
    """Write the copy whose links lead by way of Proofpoint, in its second or third form."""
    return _relinked(stored, rng, _third if rng.random() < 0.5 else _second)


def _second(url: str) -> str:
    """Return a link in the second form: ``_`` stands for a slash, ``-XX`` for other bytes."""
    bytes_ = ["_" if one == "/" else one if one.isalnum() or one == "." else f"-{ord(one):02X}" for one in url]
    return f"https://urldefense.proofpoint.com/v2/url?u={''.join(bytes_)}&d=DwMFaQ&c=eu7Za&r=q0mZt&m=yW1&s=zz4&e="


def _third(url: str) -> str:
    """Return a link in the third form: ``*`` stands for one byte that the base64 at its end holds."""
    held = "".join(_HELD.findall(url))
    if re.search(f"{_HELD.pattern}{{2}}", url):
        return _second(url)
    coded = base64.urlsafe_b64encode(held.encode()).decode().rstrip("=")
    return f"https://urldefense.com/v3/__{_HELD.sub('*', url)}__;{coded}!!Abc9!xYz-q0m{len(url)}$"


def _relinked(stored: Stored, rng: Random, wrapped: Callable[[str], str]) -> bytes | None:
    def in_text(text: str) -> str | None:
        new = _LINK.sub(lambda found: wrapped(found[0]), text)
        return new if new != text else None

    def in_target(found: re.Match[str]) -> str:
        return found[1] + wrapped(found[2].replace("&amp;", "&")).replace("&", "&amp;") + found[3]

    return _marked(stored, rng, in_text, lambda page: _TARGET.sub(in_target, page))


def _marked(stored: Stored, rng: Random, text: _Change, page: _Change) -> bytes | None:
    """Change every text and page, and deliver the mail from the gateway."""
    mail = Mail.parse(stored.data)
    parts = [(part, text) for part in text_parts(mail)] + [(part, page) for part in text_parts(mail, "text/html")]
    try:
        for part, change in sorted(parts, key=lambda one: -one[0].start):
            new = change(mail.text(part)) if mail.text(part) else None
            if new is None:
                return None
            mail.set_text(part, new)
    except Unfit:
        return None
    return mail.data() if parts and delivered(mail, stored, rng, _SCANNED) else None


FORMS = (
    Form("warning at the top", "filter", warned),
    Form("disclaimer at the end", "filter", disclaimed),
    Form("tagged subject", "filter", tagged),
    Form("safe links", "filter", safe_links),
    Form("URL defense", "filter", url_defense),
)
