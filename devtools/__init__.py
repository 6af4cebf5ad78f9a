"""Development tools: synthetic data for measurements, and the read and write units of user actions."""
