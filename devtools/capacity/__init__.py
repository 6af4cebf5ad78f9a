"""Read and write units of user actions, counted by the rules of AWS."""
