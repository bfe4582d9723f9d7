"""The energies of a plant's day, as they can be known now and as they will be in the end."""
