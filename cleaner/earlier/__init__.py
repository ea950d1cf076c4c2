"""What earlier runs hold, in an index on disk, for a later one to take out of its own input."""
