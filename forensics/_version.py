"""The version of the program, in one place that setup and records both read."""

VERSION = "0.1.0"
