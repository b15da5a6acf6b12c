"""Keys of the examples of RFC 8463 appendix A, in files."""

from collections.abc import Callable

import pytest

from forensics.authenticity.key_files import read_key_file
from forensics.model.keys import Key, KeyFile

ED25519 = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
RSA = (
    "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQiY/J16JYi0Qvx/byYzCNb3W91y3F"
    "utACDfzwQ/BC/e/8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2EeC3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"
)

Reader = Callable[..., tuple[KeyFile, tuple[Key, ...]]]


@pytest.fixture
def rsa() -> str:
    return RSA


@pytest.fixture
def ed25519() -> str:
    return ED25519


@pytest.fixture
def read() -> Reader:
    def reader(text: str | bytes, name: str = "keys.txt") -> tuple[KeyFile, tuple[Key, ...]]:
        return read_key_file(name, text.encode() if isinstance(text, str) else text)

    return reader
