"""Floor 1: the database, private files, images, paper and jobs; never Flask."""
