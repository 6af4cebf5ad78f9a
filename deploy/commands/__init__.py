"""The subcommands of `python -m deploy`, grouped into modules."""
