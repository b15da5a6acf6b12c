"""All operations on files, E-nn, and honest edits, H-nn; which rows of the knowledge base are not planted, and why."""

from samples.planting.files.operations import (
    compound,
    containers,
    honest,
    libraries,
    libreoffice,
    properties,
    rewrites,
    sheets,
    signed,
    versions,
)

_MODULES = (rewrites, properties, sheets, libraries, containers, compound, versions, signed, libreoffice)

OPERATIONS = tuple([operation for module in _MODULES for operation in module.OPERATIONS])
HONEST = (*honest.OPERATIONS, *signed.HONEST, *containers.HONEST, *libreoffice.HONEST)

NOT_PLANTED = {
    1: "needs Word: a text changed and saved in Word",
    2: "needs Word on a computer whose clock is set back",
    7: "needs Word: a text copied into a new document",
    11: "needs Excel: a number changed and saved in Excel",
}
"""Rows of the knowledge base's table of operations on Office files and archives that are no operation here, and why."""
