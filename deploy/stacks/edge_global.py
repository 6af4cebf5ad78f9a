"""The edge stack, in us-east-1: CloudFront for the client and for the API, its certificate, and its firewall."""

from typing import Any

from troposphere import GetAtt, Join, Output, Ref, Sub, Template
from troposphere.certificatemanager import Certificate, DomainValidationOption
from troposphere.cloudfront import (
    CacheBehavior,
    DefaultCacheBehavior,
    Distribution,
    DistributionConfig,
    FunctionAssociation,
    GeoRestriction,
    Origin,
    OriginAccessControl,
    OriginAccessControlConfig,
    ResponseHeadersPolicy,
    Restrictions,
    S3OriginConfig,
    ViewerCertificate,
    VpcOriginConfig,
)
from troposphere.logs import Delivery, DeliveryDestination, DeliverySource
from troposphere.route53 import AliasTarget, RecordSetType

from deploy.environments import Environment
from deploy.resources import accepted_findings, edge, firewall, parameters, policies
from deploy.stacks.storage import PUBLIC_PICTURES
from smartcooking.contract import site

# The same in all accounts: AWS's managed policies, and the hosted zone of all distributions.
CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
ALL_OF_THE_VIEWER = "216adef6-5c7f-47e4-b989-5492eafa07d3"
CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"
# CloudFront's maximum response timeout, which is above the API's longest wait.
ANSWER_SECONDS = 60
# Seconds for which CloudFront keeps an idle connection to the load balancer: fewer than the balancer (60), which in
# turn keeps connections to tasks for less than gunicorn (65). The side that may send next must be the first to close.
KEEPALIVE_SECONDS = 50
# Fields of the access log: no cookies, which hold session tokens, and no query strings, which hold searches.
LOGGED = (
    "date", "time", "x-edge-location", "sc-bytes", "c-ip", "cs-method", "cs(Host)", "cs-uri-stem", "sc-status",
    "cs(Referer)", "cs(User-Agent)", "x-edge-result-type", "x-edge-request-id", "x-host-header", "cs-protocol",
    "cs-bytes", "time-taken", "x-forwarded-for", "ssl-protocol", "ssl-cipher", "x-edge-response-result-type",
    "cs-protocol-version", "time-to-first-byte", "x-edge-detailed-result-type", "sc-content-type", "sc-content-len",
)  # fmt: skip
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
        # All edge locations: the cheaper price classes leave out Viet Nam.
        "PriceClass": "PriceClass_All",
        "ViewerCertificate": ViewerCertificate(
            AcmCertificateArn=Ref(certificate), SslSupportMethod="sni-only", MinimumProtocolVersion="TLSv1.2_2021"
        ),
    }
    if env.blocked_countries:
        # CloudFront's own geo restriction is free; a firewall rule that does the same costs 1 USD a month.
        common["Restrictions"] = Restrictions(
            GeoRestriction=GeoRestriction(RestrictionType="blacklist", Locations=list(env.blocked_countries))
        )
    if acl is not None:
        common["WebACLId"] = GetAtt(acl, "Arn")
    common["CustomErrorResponses"] = edge.keep_no_errors()
    of_answers = template.add_resource(edge.headers_of_answers(env))
    excused = accepted_findings.because("CKV_AWS_86", *(() if env.waf else ("CKV_AWS_68",)))
    client, api = (
        template.add_resource(Distribution(title, DistributionConfig=config, Metadata=excused))
        for title, config in (
            ("Client", _client(template, env, common, of_answers)),
            ("ApiDistribution", _api(template, env, common, of_answers)),
        )
    )
    destination = template.add_resource(_log_destination(template, env))
    for distribution, domain in ((client, env.domain), (api, env.api_domain)):
        _add_records(template, distribution, domain)
    first = _add_log(template, env, client, destination)
    # AWS rejects two concurrent deliveries to one destination.
    _add_log(template, env, api, destination).DependsOn = first.title
    template.add_output(Output("ClientDistribution", Value=Ref(client)))
    template.add_output(Output("ApiDistributionId", Value=Ref(api)))
    template.add_output(Output("EdgeCertificateArn", Value=Ref(certificate)))
    return template


def _certificate(template: Template, env: Environment) -> Certificate:
    zone = Ref(parameters.from_output(template, "ZoneId", parameters.ZONE))
    domains = (env.domain, env.api_domain)
    return Certificate(
        "EdgeCertificate",
        DomainName=env.domain,
        SubjectAlternativeNames=[env.api_domain],
        ValidationMethod="DNS",
        DomainValidationOptions=[DomainValidationOption(DomainName=domain, HostedZoneId=zone) for domain in domains],
    )


def _client(
    template: Template, env: Environment, common: dict[str, Any], of_answers: ResponseHeadersPolicy
) -> DistributionConfig:
    """Serve the static client, public pictures, and the API on the same site.

    On one site, session cookies are first-party, and browsers need no CORS preflight requests to call the API.
    """
    access = template.add_resource(_origin_access(env))
    cached, rendered = (template.add_resource(make(env)) for make in (edge.cache_files, edge.cache_rendered))
    forwarded = template.add_resource(edge.forward_to_rendered(env))
    pages = template.add_resource(edge.pages(env))
    files = {
        "ViewerProtocolPolicy": "redirect-to-https",
        "AllowedMethods": READ,
        "CachedMethods": READ,
        "CachePolicyId": Ref(cached),
        "ResponseHeadersPolicyId": Ref(template.add_resource(edge.headers_of_pages(env))),
        "Compress": True,
    }
    of_service = files | {"CachePolicyId": Ref(rendered), "OriginRequestPolicyId": Ref(forwarded)}
    behaviors = [
        # First, so that no pattern for files matches an API call.
        *((path, "api", _calls(of_answers)) for path in site.ANSWERED),
        *((path, "api", of_service) for path in site.RENDERED),
        *((path, "images", files) for path in PUBLIC_PICTURES),
        # Most requests are for these. They run no function, and missing files are 404.
        ("/assets/*", "frontend", files),
    ]
    return DistributionConfig(
        **common,
        Aliases=[env.domain],
        Comment=f"{env.prefix} client",
        DefaultRootObject="index.html",
        Origins=[*(_bucket(template, name, access) for name in ("Frontend", "Images")), _service(template)],
        DefaultCacheBehavior=DefaultCacheBehavior(
            TargetOriginId="frontend",
            FunctionAssociations=[
                FunctionAssociation(EventType="viewer-request", FunctionARN=GetAtt(pages, "FunctionARN"))
            ],
            **files,
        ),
        CacheBehaviors=[
            CacheBehavior(PathPattern=path, TargetOriginId=origin, **behavior) for path, origin, behavior in behaviors
        ],
    )


def _api(template: Template, env: Environment, common: dict[str, Any], headers: ResponseHeadersPolicy) -> Any:
    """Forward everything to the load balancer."""
    return DistributionConfig(
        **common,
        Aliases=[env.api_domain],
        Comment=f"{env.prefix} API",
        Origins=[_service(template)],
        DefaultCacheBehavior=DefaultCacheBehavior(TargetOriginId="api", **_calls(headers)),
    )


def _calls(headers: ResponseHeadersPolicy) -> dict[str, Any]:
    """Return the behaviour for API calls: forwarded unchanged and not cached, since responses depend on the caller."""
    return {
        # A token sent in plain text is compromised: do not hide the mistake with a redirect.
        "ViewerProtocolPolicy": "https-only",
        "AllowedMethods": WRITE,
        "CachedMethods": READ,
        "CachePolicyId": CACHING_DISABLED,
        "OriginRequestPolicyId": ALL_OF_THE_VIEWER,
        "ResponseHeadersPolicyId": Ref(headers),
        "Compress": True,
    }


def _service(template: Template) -> Origin:
    """Return the load balancer; its certificate covers both sites: CloudFront checks it against the Host header."""
    return Origin(
        Id="api",
        DomainName=Ref(parameters.from_output(template, "BalancerDnsName")),
        VpcOriginConfig=VpcOriginConfig(
            VpcOriginId=Ref(parameters.from_output(template, "VpcOriginId")),
            OriginReadTimeout=ANSWER_SECONDS,
            OriginKeepaliveTimeout=KEEPALIVE_SECONDS,
        ),
    )


def _bucket(template: Template, name: str, access: OriginAccessControl) -> Origin:
    return Origin(
        Id=name.lower(),
        DomainName=Ref(parameters.from_output(template, f"{name}BucketDomain")),
        OriginAccessControlId=GetAtt(access, "Id"),
        # Must be present and empty with origin access control.
        S3OriginConfig=S3OriginConfig(OriginAccessIdentity=""),
    )


def _origin_access(env: Environment) -> OriginAccessControl:
    return OriginAccessControl(
        "OriginAccess",
        OriginAccessControlConfig=OriginAccessControlConfig(
            Name=env.prefix, OriginAccessControlOriginType="s3", SigningBehavior="always", SigningProtocol="sigv4"
        ),
    )


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
    bucket = Ref(parameters.from_output(template, "LogsBucketArn"))
    return DeliveryDestination(
        "EdgeLogs",
        Name=f"{env.prefix}-cloudfront",
        OutputFormat="json",
        DestinationResourceArn=Join("/", [bucket, policies.CDN_LOGS]),
    )


def _add_log(
    template: Template, env: Environment, distribution: Distribution, destination: DeliveryDestination
) -> Delivery:
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
    return template.add_resource(
        Delivery(
            f"{distribution.title}Log",
            DeliverySourceName=Ref(source),
            DeliveryDestinationArn=GetAtt(destination, "Arn"),
            S3SuffixPath="{DistributionId}/{yyyy}/{MM}/{dd}",
            RecordFields=list(LOGGED),
        )
    )
