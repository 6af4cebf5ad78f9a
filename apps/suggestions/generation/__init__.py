"""Generate recipes for a suggestion: planning, the worker, provider order, budget, single-flight."""
