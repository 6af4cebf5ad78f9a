"""Compose recipes by rules: culinary knowledge about foods, and the dish archetypes that they fill."""
