"""The iGOT catalogue as far as reports have shown it."""
