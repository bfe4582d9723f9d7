"""What fault rules need beyond their values: their objects, the answers that they make, and JSON Patch."""
