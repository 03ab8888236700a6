"""What a source and its translation say, and how the two are compared."""
