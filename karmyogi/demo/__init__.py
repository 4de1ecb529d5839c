"""A fictional state, written as the files a real one would send; it touches no table."""
