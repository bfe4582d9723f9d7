"""What happens in a world besides requests: its timeline by itself, and changes by hand."""
