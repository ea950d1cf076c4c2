"""The stages that a document passes. Only `discover`, `read` and `write` touch the disk."""
