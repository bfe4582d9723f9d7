"""A world on a server elsewhere, with the verbs of a world of this process, for ``pytest --sma-url``."""
