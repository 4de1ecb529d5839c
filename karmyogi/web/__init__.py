"""Floor 2: what every page has in common; knows no room."""
