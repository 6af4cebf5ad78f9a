"""Who reaches what: CloudFront, firewalls, health checks, subnets, egress, DNS."""

import json
import re
import runpy
from dataclasses import replace
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, Literal

import boto3
import pytest

from deploy.environments import PROD
from deploy.stacks import dns, edge_global, network, service

Resources = dict[str, dict[str, Any]]


def test_the_api_is_reached_only_through_cloudfront(prod: Resources) -> None:
    (balancer,) = prod["AWS::ElasticLoadBalancingV2::LoadBalancer"].values()
    ingress = {title: rule["Properties"] for title, rule in prod["AWS::EC2::SecurityGroupIngress"].items()}

    assert balancer["Properties"]["Scheme"] == "internal"
    assert "SourcePrefixListId" in ingress.pop("BalancerFromCloudFront")
    assert all("SourceSecurityGroupId" in rule and "CidrIp" not in rule for rule in ingress.values())
    assert not [g for g in prod["AWS::EC2::SecurityGroup"].values() if "SecurityGroupIngress" in g["Properties"]]


def test_health_checks_are_those_of_the_plan(prod: Resources) -> None:
    for group in prod["AWS::ElasticLoadBalancingV2::TargetGroup"].values():
        asked = group["Properties"]
        assert (asked["HealthCheckPath"], asked["HealthCheckIntervalSeconds"]) == ("/livez", 30)
        assert (asked["HealthyThresholdCount"], asked["UnhealthyThresholdCount"]) == (2, 2)
        assert asked["HealthCheckTimeoutSeconds"] == 5


def test_headers_of_both_sites_keep_browsers_safe(prod: Resources) -> None:
    for policy in prod["AWS::CloudFront::ResponseHeadersPolicy"].values():
        headers = policy["Properties"]["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
        assert headers["StrictTransportSecurity"]["AccessControlMaxAgeSec"] == 31_536_000
        assert headers["FrameOptions"]["FrameOption"] == "DENY"
        assert "ContentTypeOptions" in headers


def test_the_firewall_has_the_rules_of_the_plan(prod: Resources) -> None:
    acl = prod["AWS::WAFv2::WebACL"]["Firewall"]
    rules = {rule["Name"]: rule["Statement"] for rule in acl["Properties"]["Rules"]}

    assert rules["requests-per-address"]["RateBasedStatement"]["Limit"] == 2000
    managed = {one["ManagedRuleGroupStatement"]["Name"] for one in rules.values() if "ManagedRuleGroupStatement" in one}
    assert managed == {
        "AWSManagedRulesCommonRuleSet",
        "AWSManagedRulesKnownBadInputsRuleSet",
        "AWSManagedRulesSQLiRuleSet",
    }


def test_the_pools_firewall_blocks_operations_by_token_and_no_others(prod: Resources) -> None:
    (rule,) = prod["AWS::WAFv2::WebACL"]["PoolFirewall"]["Properties"]["Rules"]
    (associated,) = prod["AWS::WAFv2::WebACLAssociation"].values()
    refused = re.compile(rule["Statement"]["RegexMatchStatement"]["RegexString"])
    model = boto3.client("cognito-idp", "ap-southeast-1").meta.service_model
    inputs = {name: model.operation_model(name).input_shape for name in model.operation_names}
    by_token = {name for name, shape in inputs.items() if shape and "AccessToken" in shape.members}
    enrolling = {"AssociateSoftwareToken", "VerifySoftwareToken"}

    assert rule["Action"] == {"Block": {}}
    assert associated["Properties"]["ResourceArn"] == {"Fn::GetAtt": ["Pool", "Arn"]}
    assert {name for name in inputs if refused.fullmatch(name.lower())} == by_token - enrolling


def test_countries_are_blocked_where_the_environment_names_them() -> None:
    named = edge_global.build(replace(PROD, blocked_countries=("KP",))).to_dict()["Resources"]
    unnamed = edge_global.build(replace(PROD, blocked_countries=())).to_dict()["Resources"]

    for title in ("Client", "ApiDistribution"):
        config = named[title]["Properties"]["DistributionConfig"]
        assert config["Restrictions"]["GeoRestriction"] == {"RestrictionType": "blacklist", "Locations": ["KP"]}
        assert "Restrictions" not in unnamed[title]["Properties"]["DistributionConfig"]


def test_some_countries_are_blocked_by_default(prod: Resources) -> None:
    for one in prod["AWS::CloudFront::Distribution"].values():
        restriction = one["Properties"]["DistributionConfig"]["Restrictions"]["GeoRestriction"]
        assert restriction["Locations"] == ["CU", "IR", "KP", "SY"]


def test_managed_rules_count_before_they_block() -> None:
    actions: dict[bool, dict[str, Any]] = {False: {"Count": {}}, True: {"None": {}}}
    for blocks, action in actions.items():
        resources = edge_global.build(replace(PROD, firewall_blocks=blocks)).to_dict()["Resources"]
        rules = resources["Firewall"]["Properties"]["Rules"]
        managed = [one for one in rules if "ManagedRuleGroupStatement" in one["Statement"]]
        assert {json.dumps(one["OverrideAction"]) for one in managed} == {json.dumps(action)}
        assert [one["Action"] for one in rules if one not in managed] == [{"Block": {}}]


def test_the_sender_of_the_next_request_closes_idle_connections_first(prod: Resources) -> None:
    (balancer,) = prod["AWS::ElasticLoadBalancingV2::LoadBalancer"].values()
    attributes = {one["Key"]: one["Value"] for one in balancer["Properties"]["LoadBalancerAttributes"]}
    (origin,) = prod["AWS::CloudFront::Distribution"]["ApiDistribution"]["Properties"]["DistributionConfig"]["Origins"]
    gunicorn = runpy.run_path(str(Path(__file__).parents[2] / "docker/gunicorn.conf.py"))

    edge = origin["VpcOriginConfig"]["OriginKeepaliveTimeout"]
    assert edge < int(attributes["idle_timeout.timeout_seconds"]) < gunicorn["keepalive"]


def test_other_dns_records_are_kept_beside_ours() -> None:
    records = (
        ("smartcooking.com", "MX", ("10 mail.example.net",)),
        ("smartcooking.com", "TXT", ('"site=1"',)),
    )
    made = dns.build(replace(PROD, records=records)).to_dict()["Resources"].values()
    found = {
        (one["Properties"]["Name"], one["Properties"]["Type"]): one["Properties"]["ResourceRecords"]
        for one in made
        if one["Type"] == "AWS::Route53::RecordSet" and isinstance(one["Properties"]["Name"], str)
    }

    assert found["smartcooking.com", "MX"] == ["10 mail.example.net"]
    assert found["smartcooking.com", "TXT"] == ['"v=spf1 include:amazonses.com -all"', '"site=1"']
    assert dns.receives_mail(replace(PROD, records=records))
    assert not dns.receives_mail(PROD)
    assert dns.receives_mail(replace(PROD, alert_email="team@example.net"))


@pytest.mark.parametrize(("egress", "gateways", "public"), [("nat", 1, "DISABLED"), ("public-tasks", 0, "ENABLED")])
def test_tasks_reach_aws_with_and_without_a_nat_gateway(
    egress: Literal["nat", "public-tasks"], gateways: int, public: str
) -> None:
    env = replace(PROD, egress=egress)
    resources = network.build(env).to_dict()["Resources"].values()

    assert len([one for one in resources if one["Type"] == "AWS::EC2::NatGateway"]) == gateways
    assert len([one for one in resources if one["Type"] == "AWS::EC2::Subnet"]) == 4
    blue = service.build(env).to_dict()["Resources"]["BlueService"]["Properties"]
    assert blue["NetworkConfiguration"]["AwsvpcConfiguration"]["AssignPublicIp"] == public


def test_public_subnets_accept_only_responses_from_outside(prod: Resources) -> None:
    entries = {
        title: one["Properties"]
        for title, one in prod["AWS::EC2::NetworkAclEntry"].items()
        if one["Properties"]["CidrBlock"] != PROD.vpc_cidr
    }
    closed = {one["Properties"]["SubnetId"]["Ref"] for one in prod["AWS::EC2::SubnetNetworkAclAssociation"].values()}

    assert closed == {"PublicSubnetA", "PublicSubnetB"}
    assert set(entries) == {"PublicAnswersIn", "PublicHttpsOut", "PublicHttpOut"}
    assert entries["PublicAnswersIn"]["PortRange"] == {"From": 32768, "To": 65535}
    assert network.API_PORT < 32768
    assert entries["PublicHttpsOut"]["PortRange"] == {"From": 443, "To": 443}
    assert entries["PublicHttpOut"]["PortRange"] == {"From": 80, "To": 80}


@pytest.mark.parametrize("cidr", ["10.0.0.0/16", "172.20.0.0/16", "192.168.0.0/16"])
def test_workers_that_read_the_web_reach_nothing_in_our_network(cidr: str) -> None:
    resources = network.build(replace(PROD, vpc_cidr=cidr)).to_dict()["Resources"]
    rules = resources["ImportsGroup"]["Properties"]["SecurityGroupEgress"]
    reached = [ip_network(rule["CidrIp"]) for rule in rules]

    assert {(rule["FromPort"], rule["ToPort"], rule["IpProtocol"]) for rule in rules} == {
        (80, 80, "tcp"),
        (443, 443, "tcp"),
    }
    assert not any(block.overlaps(ip_network(cidr)) for block in reached)
    assert any(ip_address("93.184.215.14") in block for block in reached)
    # As many rules as a group may have.
    assert len(rules) <= 60
    assert not [
        one
        for one in resources.values()
        if one["Type"] in {"AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress"}
        and "ImportsGroup" in str(one)
    ]


def test_only_imports_reach_the_web_without_tls(prod: Resources) -> None:
    plain = {
        title
        for title, group in prod["AWS::EC2::SecurityGroup"].items()
        if any(rule["FromPort"] == 80 for rule in group["Properties"]["SecurityGroupEgress"])
    }
    by_group = {
        title: one["Properties"]["NetworkConfiguration"]["AwsvpcConfiguration"]["SecurityGroups"]
        for title, one in prod["AWS::ECS::Service"].items()
    }

    assert plain == {"ImportsGroup"}
    assert [title for title, groups in by_group.items() if groups == [{"Ref": "ImportsGroupId"}]] == ["WorkerImports"]
