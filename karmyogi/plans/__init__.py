"""Capacity building plans: which courses are expected of an officer, and by when."""
