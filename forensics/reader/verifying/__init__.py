"""The pieces of a verification: log, files of the case, sources, citations. Each adds to one `Gathered`."""
