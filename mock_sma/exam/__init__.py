"""An exam for clients: a curriculum of situations, and the judgement of how a program did in each."""
