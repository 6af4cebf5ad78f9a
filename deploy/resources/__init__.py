"""Parts of templates that several stacks share, or that one stack is too large without."""
