"""End-to-end suites against a running service at any address: safe in production, they clean up after themselves."""
