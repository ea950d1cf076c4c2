"""Near-duplicate paragraphs: sketch each one, then decide in document order which are copies."""

from cleaner.duplicates.representatives import Copy, Representatives
from cleaner.duplicates.search import find_copies
from cleaner.duplicates.sketch import Sketches, sketch_paragraphs

__all__ = ["Copy", "Representatives", "Sketches", "find_copies", "sketch_paragraphs"]
