"""Internet messages."""
