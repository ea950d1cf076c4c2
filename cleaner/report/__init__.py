"""The page that shows what a run did: gathered in a database, drawn by a template.

walk ─ gather ─► Gathered ─ figures ─► ReportFigures ─ page ─► one HTML file
"""

from cleaner.report.page import write_report

__all__ = ["write_report"]
