"""Parts of templates that several stacks share, or that would make one stack's module too long."""
