"""Rules on archives: one file each."""
