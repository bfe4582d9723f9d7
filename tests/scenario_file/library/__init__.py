"""What the comments of the shipped scenarios say, proven through the vendor API."""
