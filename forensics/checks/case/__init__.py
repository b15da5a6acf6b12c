"""Rules over the whole case: one file each, with its query."""
