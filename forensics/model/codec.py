"""JSON of the model: one encoder, strict readers.

A field that is added later has a default, so that what an earlier version stored can be read; a field that is unknown
is refused, since what it means is not known either.
"""

from typing import TypeVar

import msgspec

T = TypeVar("T")

_encoder = msgspec.json.Encoder(order="deterministic")


def encode(value: object) -> bytes:
    """Encode a model object as one line of JSON, keys of dictionaries sorted, bytes as base64."""
    return _encoder.encode(value)


def encode_line(value: object, onto: bytearray) -> None:
    """Put a model object as `encode` writes it, and a line end, behind what a buffer holds; nothing where it fails."""
    end = len(onto)
    try:
        _encoder.encode_into(value, onto, -1)
    except BaseException:
        del onto[end:]
        raise
    onto += b"\n"


def encode_text(value: object) -> str:
    """Encode as text."""
    return _encoder.encode(value).decode()


def decode(raw: bytes | str, kind: type[T]) -> T:
    """Decode one JSON value.

    Raises:
        msgspec.ValidationError: unknown fields or wrong types.
    """
    return msgspec.json.decode(raw, type=kind)
