"""Schemes, cycles and nominations, from draft to release."""
