"""Files of authors' keys, told by their content: certificates, bundles of them (PKCS #7), and OpenPGP key rings.

Certificates and bundles are PEM or DER, key rings armoured or not; a file may hold several of one of these forms. A
certificate of an issuer is no key of an author, and a private key is not looked at.

Source: RFC 7468, RFC 5652, RFC 9580 6 and 10.1.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from itertools import islice

import msgspec

from forensics.authenticity import certificates, openpgp
from forensics.authenticity.key_files.entries import Refused
from forensics.authenticity.openpgp_packets import PUBLIC_KEY, blocks, keys, packets
from forensics.errors import Malformed
from forensics.model.items import Notice
from forensics.model.keys import KeyFile
from forensics.model.signer_keys import SignerKey
from forensics.replay.base64 import base64

ENTRIES = 100_000
NOTICES = 100
_PEM = re.compile(rb"-----BEGIN (CERTIFICATE|TRUSTED CERTIFICATE|X509 CERTIFICATE|PKCS7|CMS)-----([^-]*+)-----END ")
_PGP = b"-----BEGIN PGP PUBLIC KEY BLOCK-----"
_SEQUENCE = 0x30
_BUNDLES = (b"PKCS7", b"CMS")
_Read = Iterator[SignerKey | Refused | None]
"""Keys, why something is none, and ``None`` for what nobody expects to be one."""


def read_signer_file(name: str, data: bytes) -> tuple[KeyFile, tuple[SignerKey, ...]] | None:
    """Read one file.

    Args:
        name: of the file.
        data: its bytes.

    Returns:
        What the file gave, and its keys, sorted; ``None`` where it is of none of the forms.
    """
    if _PGP in data or _is_key_ring(data):
        form, read = "OpenPGP keys", _of_key_ring(data)
    elif _PEM.search(data) is not None:
        form, read = "certificates", _of_pem(data)
    elif (encoded := _of_der(data)) is not None:
        form, read = "certificates", _of_certificates(encoded)
    else:
        return None
    found: dict[str, SignerKey] = {}
    wrong: list[Refused] = []
    other = 0
    for one in islice(read, ENTRIES):
        if isinstance(one, SignerKey):
            found.setdefault(one.key, msgspec.structs.replace(one, origin=name))
        elif one is None:
            other += 1
        else:
            wrong.append(one)
    if next(read, None) is not None:
        wrong.append(Refused("", "keys.limit", f"only the first {ENTRIES} entries were read: split the file"))
    file = KeyFile(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        form=form,
        taken=len(found),
        other=other,
        refused=len(wrong),
        notices=tuple([Notice(code=one.code, text=one.text) for one in wrong[:NOTICES]]),
    )
    return file, tuple([found[key] for key in sorted(found)])


def _is_key_ring(data: bytes) -> bool:
    try:
        return next(packets(data), (0, b""))[0] == PUBLIC_KEY
    except Malformed:
        return False


def _of_key_ring(data: bytes) -> _Read:
    for block in blocks(data):
        read = keys(block)
        yield from map(openpgp.signer_key, read)
        if not read:
            yield _unreadable("a block without a public key of version 4")


def _of_pem(data: bytes) -> _Read:
    for found in _PEM.finditer(data):
        encoded = base64(found[2])
        if found[1] not in _BUNDLES:
            yield from _of_certificates([encoded])
        else:
            try:
                yield from _of_certificates(certificates.bundled(encoded))
            except ValueError:
                yield _unreadable("a bundle of certificates that cannot be read")


def _of_der(data: bytes) -> tuple[bytes, ...] | None:
    """Return the certificates of a file that is one, or a bundle of them; ``None`` where it is neither."""
    if data[:1] != bytes([_SEQUENCE]):
        return None
    try:
        return certificates.bundled(data)
    except ValueError:
        pass
    try:
        certificates.signer_key(data)
    except ValueError:
        return None
    return (data,)


def _of_certificates(encoded: Iterable[bytes]) -> _Read:
    for one in encoded:
        try:
            yield certificates.signer_key(one)
        except ValueError:
            yield _unreadable("a certificate that cannot be read")


def _unreadable(text: str) -> Refused:
    return Refused("", "keys.record", text)
