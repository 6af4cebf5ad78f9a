"""Every access of the users app to the table."""
