"""Parts of CloudFront distributions: cache, forwarding and header policies, and a function."""

import json
from pathlib import Path

from troposphere.cloudfront import (
    CacheCookiesConfig,
    CacheHeadersConfig,
    CachePolicy,
    CachePolicyConfig,
    CacheQueryStringsConfig,
    ContentSecurityPolicy,
    ContentTypeOptions,
    CustomErrorResponse,
    CustomHeader,
    CustomHeadersConfig,
    FrameOptions,
    Function,
    FunctionConfig,
    OriginRequestCookiesConfig,
    OriginRequestHeadersConfig,
    OriginRequestPolicy,
    OriginRequestPolicyConfig,
    OriginRequestQueryStringsConfig,
    ParametersInCacheKeyAndForwardedToOrigin,
    ReferrerPolicy,
    ResponseHeadersPolicy,
    ResponseHeadersPolicyConfig,
    SecurityHeadersConfig,
    StrictTransportSecurity,
)

from deploy import names
from deploy.environments import Environment
from smartcooking.contract import page_headers, site

# Error responses that CloudFront caches for ten seconds regardless of Cache-Control, unless configured otherwise.
ERRORS = (400, 403, 404, 405, 414, 500, 501, 502, 503, 504)
# The maximum Cache-Control age of a rendered page.
RENDERED_SECONDS = 3600
_PAGES_JS = Path(__file__).with_name("pages.js")


def cache_files(env: Environment) -> CachePolicy:
    """Cache by path alone, since names of the client's files contain the hash of their content."""
    return _cache(env, "ClientCaching", "client", env.cache_seconds, env.cache_most_seconds)


def cache_rendered(env: Environment) -> CachePolicy:
    """Cache the service's pages as their Cache-Control says, and not at all without one."""
    return _cache(env, "RenderedCaching", "rendered", 0, RENDERED_SECONDS)


def _cache(env: Environment, title: str, name: str, default: int, most: int) -> CachePolicy:
    key = ParametersInCacheKeyAndForwardedToOrigin(
        CookiesConfig=CacheCookiesConfig(CookieBehavior="none"),
        HeadersConfig=CacheHeadersConfig(HeaderBehavior="none"),
        QueryStringsConfig=CacheQueryStringsConfig(QueryStringBehavior="none"),
        EnableAcceptEncodingGzip=True,
        EnableAcceptEncodingBrotli=True,
    )
    return CachePolicy(
        title,
        CachePolicyConfig=CachePolicyConfig(
            Name=f"{env.prefix}-{name}",
            MinTTL=0,
            DefaultTTL=default,
            MaxTTL=most,
            ParametersInCacheKeyAndForwardedToOrigin=key,
        ),
    )


def forward_to_rendered(env: Environment) -> OriginRequestPolicy:
    """Forward the host, but nothing about the caller, since the response is cached for everybody.

    The language only affects responses for missing pages, which are not cached.
    """
    config = OriginRequestPolicyConfig(
        Name=f"{env.prefix}-rendered",
        CookiesConfig=OriginRequestCookiesConfig(CookieBehavior="none"),
        HeadersConfig=OriginRequestHeadersConfig(HeaderBehavior="whitelist", Headers=["Host", "Accept-Language"]),
        QueryStringsConfig=OriginRequestQueryStringsConfig(QueryStringBehavior="none"),
    )
    return OriginRequestPolicy("RenderedForwarding", OriginRequestPolicyConfig=config)


def headers_of_pages(env: Environment) -> ResponseHeadersPolicy:
    storage = page_headers.storage_origin(names.bucket(env, "images"), env.region)
    return _headers(
        env, "ClientHeaders", "client", page_headers.of_pages(storage=storage, pictures=(f"https://{env.domain}",))
    )


def headers_of_answers(env: Environment) -> ResponseHeadersPolicy:
    return _headers(env, "ApiHeaders", "api", page_headers.of_answers())


def _headers(env: Environment, title: str, name: str, headers: dict[str, str]) -> ResponseHeadersPolicy:
    """Return a policy that sets these headers in place of the origin's, and HSTS."""
    left = dict(headers)
    # A required setting, but CloudFront ignores its value.
    del left["X-Content-Type-Options"]
    security = SecurityHeadersConfig(
        StrictTransportSecurity=StrictTransportSecurity(
            AccessControlMaxAgeSec=env.hsts_seconds, IncludeSubdomains=True, Preload=True, Override=True
        ),
        ContentTypeOptions=ContentTypeOptions(Override=True),
        FrameOptions=FrameOptions(FrameOption=left.pop("X-Frame-Options"), Override=True),
        ReferrerPolicy=ReferrerPolicy(ReferrerPolicy=left.pop("Referrer-Policy"), Override=True),
    )
    if policy := left.pop("Content-Security-Policy", ""):
        security.ContentSecurityPolicy = ContentSecurityPolicy(ContentSecurityPolicy=policy, Override=True)
    others = [CustomHeader(Header=header, Value=value, Override=True) for header, value in sorted(left.items())]
    config = ResponseHeadersPolicyConfig(
        Name=f"{env.prefix}-{name}",
        SecurityHeadersConfig=security,
        CustomHeadersConfig=CustomHeadersConfig(Items=others),
    )
    return ResponseHeadersPolicy(title, ResponseHeadersPolicyConfig=config)


def keep_no_errors() -> list[CustomErrorResponse]:
    """Don't cache or replace error responses: the next caller may have access."""
    return [CustomErrorResponse(ErrorCode=code, ErrorCachingMinTTL=0) for code in ERRORS]


def pages(env: Environment) -> Function:
    """Rewrite URLs of pages to the client's index; other missing files stay 404."""
    return Function(
        "Pages",
        Name=f"{env.prefix}-pages",
        AutoPublish=True,
        FunctionCode=code_of_pages(env),
        FunctionConfig=FunctionConfig(Comment="Pages of the client are index.html", Runtime="cloudfront-js-2.0"),
    )


def code_of_pages(env: Environment) -> str:
    values = {
        "__PAGE__": f"^/(?:{site.PAGE})?$",
        "__MOVED__": site.MOVED,
        "__API__": f"https://{env.api_domain}",
        "__DESCRIPTION__": json.dumps(site.DESCRIPTION, separators=(",", ":")),
    }
    code = _PAGES_JS.read_text("utf-8")
    for name, value in values.items():
        code = code.replace(f"'{name}'", json.dumps(value))
    return code
