"""``forensics rules``: what is tested, and how."""

import click

from forensics.cli import options


@click.command
@click.argument("rule", metavar="[ID]", default="")
@click.option("--pages", is_flag=True, help="The rule reference in Markdown.")
@options.language
def run(rule: str, language: str, *, pages: bool) -> None:
    """List the rules, or show one: what it needs, its bins, rates, innocent causes and what would settle it."""
    from forensics import rules
    from forensics.cli.output import print_line, print_table
    from forensics.knowledge.rates import rates_of
    from forensics.reader.stored_findings import known_rule
    from forensics.report import table
    from forensics.report.rule_pages import render

    if pages:
        print_line(render().rstrip("\n"))
        return
    known = {found.id: found for found in rules()}
    if not rule:
        print_table(table.rules(known.values(), language))
        return
    rule = known_rule(rule)
    print_table(table.rule(known[rule], rates_of(rule, known[rule].version), language))
