"""``forensics letters``: whom to ask for which record, ready to send."""

from pathlib import Path

import click

from forensics.cli import options


@click.command(no_args_is_help=True)
@options.case
@click.option("--output", metavar="FOLDER", type=options.PATH, help="A new folder: a file for each letter.")
@click.option("--strength", default="moderate", show_default=True, help="Entries of this strength and above.")
@click.option("--language", metavar="LANG", default="en", show_default=True, help="Language of the letters.")
def run(case: Path, output: Path | None, strength: str, language: str) -> None:
    """Draft a letter to each provider and administrator whose records could settle an entry of the ranking.

    They state records and times, accuse nobody, and name no person. That they were written is logged.
    """
    from forensics import letters
    from forensics.cli.output import print_line
    from forensics.report.conclusions import head_of_act
    from forensics.report.letters import COLUMNS, summary

    written = letters(case, output, strength=strength, language=language)
    if not written.files:
        for text in written.texts.values():
            print_line(text + "-" * COLUMNS)
    for file in written.files:
        print_line(str(file))
    for line in summary(written.letters):
        print_line(line)
    print_line(head_of_act(written.head))
