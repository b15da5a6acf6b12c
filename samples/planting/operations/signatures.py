"""O-44 to O-47: what vouches for a mail is forged, taken away, borrowed or made anew."""

import base64
from random import Random

from samples.planting.archive import Archive, Stored
from samples.planting.bodyhash import body_hash, tags
from samples.planting.mail import Mail
from samples.planting.operation import Operation, Plant, edited


def results_forged(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-44: Authentication-Results that no server of the route wrote, or a failure in one turned into a pass."""
    mail = Mail.parse(stored.data, sham=sham)
    for place in mail.places("Authentication-Results"):
        raw = mail.fields[place].raw
        if b"=fail" in raw or b"=none" in raw:
            mail.rewrite(place, raw.replace(b"=fail", b"=pass").replace(b"=none", b"=pass"))
            return edited(mail, "D")
    host = stored.sender.rpartition("@")[2]
    mail.add(
        "Authentication-Results",
        f"mx.{host}; dkim=pass header.i=@{host}; spf=pass smtp.mailfrom={stored.sender}; dmarc=pass header.from={host}",
        before="Received",
    )
    return edited(mail, "D")


def signature_removed(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-45: the DKIM signature is taken away, so that nothing can fail."""
    mail = Mail.parse(stored.data, sham=sham)
    if not mail.all("DKIM-Signature"):
        return None
    for _ in range(len(mail.all("DKIM-Signature"))):
        mail.remove("DKIM-Signature")
        if sham:
            break
    return edited(mail, "D/P")


def signature_pasted(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-46: the signature of another mail of the same domain on an unsigned one."""
    mail = Mail.parse(stored.data, sham=sham)
    domain = stored.sender.rpartition("@")[2]
    others = [other for other in archive.mails if other.sender.endswith("@" + domain) and other is not stored]
    for other in rng.sample(others, min(len(others), 20)):
        signatures = Mail.parse(other.data).all("DKIM-Signature")
        if signatures and not mail.all("DKIM-Signature"):
            mail.add("DKIM-Signature", signatures[0].value, before="From")
            return edited(mail, "D", f"DKIM-Signature of {other.message_id} pasted")
    return None


def signed_again(stored: Stored, archive: Archive, rng: Random, sham: bool) -> Plant | None:
    """O-47: signed anew by a lookalike of the sender's domain, with a body hash that fits."""
    mail = Mail.parse(stored.data, sham=sham)
    domain = stored.sender.rpartition("@")[2]
    if not domain:
        return None
    lookalike = f"{domain.rpartition('.')[0].replace('l', '1').replace('o', '0')}-mail.example"
    names = ":".join([name for name in ("from", "to", "subject", "date", "message-id") if mail.all(name)])
    at = int(stored.date.timestamp()) if stored.date else 0
    value = (
        f"v=1; a=rsa-sha256; c=relaxed/relaxed; d={lookalike}; s=mail; t={at}; h={names}; "
        f"bh={body_hash(mail.body)}; b={base64.b64encode(rng.randbytes(128)).decode()}"
    )
    if mail.all("DKIM-Signature"):
        old = tags(mail.value("DKIM-Signature")).get("d", "")
        mail.set("DKIM-Signature", value)
        return edited(mail, "D", f"DKIM-Signature of {old} replaced by one of {lookalike}")
    mail.add("DKIM-Signature", value, before="From")
    return edited(mail, "D")


OPERATIONS = (
    Operation("O-44", "Authentication-Results forged", results_forged),
    Operation("O-45", "DKIM signature removed", signature_removed),
    Operation("O-46", "DKIM signature pasted from another mail", signature_pasted),
    Operation("O-47", "signed again by a lookalike domain", signed_again),
)
