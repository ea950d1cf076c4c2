"""Near-duplicate paragraphs: sketch each one, then decide in document order which are copies."""

from cleaner.duplicates.search import Copy, search_paragraphs

__all__ = ["Copy", "search_paragraphs"]
