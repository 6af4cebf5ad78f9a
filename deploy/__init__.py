"""The infrastructure in AWS: one module per stack, and the command that builds, compares and deploys them."""
