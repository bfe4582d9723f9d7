"""What the comments of ``examples/scenarios`` say, proven through the vendor API over time."""
