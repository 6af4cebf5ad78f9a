"""The dns stack: the hosted zone of the environment's domain, and the permission to send mail from it.

Deployed before everything that needs a certificate: records of this zone validate certificates, which wait until the
domain's registrar (or the zone above) points to the name servers that this stack outputs.
"""

from troposphere import GetAtt, Join, Output, Ref, Sub, Template
from troposphere.route53 import HostedZone, HostedZoneConfiguration, RecordSetType
from troposphere.ses import (
    DkimSigningAttributes,
    EmailIdentity,
    FeedbackAttributes,
    MailFromAttributes,
)

from deploy.environments import Environment

TTL = "3600"


def build(env: Environment) -> Template:
    template = Template(Description=f"Domain of {env.prefix}")
    zone = template.add_resource(
        HostedZone(
            "Zone",
            Name=env.domain,
            HostedZoneConfig=HostedZoneConfiguration(Comment=f"Made by the dns stack of {env.prefix}"),
            DeletionPolicy="Retain" if env.protected else "Delete",
            UpdateReplacePolicy="Retain",
        )
    )
    _add_mail(template, env, zone)
    for number, (name, kind, values) in enumerate(_others(env), start=1):
        _record(template, f"Other{number}", zone, name, kind, *values)
    _record(template, "Authorities", zone, env.domain, "CAA", '0 issue "amazon.com"', '0 issuewild ";"')
    for domain, servers in env.delegations:
        title = "".join(part.capitalize() for part in domain.split("."))
        _record(template, f"Delegate{title}", zone, domain, "NS", *servers)
    template.add_output(Output("ZoneId", Value=Ref(zone)))
    template.add_output(Output("ZoneNameServers", Value=Join(",", GetAtt(zone, "NameServers"))))
    return template


def _add_mail(template: Template, env: Environment, zone: HostedZone) -> None:
    """Add the SES identity and the DNS records that let receivers detect forged mail."""
    sender = f"mail.{env.domain}"
    identity = template.add_resource(
        EmailIdentity(
            "MailIdentity",
            EmailIdentity=env.domain,
            DkimSigningAttributes=DkimSigningAttributes(NextSigningKeyLength="RSA_2048_BIT"),
            MailFromAttributes=MailFromAttributes(MailFromDomain=sender, BehaviorOnMxFailure="USE_DEFAULT_VALUE"),
            FeedbackAttributes=FeedbackAttributes(EmailForwardingEnabled=True),
        )
    )
    for number in (1, 2, 3):
        template.add_resource(
            RecordSetType(
                f"Dkim{number}",
                HostedZoneId=Ref(zone),
                Name=GetAtt(identity, f"DkimDNSTokenName{number}"),
                Type="CNAME",
                TTL=TTL,
                ResourceRecords=[GetAtt(identity, f"DkimDNSTokenValue{number}")],
            )
        )
    _record(template, "BounceHost", zone, sender, "MX", Sub("10 feedback-smtp.${AWS::Region}.amazonses.com"))
    _record(template, "BounceSenders", zone, sender, "TXT", '"v=spf1 include:amazonses.com -all"')
    texts = [value for name, kind, values in env.records if (name, kind) == (env.domain, "TXT") for value in values]
    _record(template, "Senders", zone, env.domain, "TXT", '"v=spf1 include:amazonses.com -all"', *texts)
    _record(template, "Dmarc", zone, f"_dmarc.{env.domain}", "TXT", '"v=DMARC1; p=quarantine; adkim=s; aspf=r"')


def _others(env: Environment) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return the records that do not merge with one of ours: a name has one record set per type."""
    return [one for one in env.records if one[:2] != (env.domain, "TXT")]


def receives_mail(env: Environment) -> bool:
    """Return whether alerts can be delivered: to another domain, or to this one if it has a mail server."""
    domain = env.alert_email.partition("@")[2]
    if domain != env.domain and not domain.endswith(f".{env.domain}"):
        return True
    return any((name, kind) == (domain, "MX") for name, kind, _ in env.records)


def _record(template: Template, title: str, zone: HostedZone, name: str, kind: str, *values: object) -> None:
    template.add_resource(
        RecordSetType(title, HostedZoneId=Ref(zone), Name=name, Type=kind, TTL=TTL, ResourceRecords=list(values))
    )
