"""A run as a visitor asks for it, and as a page watches it."""
