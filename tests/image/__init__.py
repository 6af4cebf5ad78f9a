"""Trials of the image: `make image` runs them."""
