"""Judge suggestions without a table: the answers to a set of fridges, and what a cook would object to."""
