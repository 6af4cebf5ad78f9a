"""Recipes made for a suggestion: planning, the worker, providers in their order, budget, one generation for many."""
