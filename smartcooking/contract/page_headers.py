"""Security headers of the client's pages and the API, set by the service and by CloudFront."""

# What a page may load: our own files, the API, and pictures; nothing inline, nothing from third parties.
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
# Pages never need a camera or a position; cook mode keeps the screen on.
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), screen-wake-lock=(self)"
# Of all responses; Django's own middleware sets the same ones.
_OF_ALL = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


def of_pages(*, storage: str, pictures: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the headers of the client's pages; `storage` is the origin of files behind signed links."""
    origins = (storage,) if storage else ()
    return _OF_ALL | {
        "Content-Security-Policy": content_security_policy(connect=origins, pictures=(*origins, *pictures)),
        "Permissions-Policy": PERMISSIONS_POLICY,
        "Referrer-Policy": "strict-origin-when-cross-origin",
    }


def of_documentation() -> dict[str, str]:
    """Return the headers of /docs, which shows the API: only our own files, and requests to ourselves."""
    rules = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "connect-src": "'self'",
        "img-src": "'self' data:",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return of_answers() | {"Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in rules.items())}


def of_answers() -> dict[str, str]:
    """Return the headers of the API's responses."""
    return _OF_ALL | {"Referrer-Policy": "same-origin"}


def storage_origin(bucket: str, region: str) -> str:
    """Return the origin at which browsers fetch and post files of a bucket in AWS; no other bucket is trusted."""
    return f"https://{bucket}.s3.{region}.amazonaws.com"


def content_security_policy(*, connect: tuple[str, ...] = (), pictures: tuple[str, ...] = ()) -> str:
    """Return the policy; `connect` and `pictures` are further origins for requests by scripts and for pictures."""
    directives = dict(_DIRECTIVES)
    directives["connect-src"] = " ".join(("'self'", *connect))
    directives["img-src"] = " ".join(("'self'", "data:", "blob:", *pictures))
    return "; ".join(f"{name} {value}" for name, value in directives.items())
