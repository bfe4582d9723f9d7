"""What lies over simulated numbers: rows that somebody has recorded, and events that make a set say something else."""
