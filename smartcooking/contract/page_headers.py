"""Headers of the client's pages: the service sets them locally, CloudFront in AWS."""

# What a page may load: our own files, the API, and pictures; nothing inline, nobody else.
_DIRECTIVES = (
    ("default-src", "'self'"),
    ("script-src", "'self'"),
    ("style-src", "'self'"),
    ("font-src", "'self'"),
    ("object-src", "'none'"),
    ("base-uri", "'none'"),
    ("form-action", "'self'"),
    ("frame-ancestors", "'none'"),
    ("require-trusted-types-for", "'script'"),
    ("trusted-types", "worker"),
)
REFERRER_POLICY = "strict-origin-when-cross-origin"
# A camera or a position is never asked for; a screen that stays on is, in cook mode.
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), screen-wake-lock=(self)"


def content_security_policy(*, connect: tuple[str, ...] = (), pictures: tuple[str, ...] = ()) -> str:
    """Return the policy; `connect` and `pictures` are further origins that scripts may ask and pictures come from."""
    directives = dict(_DIRECTIVES)
    directives["connect-src"] = " ".join(("'self'", *connect))
    directives["img-src"] = " ".join(("'self'", "data:", "blob:", *pictures))
    return "; ".join(f"{name} {value}" for name, value in directives.items())
