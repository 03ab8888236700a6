"""Polyleaf renders patient leaflets in every language, for every clinic, as HTML and PDF."""
