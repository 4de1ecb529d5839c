"""Trainings that the State itself runs: sessions held, and who attended or taught."""
