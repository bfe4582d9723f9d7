"""Many worlds in one process: which one a request belongs to, forks, and clients of their own."""
