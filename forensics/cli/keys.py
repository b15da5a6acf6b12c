"""``forensics keys``: keys of signatures, those at hand and those that are missing."""

from pathlib import Path

import click

from forensics.cli import keys_recover, options
from forensics.cli.options import Form
from forensics.cli.output import print_line, write_list
from forensics.errors import Exit

_signers = click.option("--signers", is_flag=True, help="Of authors who sign with S/MIME or OpenPGP.")


@click.group(cls=options.Group, no_args_is_help=True)
def run() -> None:
    """Give a case the keys that its mails were signed with, and see which are missing.

    No key is ever fetched: they come from files, or from the archive itself.
    """


@run.command(name="list", no_args_is_help=True)
@options.case
@_signers
@options.form
@options.limit
def list_keys(case: Path, signers: bool, form: Form, limit: int) -> None:
    """List the keys that a case has.

    Of each: its length, how many signatures it opens and of how many the header holds, where it came from, and when it
    stood in DNS as far as its file says. With --signers the certificates and OpenPGP keys of authors: whom each names,
    how many signatures it was tried on and how many of these it made.
    """
    from forensics import open_case
    from forensics.report import csv_lines, jsonl, key_lists, signer_lists

    with open_case(case) as opened:
        if signers:
            keys = opened.signer_keys()
            forms = jsonl.signer_keys, csv_lines.signer_keys, signer_lists.keys
            write_list(form, limit, opened.reached(), keys, *forms)
            return
        write_list(form, limit, opened.reached(), opened.keys(), jsonl.keys, csv_lines.keys, key_lists.keys)


@run.command(no_args_is_help=True)
@options.case
@click.argument("files", metavar="FILE...", type=options.PATH, nargs=-1, required=True)
@options.source
@options.passwords
def add(case: Path, files: tuple[Path, ...], source: tuple[str, ...], passwords: tuple[bytes, ...]) -> int:
    """Store keys in a case, and judge it anew.

    FILE is a file or a folder of them: zone text, a table with columns domain, selector and record (or p), passive DNS
    as JSON lines, answers of DNS as JSON, or a file named SELECTOR._domainkey.DOMAIN that holds the record; of authors,
    certificates and bundles of them (PEM, DER, PKCS #7), or OpenPGP key rings.
    """
    from forensics import add_keys
    from forensics.report import conclusions, key_lists

    added = add_keys(case, files, source, passwords=passwords)
    for text in key_lists.files(added.files):
        print_line(text)
    print_line(key_lists.judged(added.judged))
    print_line(conclusions.head(added.head))
    return Exit.DONE if added.judged else Exit.RESUMABLE


@run.command(no_args_is_help=True)
@options.case
@click.argument("keys", metavar="KEY...", nargs=-1, required=True)
@options.source
@options.passwords
def remove(case: Path, keys: tuple[str, ...], source: tuple[str, ...], passwords: tuple[bytes, ...]) -> int:
    """Take keys out of a case, and judge it anew.

    KEY is DOMAIN/SELECTOR (all keys of the selector), an address (all of this author), the name of one key (keys list
    --format jsonl), or that of the file that gave them. The custody log keeps which were taken out.
    """
    from forensics import remove_keys
    from forensics.report import conclusions, key_lists, signer_lists

    gone = remove_keys(case, keys, source, passwords=passwords)
    for text in (*key_lists.removed(gone.removed), *signer_lists.removed(gone.signers)):
        print_line(text)
    print_line(key_lists.judged_without(gone.judged))
    print_line(conclusions.head(gone.head))
    return Exit.DONE if gone.judged else Exit.RESUMABLE


@run.command(no_args_is_help=True)
@options.case
@_signers
@options.form
@options.limit
def coverage(case: Path, signers: bool, form: Form, limit: int) -> None:
    """List the selectors that mails are signed with.

    Of each: the mails that its key would decide, since no other signature of theirs opens; all its mails; how many
    signatures a key at hand opens; and whom to ask for a key that is missing. With --signers the same of authors who
    sign with S/MIME or OpenPGP.
    """
    from forensics import open_case
    from forensics.report import csv_lines, jsonl, key_lists, signer_lists

    with open_case(case) as opened:
        if signers:
            authors = opened.signer_coverage()
            forms = jsonl.signer_coverage, csv_lines.signer_coverage, signer_lists.coverage
            write_list(form, limit, opened.reached(), authors, *forms)
            return
        uses = opened.key_coverage()
        write_list(form, limit, opened.reached(), uses, jsonl.key_coverage, csv_lines.key_coverage, key_lists.coverage)


run.add_command(keys_recover.run)
