"""The handbook: one page for each role in both languages, read from `docs/guide`, and linked from every page."""
