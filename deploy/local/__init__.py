"""The local stack: the environment `local` on this machine, and the servers that stand in for AWS."""
