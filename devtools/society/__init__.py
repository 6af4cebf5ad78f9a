"""A synthetic society: people, recipes, friendships, posts; the same for the same seed."""
