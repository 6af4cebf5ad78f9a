"""Evaluate suggestions without the table: the answers to a set of fridges, and a cook's objections to them."""
