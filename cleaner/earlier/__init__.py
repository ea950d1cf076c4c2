"""What earlier runs hold, in an index on disk, so that a later one removes it from its own input."""
