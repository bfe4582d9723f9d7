"""What can be said of a world and its clients, as values; leaves find it out when somebody asks."""
