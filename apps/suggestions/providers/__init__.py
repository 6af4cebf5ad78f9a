"""Providers generate recipes when the catalogue has none: one module each, with one function `generate`.

The port: `generate(request, *, deadline, model)` takes a `GenerationRequest`, a moment of `time.monotonic()` and the
name of a model, makes one call and returns a `Generated`, or raises `GenerationFailed`; both carry the `Usage`, since
what failed may have cost something too. A provider validates its output against the shape of a recipe and never
invents what is missing; whether another attempt is worth its price, and whether a recipe is safe for the person, is
decided by the caller, for every provider alike.
"""
