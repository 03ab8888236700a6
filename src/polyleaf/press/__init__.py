"""Finishes PDFs for their use: takes one that WeasyPrint wrote, gives another one back. It imports pikepdf."""
