"""Floor 0: pure ideas shared by every room; the standard library only."""
