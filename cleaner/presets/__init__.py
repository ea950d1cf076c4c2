"""Presets: configurations with a name, for `--preset`."""
