"""Opens sources read-only and gives byte windows, digests and libmagic's opinion; knows no format."""
