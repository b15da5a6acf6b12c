"""What mails say of each other: threads, quotes, copies."""
