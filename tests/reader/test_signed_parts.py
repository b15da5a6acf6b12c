"""Signed parts as ``show`` and ``check`` show them, and the lists of authors' keys."""

from base64 import b64encode
from pathlib import Path

import msgspec
import pytest

from forensics import ScanOptions, check, scan, show, signer_coverage, signer_keys
from forensics.model.signer_lines import SignerAtHand
from tests.signed_by_authors import ANNA, PART, armoured, fingerprint, header, pgp_key, pgp_mail

pytestmark = pytest.mark.usefixtures("in_process")

BEN = "ben@example.net"
KEY = fingerprint().hex()
CARRIES = b"Autocrypt: addr=anna@example.org; keydata=" + b64encode(pgp_key()) + b"\r\n"


@pytest.fixture
def ring(tmp_path: Path) -> Path:
    file = tmp_path / "ring.asc"
    file.write_bytes(armoured(pgp_key(), "PUBLIC KEY BLOCK"))
    return file


def scanned(folder: Path, *mails: bytes, keys: tuple[Path, ...] = ()) -> Path:
    (folder / "leak").mkdir()
    for number, mail in enumerate(mails):
        (folder / "leak" / f"{number}.eml").write_bytes(mail)
    scan([folder / "leak"], folder / "case", ScanOptions(jobs=1, as_of="2026-01-01", signer_keys=keys))
    return folder / "case"


@pytest.mark.parametrize(
    ("mail", "given", "said"),
    [
        (pgp_mail(), False, ("no_key", "", ())),
        (pgp_mail(), True, ("holds", "file", (ANNA,))),
        (CARRIES + pgp_mail(), False, ("holds", "mail", (ANNA,))),
        (CARRIES + pgp_mail(), True, ("holds", "file", (ANNA,))),
        (pgp_mail().replace(PART, PART.replace(b"ten", b"two")), True, ("altered", "", ())),
        (pgp_mail(signer=BEN), True, ("no_key", "", ())),
    ],
)
def test_check_and_show_agree(tmp_path: Path, ring: Path, mail: bytes, given: bool, said: tuple[object, ...]) -> None:
    keys = (ring,) if given else ()
    case = scanned(tmp_path, mail, keys=keys)
    (part,) = check(tmp_path / "leak" / "0.eml", as_of="2026-01-01T00:00:00Z", signer_keys=keys).signed_parts
    (shown,) = show(case, "0.eml")
    assert (part,) == tuple(msgspec.structs.replace(one, carriers=0) for one in shown.signed_parts)
    assert (part.outcome, part.obtained, part.signers) == said
    assert part.origin == ("ring.asc" if part.obtained == "file" else "")


def test_keys_that_are_at_hand_and_those_that_are_missing(tmp_path: Path, ring: Path) -> None:
    other = pgp_mail(signer=BEN, sender=BEN)
    case = scanned(tmp_path, pgp_mail(), other, other + b"\r\n", header() + b"\r\nText\r\n", keys=(ring,))
    (key,) = signer_keys(case)
    assert (key.key, key.addresses, key.obtained, key.origins) == (KEY, (ANNA,), "file", ("ring.asc",))
    assert (key.tested, key.holds, key.mails) == (1, 1, 1)
    uses = list(signer_coverage(case))
    assert [(use.senders, use.decides, use.mails, use.at_hand) for use in uses] == [
        ((BEN,), 2, 2, SignerAtHand.NONE),
        ((ANNA,), 0, 1, SignerAtHand.FILE),
    ]


def test_a_key_of_other_mails_is_listed_where_it_opens_something(tmp_path: Path) -> None:
    case = scanned(tmp_path, pgp_mail(), CARRIES + header() + b"\r\nText\r\n", CARRIES + header() + b"\r\nMore\r\n")
    (key,) = signer_keys(case)
    assert (key.obtained, key.tested, key.holds) == ("archive", 1, 1) and len(key.origins[0]) == 64
    (use,) = signer_coverage(case)
    assert (use.at_hand, use.decides) == (SignerAtHand.ARCHIVE, 0)
