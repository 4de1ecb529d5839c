"""A front page for each role, the employee's own page, and the public board."""
