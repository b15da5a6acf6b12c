"""The encodings of a store's data blocks; none of them needs a key that the store does not hold.

Source: [MS-PST] 5.1 and 5.2.
"""

from collections.abc import Iterator

from forensics.model.decoding import Encoded

NONE, PERMUTE, CYCLIC = 0, 1, 2
CIPHERS = (NONE, PERMUTE, CYCLIC)
"""Numbers of those that can be undone; by another, 0x10, Windows Information Protection encrypts a store."""

_R = bytes.fromhex(
    "41361362a8216ebbf416cc047f64e85d1ef2cb2a74c55e35d295479e962d9a884c7d843fdbac31b6485ff6c4d8398be7"
    "233b388ec8c1df25b120a546604e9cfbaad35651457c550007c92b9d859b09a08fadb30f63ab894bd7a7155a716642bf"
    "264a6b98faea7753b270052cfd593a867ece06eb827857c78d43afb41cd45bcde2e9274fc3087280cfb0eff5286dbe30"
    "4d3492d50e3c2232e5e4f99fc2d10a8112e1ee918376e397e6618a1779a4b7dc907a5c8c02a6ca69de501a1193b95287"
    "58fced1d37491b6ae0293399bd6cd994f340546ff0c673b8d63e6518441fdd6710f10c19ecae03a1147ba90bfff8a3c0"
    "a201f72ebc2468750dfeba2fb5d0da3d"
)
_S = bytes.fromhex(
    "14530f56b3c87a9ceb65481716159f02cc547c83000d0c0ba262a876dbd9edc7c5a4dcac8574d6d0a79bae9a967166c3"
    "6399b8dd73928e847da55ed15d93b1575150808952944f4e0a6bbc8d7f6e47464140440111cb033ff7f4e1a98f3c3af9"
    "fbf0193082092ec99da08649ee6f4d6dc42d813425871b88aafc06a11238fd4c4272641337246a757743ffe6b44b365c"
    "e4d8353d45b92cecb7312b290768a30e697b189e2139be281a5b78f523ca2ab0af3efe048ce7e5983295d3f64ae8a6ea"
    "e9f3d52f7020f21f0567ad5510cecde3273bdabad7c226d4911dd21c2233f8faf15aefcf90b68bb5bdc0bf08971e6ce2"
    "61e0c6c159abbb58de5fdf60797eb28a"
)
_I = bytes([_R.index(value) for value in range(256)])
_MOST = 1 << 16
_LOW = bytes(range(256)) * (_MOST // 256 + 1)
_HIGH = b"".join([bytes((value,)) * 256 for value in range(256)]) * 2


def decode(cipher: int, data: bytes, number: int) -> bytes:
    """Return the data of a block as it was before it was encoded; *number* is the block's id."""
    if cipher == PERMUTE:
        return data.translate(_I)
    return _cyclic(data, number) if cipher == CYCLIC else data


def encode(cipher: int, data: bytes, number: int) -> bytes:
    """Return data as a store of this cipher has them in a block."""
    if cipher == PERMUTE:
        return data.translate(_R)
    return _cyclic(data, number) if cipher == CYCLIC else data


def decoder_name(cipher: int, number: int, start: int) -> str | None:
    """Return the decoder of a range *start* bytes into the block of an id; ``None``: none is needed."""
    if cipher == PERMUTE:
        return "pst-permute/1"
    return f"pst-cyclic/1:{(_key(number) + start) & 0xFFFF:x}" if cipher == CYCLIC else None


def decode_range(encoded: Encoded, cipher: int) -> Iterator[bytes]:
    """Yield a range of a block as it was before it was encoded; the parameter is the key of its first byte, in hex."""
    try:
        key = int(encoded.parameter, 16) if cipher == CYCLIC else 0
    except ValueError:
        return
    for at in range(encoded.start, encoded.end, _MOST):
        stored = encoded.source.read(at, min(at + _MOST, encoded.end))
        yield decode(cipher, stored, (key + at - encoded.start) & 0xFFFF)


def _key(number: int) -> int:
    """Return the key of the first byte of a block; a key of 16 bits is its own."""
    return (number ^ number >> 16) & 0xFFFF


def _cyclic(data: bytes, number: int) -> bytes:
    """Encode or decode: it is its own inverse.

    Each byte has a key of 16 bits, one more than that of the byte before it, and goes through three wheels; all bytes
    of a block are turned at once, as one long number.
    """
    key = _key(number)
    size = len(data)
    low, high = _LOW[key & 0xFF : (key & 0xFF) + size], _HIGH[key : key + size]
    turned = _add(_add(data, low).translate(_R), high).translate(_S)
    return _subtract(_subtract(turned, high).translate(_I), low)


def _add(one: bytes, other: bytes) -> bytes:
    """Add byte to byte, without carry from one to the next."""
    size = len(one)
    first, second = int.from_bytes(one, "little"), int.from_bytes(other, "little")
    tops = int.from_bytes(b"\x80" * size, "little")
    total = ((first & ~tops) + (second & ~tops)) ^ ((first ^ second) & tops)
    return total.to_bytes(size, "little")


_NEGATIVE = bytes([-value & 0xFF for value in range(256)])


def _subtract(one: bytes, other: bytes) -> bytes:
    return _add(one, other.translate(_NEGATIVE))
