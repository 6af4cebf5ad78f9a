"""Questions to a running service, asked as people ask: by operators, by releases, and around the clock by commands."""
