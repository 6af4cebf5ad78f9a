"""A judge of suggestions that needs no table: what is answered to fridges, and what a cook would object to."""
