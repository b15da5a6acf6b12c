"""dkimpy as an oracle of what the planter signs; it asks the given keys alone."""

from collections.abc import Callable

import pytest

from samples.planting.keys import SigningKey
from samples.planting.mail import Mail


def verified(mail: Mail, *keys: SigningKey) -> bool:
    """Whether the topmost DKIM signature holds."""
    dkim = pytest.importorskip("dkim")
    return bool(dkim.verify(mail.data(), dnsfunc=_answers(*keys)))


def chain(mail: Mail, *keys: SigningKey) -> bytes:
    """State of the ARC chain."""
    dkim = pytest.importorskip("dkim")
    return bytes(dkim.arc_verify(mail.data(), dnsfunc=_answers(*keys))[0])


def _answers(*keys: SigningKey) -> Callable[..., bytes | None]:
    held = {f"{key.selector}._domainkey.{key.domain}.".encode(): f"v=DKIM1; p={key.public}".encode() for key in keys}
    return lambda name, timeout=5: held.get(name)
