"""The verbs of `python -m deploy`, a module for those that belong together."""
