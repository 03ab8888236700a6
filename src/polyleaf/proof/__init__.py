"""A proof: one PDF with all pages of all editions that go to print, and with what was found in them, to be signed."""
