"""Estimate an environment's costs: resources from its templates, a stated usage model, a price table."""
