"""Mend lines of text: what ftfy does, several times as fast, and what it leaves to be done.

lines ─ scan ─► untouched, or only the cheap steps ─► lines
          └───► line by line through all of ftfy's steps ─► lines
"""
