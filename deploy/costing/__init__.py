"""What an environment costs: resources out of the templates, usage out of a stated model, prices out of a table."""
