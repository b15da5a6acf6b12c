"""The built leak, and an independent reading of it: standard library only, nothing of the builder or the product."""

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from forensics._demo.leak.build import build
from forensics._demo.leak.labels import Label, Labels

_SEPARATOR = re.compile(rb"^From \S+ [A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}\n", re.MULTILINE)


@dataclass(frozen=True)
class Item:
    """Anything in the leak."""

    path: str
    data: bytes

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def is_mail(self) -> bool:
        return "mbox:" in self.path.split(" > ")[-1] or self.path.endswith(".eml")

    @property
    def header(self) -> bytes:
        return self.data.replace(b"\r\n", b"\n").split(b"\n\n", 1)[0]

    def fields(self, name: str) -> list[str]:
        """Unfolded bodies of the fields of a name, newest first."""
        unfolded = re.sub(rb"\n[ \t]+", b" ", self.header).decode("latin-1")
        return [
            line.split(":", 1)[1].strip()
            for line in unfolded.split("\n")
            if line.lower().startswith(f"{name.lower()}:")
        ]

    @property
    def message(self) -> Any:
        return message_from_bytes(self.data, policy=policy.default)


@dataclass(frozen=True)
class Leak:
    """What was built."""

    folder: Path
    labels: Labels
    items: tuple[Item, ...]

    @property
    def mails(self) -> list[Item]:
        return [item for item in self.items if item.is_mail]

    def labelled(self, rule: str) -> set[str]:
        """Items of a rule's labels; what a mail's rule says of a file in it, it says of the mail."""
        found = [label for label in self.labels.labels if rule in label.rules]
        return {label.carrier if rule.startswith("mail.") and label.carrier else label.sha256 for label in found}

    def label(self, key: str) -> Label:
        return next(label for label in self.labels.labels if label.key == key)

    def item(self, key: str) -> Item:
        return next(item for item in self.items if item.sha256 == self.label(key).sha256)


def _walk(path: str, data: bytes) -> Iterator[Item]:
    yield Item(path, data)
    if path.endswith(".zip"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                yield from _walk(f"{path} > {info.filename}", archive.read(info))
    elif path.endswith(".mbox"):
        starts = [found.end() for found in _SEPARATOR.finditer(data)]
        ends = [*[found.start() for found in _SEPARATOR.finditer(data)][1:], len(data)]
        for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
            mail = re.sub(rb"^>(>*From )", rb"\1", data[start : end - 1], flags=re.MULTILINE)
            yield from _walk(f"{path} > mbox:{number}", mail)
    elif Item(path, b"").is_mail:
        message: EmailMessage = message_from_bytes(data, policy=policy.default)  # type: ignore[assignment]
        for part in message.walk():
            name = part.get_filename()
            if name:
                yield Item(f"{path} > {name}", part.get_payload(decode=True))  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def leak(tmp_path_factory: pytest.TempPathFactory) -> Leak:
    folder = tmp_path_factory.mktemp("leak")
    labels = build(folder)
    items = tuple(_walk(labels.source, (folder / labels.source).read_bytes()))
    return Leak(folder, labels, items)
