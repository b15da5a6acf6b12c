"""Internet messages and mailboxes."""
