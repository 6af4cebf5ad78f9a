"""Recipes composed by rules: what a cook knows of foods, and the archetypes of dishes that they fill."""
