"""What belongs to one installation and is data: a folder for each State, its units, names, designations and policy."""
