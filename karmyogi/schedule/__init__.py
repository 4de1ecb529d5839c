"""Timed jobs and queued work: what there is, the process that does it, and the pages that show it."""
