"""A target's git repository: names, commits, working trees."""
