"""Where recipes come from when the catalogue has none: one module a provider, each with one function `generate`.

The port: `generate(request, *, deadline)` takes a `GenerationRequest` and a moment of `time.monotonic()` and returns a
`Generated`, or raises `GenerationFailed`; both carry the `Usage`, since what failed may have cost something too. A
provider validates its output against the shape of a recipe and never invents what is missing; whether a recipe is
safe for the person is checked by the caller, for every provider alike.
"""
