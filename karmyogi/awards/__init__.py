"""Award orders, awards and their certificates."""
