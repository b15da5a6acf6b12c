"""Keys that are taken out of a case, which is then judged without them; the log keeps which they were."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from forensics.casestore import CaseFolder, Queries, reached, table_files
from forensics.engine.judging import discard, judge_again, stoppable
from forensics.engine.keys import write_keys
from forensics.errors import UsageError
from forensics.model.keys import RemovedKeys
from forensics.model.paths import AnyPath
from forensics.model.rows.keys import KeyRow
from forensics.model.rows.signer_keys import SignerKeyRow

_KEYS = "SELECT * FROM keys ORDER BY domain, selector, key, origin"
_SIGNER_KEYS = "SELECT * FROM signer_keys ORDER BY key, origin"


def remove_keys(
    case: AnyPath,
    keys: Iterable[str],
    sources: Mapping[str, AnyPath] | Sequence[str] = (),
    *,
    passwords: Sequence[bytes] = (),
) -> RemovedKeys:
    """Take keys out of a case and judge it anew, from where its sources lie.

    Args:
        case: the case folder.
        keys: which: ``DOMAIN/SELECTOR`` for all keys of a selector, an address for those of its author, the name of a
            key as `keys` and `signer_keys` list it, or the name of the file that gave them.
        sources: where sources lie now: by label, or as texts ``[LABEL=]PATH``. A source that is not named is looked
            for where it was scanned.
        passwords: tried in order on encrypted ranges.

    Raises:
        UsageError: the case has no such key, or a source is not one of the case.
        CaseStoreError: the folder is no case, is locked, or the disk is full (`StorageFull`).
        Interrupted: stopped by the user; `forensics.scan` goes on from there.
    """
    asked = list(keys)
    folder = CaseFolder.open(Path(case))
    with folder.lock(), stoppable(folder):
        discard(folder)
        units = {unit: _rows(folder, unit) for unit in _units(folder)}
        for name in asked:
            if not any(_meant(row, [name]) for rows in units.values() for row in rows):
                raise UsageError(f"the case has no key {name!r}; forensics keys list names those that it has")
        removed: list[KeyRow | SignerKeyRow] = []
        for unit, rows in units.items():
            out = [row for row in rows if _meant(row, asked)]
            if out:
                details = {"unit": unit, "keys": str(len(out)), "removed": " ".join([row.key for row in out])}
                files = write_keys(folder, unit, [row for row in rows if row not in out])
                folder.custody.append("keys_removed", details, files)
                removed += out
        judged = reached(folder).settled or judge_again(folder, sources, passwords)
        head = folder.custody.head()
    of_dkim = [row.given for row in removed if isinstance(row, KeyRow)]
    signers = [row.given for row in removed if isinstance(row, SignerKeyRow)]
    return RemovedKeys(
        removed=tuple(sorted(of_dkim, key=lambda key: (key.domain, key.selector, key.record, key.origin))),
        signers=tuple(sorted(signers, key=lambda key: (key.addresses, key.key, key.origin))),
        judged=judged,
        head=head,
    )


def _meant(row: KeyRow | SignerKeyRow, names: Iterable[str]) -> bool:
    owners = row.addresses if isinstance(row, SignerKeyRow) else [f"{row.domain}/{row.selector}"]
    return any(name in (row.key, row.origin) or name.lower() in owners for name in names)


def _units(folder: CaseFolder) -> list[str]:
    return [path.stem for files in table_files(folder, ["keys", "signer_keys"]).values() for path in files]


def _rows(folder: CaseFolder, unit: str) -> list[KeyRow | SignerKeyRow]:
    """Return the keys of one unit, of which the tables do not tell."""
    with Queries(folder, without=[other for other in _units(folder) if other != unit]) as queries:
        return [*queries.rows(_KEYS, {}, KeyRow), *queries.rows(_SIGNER_KEYS, {}, SignerKeyRow)]
