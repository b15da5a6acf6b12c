"""What we know: frozen types, table schemas and their JSON; no input or output."""
