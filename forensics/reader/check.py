"""One mail or document without a case: facts, clocks, findings."""

import os
import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar, cast

import msgspec

from forensics.checks import RULES, load
from forensics.engine.dates import instant_of, ticks
from forensics.engine.key_files import existing, given_keys
from forensics.engine.reading.pool import Pool
from forensics.engine.reading.protocol import Setup
from forensics.engine.reading.units import Unit, plan
from forensics.errors import CaseStoreError, IntakeError, StorageFull, UsageError
from forensics.knowledge.unread import remedy
from forensics.model.findings import Finding, StoredFinding
from forensics.model.items import Limits
from forensics.model.key_lines import SignatureVerdict
from forensics.model.keys import GivenKey, Key, KeyFile
from forensics.model.locations import quote
from forensics.model.paths import AnyPath
from forensics.model.presence.message import KEPT_BY_STORE
from forensics.model.rows import TABLES
from forensics.model.rows.chains import ChainRow
from forensics.model.rows.messages import MessageRow
from forensics.model.rows.observations import ObservationRow
from forensics.model.rows.occurrences import OccurrenceRow
from forensics.model.rows.signatures import SignatureRow
from forensics.model.rows.signed_parts import SignedPartRow
from forensics.model.signer_keys import SignerKey
from forensics.model.signer_lines import SignedPartLine
from forensics.model.summary import ItemFacts
from forensics.reader.item_facts import facts_of_rows
from forensics.stages.observed import Rows, from_rows

T = TypeVar("T")
_OF_ARCHIVES = "case."


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """What ``check`` found: the file first, then what is inside it, in the order met."""

    items: tuple[ItemFacts, ...]
    findings: tuple[Finding, ...]
    not_asked: tuple[str, ...]
    """Rules that compare the items of an archive: none was asked, and none stands among the items' power."""
    signatures: tuple[SignatureVerdict, ...] = ()
    """What the signatures of the mails say under the keys; none where no keys were given."""
    chains: tuple[ChainRow, ...] = ()
    """What the ARC chains of the mails say under them, likewise."""
    signed_parts: tuple[SignedPartLine, ...] = ()
    """What the parts of the mails say that their authors signed, under the keys that they carry and those given."""
    key_files: tuple[KeyFile, ...] = ()
    """What each key file gave."""
    remedies: tuple[tuple[str, int], ...] = ()
    """What to do about items of formats that are not read, a key of `forensics.report.notices.REMEDIES`, and how many
    they are; most frequent first."""


def check(
    file: AnyPath,
    *,
    as_of: str = "",
    passwords: tuple[bytes, ...] = (),
    limits: Limits | None = None,
    dkim_keys: AnyPath | Iterable[AnyPath] = (),
    signer_keys: AnyPath | Iterable[AnyPath] = (),
) -> Checked:
    """Read one file and everything inside it, and run the rules that need no archive.

    It is read as `scan` reads it: in a confined process, with the same limits; its rows go through a temporary folder.

    Args:
        file: a mail, document, image, mailbox or archive; read only.
        as_of: instant after which no date can be genuine, RFC 3339; now where empty.
        passwords: tried on encrypted members.
        limits: count limits; the defaults where ``None``.
        dkim_keys: key files, or folders of them, that signatures are tested with.
        signer_keys: likewise certificates and OpenPGP key rings of authors. Either takes the files of both.

    Raises:
        UsageError: there is no such file, or it is a folder; or a key file is missing.
        IntakeError: it cannot be read, or there is no room for what it holds.
        WorkerFailed: the process that reads ends by itself, whatever it is given.
    """
    file = Path(file)
    if not file.exists():
        raise UsageError(f"no such file: {file}")
    if not file.is_file():
        from forensics.casestore import is_case  # loads the database, which one file does without

        if is_case(file):
            raise UsageError(f"{file} is a case; `forensics rank {shlex.quote(str(file))}` lists what does not fit")
        command = f"forensics scan {shlex.quote(str(file))} --case DIR"
        raise UsageError(f"{file} is no file; a folder is read by `{command}`")
    key_paths = (*existing(dkim_keys), *existing(signer_keys))
    moment = instant_of(as_of, "--as-of") if as_of else ticks(datetime.now(UTC))
    tables = _read(file, moment, passwords, limits or Limits())
    stored = [row for row in tables.get("observations", ()) if isinstance(row, ObservationRow)]
    read = list(given_keys(key_paths))
    keys = [key for _, taken in read for key in taken]
    signatures, chains = _signatures(tables, keys) if read else ((), ())
    return Checked(
        items=facts_of_rows(tables, alone=True),
        findings=_findings(stored, tables.get("messages", ())) if stored else (),
        not_asked=tuple([name for name in RULES if name.startswith(_OF_ARCHIVES)]),
        signatures=signatures,
        chains=chains,
        signed_parts=_signed_parts(tables, keys),
        key_files=tuple([file for file, _ in read]),
        remedies=_remedies(tables),
    )


def _findings(stored: list[ObservationRow], messages: Iterable[msgspec.Struct]) -> tuple[Finding, ...]:
    """Return what was observed, graded, the rarest first."""
    from forensics.stages.grade import grade  # loads what most files, of which nothing was observed, do without

    stored.sort(key=lambda row: (row.rule, row.sha256))
    observed, _ = from_rows(stored, {row.rule: load(row.rule).RULE for row in stored if row.rule in RULES})
    made: list[StoredFinding] = []
    grade(observed, _of_file(messages), take=made.append)
    found = sorted((one.finding for one in made), key=lambda one: (one.rate is None, one.rate or 0, one.id))
    return tuple(found)


def _remedies(tables: Mapping[str, Iterable[msgspec.Struct]]) -> tuple[tuple[str, int], ...]:
    rows = [row for row in tables.get("occurrences", ()) if isinstance(row, OccurrenceRow)]
    unread = Counter(remedy(row.media_type, row.extension_type) for row in rows if row.reason == "engine.no_parser")
    return tuple(sorted(unread.items(), key=lambda one: (-one[1], one[0])))


def _signatures(
    tables: Mapping[str, Iterable[msgspec.Struct]], given: Sequence[GivenKey]
) -> tuple[tuple[SignatureVerdict, ...], tuple[ChainRow, ...]]:
    """Return what each signature and chain says under the keys."""
    from forensics.reader.judged_signatures import judged_signatures  # loads libraries that only keys need

    signatures = [row for row in tables.get("signatures", ()) if isinstance(row, SignatureRow)]
    messages = [row for row in tables.get("messages", ()) if isinstance(row, MessageRow)]
    return judged_signatures(signatures, messages, [key for key in given if isinstance(key, Key)])


def _signed_parts(
    tables: Mapping[str, Iterable[msgspec.Struct]], given: Sequence[GivenKey]
) -> tuple[SignedPartLine, ...]:
    """Return what each signed part says under the keys of its mail and those given."""
    rows = [row for row in tables.get("signed_parts", ()) if isinstance(row, SignedPartRow)]
    if not rows:
        return ()
    from forensics.reader.judged_parts import judged_parts  # loads libraries that only signed parts need

    return judged_parts(rows, [key for key in given if isinstance(key, SignerKey)])


def _read(file: Path, as_of: int, passwords: tuple[bytes, ...], limits: Limits) -> dict[str, list[msgspec.Struct]]:
    """Return the rows of a file, by table."""
    tables: dict[str, list[msgspec.Struct]] = {}

    def keep(_: Unit, rows: Mapping[str, Path]) -> Mapping[str, str]:
        try:
            found = {table: _rows(table, lines) for table, lines in rows.items()}
        except msgspec.MsgspecError as error:
            raise CaseStoreError(f"rows that are none: {error}") from error
        for table, read in found.items():
            tables.setdefault(table, []).extend(read)
        return {}

    try:
        with TemporaryDirectory(prefix="forensics-") as folder:
            setup = Setup(tmp=folder, limits=limits, as_of=as_of, passwords=passwords)
            units = plan(quote(os.fsencode(file.name)), file, limits, passwords, "", "")
            for _ in Pool(setup, 1, lambda _: None, lambda _: None, keep).run(units):
                pass
    except (OSError, StorageFull) as error:
        raise IntakeError(f"{file}: {error}") from error
    return tables


def _of_file(messages: Iterable[msgspec.Struct]) -> Rows:
    """Return what answers grading where there is no archive: which messages a store keeps, and no more."""
    from forensics.stages.grading.origin import MESSAGES, OriginRow

    kept = {row.sha256: row for row in messages if isinstance(row, MessageRow) and row.mask & KEPT_BY_STORE}

    def rows(sql: str, parameters: Mapping[str, object], kind: type[T], /) -> Iterable[T]:
        if sql is not MESSAGES:
            return _no_archive(sql, parameters, kind)
        found = [
            OriginRow(sha256=sha256, arrived=None, claimed=None, route="", stored=True, stamped=bool(row.hops))
            for sha256, row in sorted(kept.items())
        ]
        return cast(list[T], found)

    return rows


def _rows(table: str, file: Path) -> list[msgspec.Struct]:
    decoder = msgspec.json.Decoder(TABLES[table])
    with file.open("rb") as lines:
        return [decoder.decode(line) for line in lines]


def _no_archive(sql: str, parameters: Mapping[str, object], kind: type[T], /) -> Iterable[T]:
    """Answer every query with nothing: without an archive there is no habit."""
    return ()
