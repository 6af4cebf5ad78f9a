"""The edge stack, in us-east-1: CloudFront for the client and for the API, its certificate, and its firewall."""

from typing import Any

from troposphere import GetAtt, Join, Output, Ref, Sub, Template
from troposphere.certificatemanager import Certificate, DomainValidationOption
from troposphere.cloudfront import (
    CacheBehavior,
    CacheCookiesConfig,
    CacheHeadersConfig,
    CachePolicy,
    CachePolicyConfig,
    CacheQueryStringsConfig,
    ContentSecurityPolicy,
    ContentTypeOptions,
    CustomErrorResponse,
    DefaultCacheBehavior,
    Distribution,
    DistributionConfig,
    FrameOptions,
    Origin,
    OriginAccessControl,
    OriginAccessControlConfig,
    ParametersInCacheKeyAndForwardedToOrigin,
    ReferrerPolicy,
    ResponseHeadersPolicy,
    ResponseHeadersPolicyConfig,
    S3OriginConfig,
    SecurityHeadersConfig,
    StrictTransportSecurity,
    ViewerCertificate,
    VpcOriginConfig,
)
from troposphere.logs import Delivery, DeliveryDestination, DeliverySource
from troposphere.route53 import AliasTarget, RecordSetType

from deploy.environments import Environment
from deploy.resources import accepted_findings, firewall, parameters, policies
from deploy.stacks.storage import PUBLIC_PICTURES
from smartcooking.contract import page_headers

# The same in all accounts: AWS's own policies, and the zone of every distribution.
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_OF_THE_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"
# The most that CloudFront waits for an answer; the longest that the interface allows is below it.
ANSWER_SECONDS = 60
READ = ["GET", "HEAD", "OPTIONS"]
WRITE = [*READ, "PUT", "POST", "PATCH", "DELETE"]


def build(env: Environment) -> Template:
    template = Template(Description=f"CloudFront of {env.prefix}")
    certificate = template.add_resource(_certificate(template, env))
    acl = firewall.add(template, env) if env.waf else None
    common: dict[str, Any] = {
        "Enabled": True,
        "HttpVersion": "http2and3",
        "IPV6Enabled": True,
        # All of the world: half of the price classes leave out Viet Nam.
        "PriceClass": "PriceClass_All",
        "ViewerCertificate": ViewerCertificate(
            AcmCertificateArn=Ref(certificate), SslSupportMethod="sni-only", MinimumProtocolVersion="TLSv1.2_2021"
        ),
    }
    if acl is not None:
        common["WebACLId"] = GetAtt(acl, "Arn")
    excused = accepted_findings.because("CKV_AWS_86", *(() if env.waf else ("CKV_AWS_68",)))
    client, api = (
        template.add_resource(Distribution(title, DistributionConfig=config, Metadata=excused))
        for title, config in (
            ("Client", _client(template, env, common)),
            ("ApiDistribution", _api(template, env, common)),
        )
    )
    destination = template.add_resource(_log_destination(template, env))
    for distribution, domain in ((client, env.domain), (api, env.api_domain)):
        _add_records(template, distribution, domain)
        _add_log(template, env, distribution, destination)
    template.add_output(Output("ClientDistribution", Value=Ref(client)))
    template.add_output(Output("ApiDistributionId", Value=Ref(api)))
    template.add_output(Output("EdgeCertificateArn", Value=Ref(certificate)))
    return template


def _certificate(template: Template, env: Environment) -> Certificate:
    zone = Ref(parameters.taken(template, "ZoneId", parameters.ZONE))
    domains = (env.domain, env.api_domain)
    return Certificate(
        "EdgeCertificate",
        DomainName=env.domain,
        SubjectAlternativeNames=[env.api_domain],
        ValidationMethod="DNS",
        DomainValidationOptions=[DomainValidationOption(DomainName=domain, HostedZoneId=zone) for domain in domains],
    )


def _client(template: Template, env: Environment, common: dict[str, Any]) -> DistributionConfig:
    """Serve the static client, and the pictures that everybody may see, out of their buckets."""
    access = template.add_resource(_origin_access(env))
    cached = template.add_resource(_cache_policy(env))
    headers = template.add_resource(_headers(env, "ClientHeaders", "client", _page_policy(env)))
    behavior = {
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": READ,
        "CachedMethods": READ,
        "CachePolicyId": Ref(cached),
        "ResponseHeadersPolicyId": Ref(headers),
        "Compress": True,
    }
    return DistributionConfig(
        **common,
        Aliases=[env.domain],
        Comment=f"{env.prefix} client",
        DefaultRootObject="index.html",
        Origins=[_bucket(template, name, access) for name in ("Frontend", "Images")],
        DefaultCacheBehavior=DefaultCacheBehavior(TargetOriginId="frontend", **behavior),
        CacheBehaviors=[CacheBehavior(PathPattern=key, TargetOriginId="images", **behavior) for key in PUBLIC_PICTURES],
        # Paths without a file are pages of the client. Not 403: what the firewall refuses must stay refused.
        CustomErrorResponses=[
            CustomErrorResponse(ErrorCode=404, ResponseCode=200, ResponsePagePath="/index.html", ErrorCachingMinTTL=0)
        ],
    )


def _api(template: Template, env: Environment, common: dict[str, Any]) -> DistributionConfig:
    """Pass everything on to the balancer. Nothing is kept: every answer depends on who asks."""
    headers = template.add_resource(_headers(env, "ApiHeaders", "api", None))
    origin = Origin(
        Id="api",
        DomainName=Ref(parameters.taken(template, "BalancerDnsName")),
        VpcOriginConfig=VpcOriginConfig(
            VpcOriginId=Ref(parameters.taken(template, "VpcOriginId")),
            OriginReadTimeout=ANSWER_SECONDS,
            OriginKeepaliveTimeout=ANSWER_SECONDS,
        ),
    )
    return DistributionConfig(
        **common,
        Aliases=[env.api_domain],
        Comment=f"{env.prefix} API",
        Origins=[origin],
        DefaultCacheBehavior=DefaultCacheBehavior(
            TargetOriginId="api",
            # A token that was sent in plain text is known to others: no redirect that hides the mistake.
            ViewerProtocolPolicy="https-only",
            AllowedMethods=WRITE,
            CachedMethods=READ,
            CachePolicyId=CACHING_DISABLED,
            OriginRequestPolicyId=ALL_OF_THE_VIEWER,
            ResponseHeadersPolicyId=Ref(headers),
            Compress=True,
        ),
    )


def _bucket(template: Template, name: str, access: OriginAccessControl) -> Origin:
    return Origin(
        Id=name.lower(),
        DomainName=Ref(parameters.taken(template, f"{name}BucketDomain")),
        OriginAccessControlId=GetAtt(access, "Id"),
        # Has to be there, and empty, where access is controlled the new way.
        S3OriginConfig=S3OriginConfig(OriginAccessIdentity=""),
    )


def _origin_access(env: Environment) -> OriginAccessControl:
    return OriginAccessControl(
        "OriginAccess",
        OriginAccessControlConfig=OriginAccessControlConfig(
            Name=env.prefix, OriginAccessControlOriginType="s3", SigningBehavior="always", SigningProtocol="sigv4"
        ),
    )


def _cache_policy(env: Environment) -> CachePolicy:
    """Keep by path alone: the client's files have their content's hash in their names."""
    key = ParametersInCacheKeyAndForwardedToOrigin(
        CookiesConfig=CacheCookiesConfig(CookieBehavior="none"),
        HeadersConfig=CacheHeadersConfig(HeaderBehavior="none"),
        QueryStringsConfig=CacheQueryStringsConfig(QueryStringBehavior="none"),
        EnableAcceptEncodingGzip=True,
        EnableAcceptEncodingBrotli=True,
    )
    return CachePolicy(
        "ClientCaching",
        CachePolicyConfig=CachePolicyConfig(
            Name=f"{env.prefix}-client",
            MinTTL=0,
            DefaultTTL=env.cache_seconds,
            MaxTTL=env.cache_most_seconds,
            ParametersInCacheKeyAndForwardedToOrigin=key,
        ),
    )


def _headers(env: Environment, title: str, name: str, page_policy: str | None) -> ResponseHeadersPolicy:
    security = SecurityHeadersConfig(
        StrictTransportSecurity=StrictTransportSecurity(
            AccessControlMaxAgeSec=env.hsts_seconds, IncludeSubdomains=True, Preload=True, Override=True
        ),
        ContentTypeOptions=ContentTypeOptions(Override=True),
        FrameOptions=FrameOptions(FrameOption="DENY", Override=True),
        ReferrerPolicy=ReferrerPolicy(ReferrerPolicy="strict-origin-when-cross-origin", Override=True),
    )
    if page_policy:
        security.ContentSecurityPolicy = ContentSecurityPolicy(ContentSecurityPolicy=page_policy, Override=True)
    config = ResponseHeadersPolicyConfig(Name=f"{env.prefix}-{name}", SecurityHeadersConfig=security)
    return ResponseHeadersPolicy(title, ResponseHeadersPolicyConfig=config)


def _page_policy(env: Environment) -> str:
    """Return what pages may load: ours, the API, pictures behind signed links; locally the service says the same."""
    pictures = f"https://*.s3.{env.region}.amazonaws.com"
    return page_headers.content_security_policy(connect=(f"https://{env.api_domain}", pictures), pictures=(pictures,))


def _add_records(template: Template, distribution: Distribution, domain: str) -> None:
    for kind in ("A", "AAAA"):
        template.add_resource(
            RecordSetType(
                f"{distribution.title}{kind}",
                HostedZoneId=Ref("ZoneId"),
                Name=domain,
                Type=kind,
                AliasTarget=AliasTarget(DNSName=GetAtt(distribution, "DomainName"), HostedZoneId=CLOUDFRONT_ZONE),
            )
        )


def _log_destination(template: Template, env: Environment) -> DeliveryDestination:
    bucket = Ref(parameters.taken(template, "LogsBucketArn"))
    return DeliveryDestination(
        "EdgeLogs",
        Name=f"{env.prefix}-cloudfront",
        OutputFormat="json",
        DestinationResourceArn=Join("/", [bucket, policies.CDN_LOGS]),
    )


def _add_log(
    template: Template, env: Environment, distribution: Distribution, destination: DeliveryDestination
) -> None:
    source = template.add_resource(
        DeliverySource(
            f"{distribution.title}LogSource",
            Name=f"{env.prefix}-{distribution.title.lower()}",
            LogType="ACCESS_LOGS",
            ResourceArn=Sub(
                f"arn:${{AWS::Partition}}:cloudfront::${{AWS::AccountId}}:distribution/${{{distribution.title}}}"
            ),
        )
    )
    template.add_resource(
        Delivery(
            f"{distribution.title}Log",
            DeliverySourceName=Ref(source),
            DeliveryDestinationArn=GetAtt(destination, "Arn"),
            S3SuffixPath="{DistributionId}/{yyyy}/{MM}/{dd}",
        )
    )
