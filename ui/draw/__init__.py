"""The tab Draw."""
