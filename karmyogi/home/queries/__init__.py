"""What the front pages show: numbers that open lists, each one cheap, by subject."""
