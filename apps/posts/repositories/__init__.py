"""Every access of the posts app to the table."""
