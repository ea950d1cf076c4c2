"""A finished output, read again: to restore what was removed, and to verify what was promised."""
