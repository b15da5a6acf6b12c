"""What stands between tables, in a listed order: each stage reads tables and makes others."""
