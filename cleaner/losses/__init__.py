"""What each source of a corpus lost, and where that is far more than elsewhere."""
