"""Officers, the units they are posted in, and the honours on their service record."""
