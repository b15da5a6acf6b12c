"""Rules on mails: one file each."""
