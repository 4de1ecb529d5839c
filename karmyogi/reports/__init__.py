"""The iGOT report files and the State's roster: reading them, matching their rows, importing and undoing."""
