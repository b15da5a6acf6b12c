"""Rules on images: one file each."""
