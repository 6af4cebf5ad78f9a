"""The network stack: a VPC in two zones, and security groups that say who may connect to whom.

Tasks need to reach AWS, and only the load balancer needs to reach them. `Environment.egress` chooses a variant:

- `public-tasks`: tasks are in the public subnets, each with its own public address at 3.65 USD a month, and two locks
  that admit only the load balancer: security groups, and the subnets' network ACL, which accepts only responses from
  outside. 15 USD for four tasks, and there is no shared component that can fail.
- `nat`: tasks have private addresses only and connect through NAT gateways. A gateway is 43 USD a month and 0.059 USD a
  gigabyte in ap-southeast-1: about 47 with one, 90 with one in each zone. With one, an outage of its zone cuts off the
  other zone's tasks from Cognito, SQS and Bedrock; S3 and DynamoDB continue through their gateway endpoints. Use it
  if others need to know a single address from which we call.

Interface endpoints for the services that tasks call would be 190 USD a month in two zones, so neither uses them.
"""

from collections.abc import Sequence
from ipaddress import IPv4Network, ip_network

from troposphere import GetAtt, GetAZs, Join, Output, Ref, Select, Sub, Tags, Template
from troposphere.ec2 import (
    EIP,
    VPC,
    FlowLog,
    InternetGateway,
    NatGateway,
    NetworkAcl,
    NetworkAclEntry,
    PortRange,
    Route,
    RouteTable,
    SecurityGroup,
    SecurityGroupEgress,
    SecurityGroupIngress,
    SecurityGroupRule,
    Subnet,
    SubnetNetworkAclAssociation,
    SubnetRouteTableAssociation,
    VPCEndpoint,
    VPCGatewayAttachment,
)

from deploy.environments import Environment
from deploy.resources import parameters, policies

ZONES = ("A", "B")
# The application's port; only the load balancer connects to it.
API_PORT = 8000
CACHE_PORT = 6379
HTTP, HTTPS = 80, 443
ANYWHERE = "0.0.0.0/0"
# RFC 1918.
PRIVATE_RANGES = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
# Linux's ephemeral ports: responses arrive on them, and we do not listen there.
OWN_PORTS = (32768, 65535)
TCP, EVERY_PROTOCOL = 6, -1


def build(env: Environment) -> Template:
    template = Template(Description=f"Network of {env.prefix}")
    vpc = template.add_resource(
        VPC("Vpc", CidrBlock=env.vpc_cidr, EnableDnsSupport=True, EnableDnsHostnames=True, Tags=_name(env, "vpc"))
    )
    public, private, tables = _add_subnets(template, env, vpc)
    _add_gateway_endpoints(template, vpc, tables)
    _add_flow_log(template, env, vpc)
    _add_security_groups(template, env, vpc)
    tasks = private if env.egress == "nat" else public
    template.add_output(Output("VpcId", Value=Ref(vpc)))
    template.add_output(Output("BalancerSubnets", Value=_joined(private)))
    template.add_output(Output("CacheSubnets", Value=_joined(private)))
    template.add_output(Output("TaskSubnets", Value=_joined(tasks)))
    return template


def assigns_public_address(env: Environment) -> str:
    """Return the value that ECS and the scheduler use."""
    return "DISABLED" if env.egress == "nat" else "ENABLED"


def _add_subnets(template: Template, env: Environment, vpc: VPC) -> tuple[list[Subnet], list[Subnet], list[RouteTable]]:
    gateway = template.add_resource(InternetGateway("InternetGateway", Tags=_name(env, "internet")))
    attached = template.add_resource(
        VPCGatewayAttachment("InternetGatewayAttachment", VpcId=Ref(vpc), InternetGatewayId=Ref(gateway))
    )
    outside = template.add_resource(RouteTable("PublicRoutes", VpcId=Ref(vpc), Tags=_name(env, "public")))
    template.add_resource(
        Route(
            "PublicDefault",
            RouteTableId=Ref(outside),
            DestinationCidrBlock=ANYWHERE,
            GatewayId=Ref(gateway),
            DependsOn=attached.title,
        )
    )
    public = [_subnet(template, env, vpc, "Public", zone, outside) for zone in ZONES]
    inside = [
        template.add_resource(RouteTable(f"PrivateRoutes{zone}", VpcId=Ref(vpc), Tags=_name(env, f"private-{zone}")))
        for zone in ZONES
    ]
    private = [_subnet(template, env, vpc, "Private", zone, table) for zone, table in zip(ZONES, inside, strict=True)]
    if env.egress == "nat":
        _add_nat(template, env, public, inside, attached)
    else:
        _close(template, env, vpc, public)
    return public, private, [outside, *inside]


def _subnet(template: Template, env: Environment, vpc: VPC, kind: str, zone: str, routes: RouteTable) -> Subnet:
    # Sixteen blocks of 4,096 addresses: the first two are public, those from the ninth on private.
    blocks = list(ip_network(env.vpc_cidr).subnets(prefixlen_diff=4))
    subnet = template.add_resource(
        Subnet(
            f"{kind}Subnet{zone}",
            VpcId=Ref(vpc),
            AvailabilityZone=Select(ZONES.index(zone), GetAZs("")),
            CidrBlock=str(blocks[ZONES.index(zone) + (0 if kind == "Public" else 8)]),
            # Tasks request their public addresses themselves, so nothing else in the subnet gets one by accident.
            MapPublicIpOnLaunch=False,
            Tags=_name(env, f"{kind}-{zone}"),
        )
    )
    template.add_resource(
        SubnetRouteTableAssociation(f"{subnet.title}Routes", SubnetId=Ref(subnet), RouteTableId=Ref(routes))
    )
    return subnet


def _add_nat(
    template: Template,
    env: Environment,
    public: Sequence[Subnet],
    tables: Sequence[RouteTable],
    attached: VPCGatewayAttachment,
) -> None:
    gateways = []
    for zone, subnet in list(zip(ZONES, public, strict=True))[: env.nat_gateways]:
        address = template.add_resource(
            EIP(f"NatAddress{zone}", Domain="vpc", DependsOn=attached.title, Tags=_name(env, f"nat-{zone}"))
        )
        gateways.append(
            template.add_resource(
                NatGateway(
                    f"NatGateway{zone}",
                    SubnetId=Ref(subnet),
                    AllocationId=GetAtt(address, "AllocationId"),
                    Tags=_name(env, f"nat-{zone}"),
                )
            )
        )
    for index, table in enumerate(tables):
        template.add_resource(
            Route(
                f"{table.title}Default",
                RouteTableId=Ref(table),
                DestinationCidrBlock=ANYWHERE,
                NatGatewayId=Ref(gateways[index % len(gateways)]),
            )
        )


def _close(template: Template, env: Environment, vpc: VPC, subnets: Sequence[Subnet]) -> None:
    """Block inbound traffic to the public subnets, even if a security group allows it by mistake.

    The load balancer is inside the network; tasks call others over HTTPS, so only responses come in.
    """
    acl = template.add_resource(NetworkAcl("PublicAcl", VpcId=Ref(vpc), Tags=_name(env, "public")))
    for subnet in subnets:
        template.add_resource(
            SubnetNetworkAclAssociation(f"{subnet.title}Acl", SubnetId=Ref(subnet), NetworkAclId=Ref(acl))
        )
    for title, outward, number, block, ports in (
        ("InsideIn", False, 100, env.vpc_cidr, None),
        ("AnswersIn", False, 110, ANYWHERE, OWN_PORTS),
        ("InsideOut", True, 100, env.vpc_cidr, None),
        ("HttpsOut", True, 110, ANYWHERE, (HTTPS, HTTPS)),
        # Web pages: security groups allow this for the import workers only.
        ("HttpOut", True, 120, ANYWHERE, (HTTP, HTTP)),
    ):
        entry = template.add_resource(
            NetworkAclEntry(
                f"Public{title}",
                NetworkAclId=Ref(acl),
                RuleNumber=number,
                RuleAction="allow",
                Egress=outward,
                CidrBlock=block,
                Protocol=TCP if ports else EVERY_PROTOCOL,
            )
        )
        if ports:
            entry.PortRange = PortRange(From=ports[0], To=ports[1])


def _add_gateway_endpoints(template: Template, vpc: VPC, tables: Sequence[RouteTable]) -> None:
    """Route traffic to S3 and DynamoDB around the NAT gateways: these endpoints are free, NAT is not."""
    for title, service in (("S3Endpoint", "s3"), ("DynamoEndpoint", "dynamodb")):
        template.add_resource(
            VPCEndpoint(
                title,
                VpcId=Ref(vpc),
                ServiceName=Sub(f"com.amazonaws.${{AWS::Region}}.{service}"),
                VpcEndpointType="Gateway",
                RouteTableIds=[Ref(table) for table in tables],
            )
        )


def _add_flow_log(template: Template, env: Environment, vpc: VPC) -> None:
    bucket = parameters.from_output(template, "LogsBucketArn")
    template.add_resource(
        FlowLog(
            "FlowLog",
            ResourceType="VPC",
            ResourceId=Ref(vpc),
            TrafficType="ALL",
            LogDestinationType="s3",
            # S3 costs a quarter of a log group, and nobody reads flow logs without a reason.
            LogDestination=Join("", [Ref(bucket), f"/{policies.FLOW_LOGS}/"]),
            MaxAggregationInterval=600,
            Tags=_name(env, "flows"),
        )
    )


def _add_security_groups(template: Template, env: Environment, vpc: VPC) -> None:
    balancer = _group(template, env, vpc, "Balancer", "The load balancer of the API")
    api = _group(template, env, vpc, "Api", "Tasks of the API")
    workers = _group(template, env, vpc, "Workers", "Workers and scheduled commands")
    _group(template, env, vpc, "Imports", "Workers that read pages of the web", to=_web(env))
    template.add_resource(
        SecurityGroupIngress(
            "BalancerFromCloudFront",
            GroupId=Ref(balancer),
            Description="HTTPS from CloudFront, and from nobody else",
            IpProtocol="tcp",
            FromPort=HTTPS,
            ToPort=HTTPS,
            SourcePrefixListId=env.cloudfront_prefix_list,
        )
    )
    _connect(template, balancer, api, API_PORT)
    if env.cache:
        cache = _group(template, env, vpc, "Cache", "The cache")
        for client in (api, workers):
            _connect(template, client, cache, CACHE_PORT)


def _web(env: Environment) -> list[SecurityGroupRule]:
    """Allow the web and AWS, but nothing in our own network: all addresses outside its private range."""
    network = IPv4Network(env.vpc_cidr)
    private = next(one for one in map(IPv4Network, PRIVATE_RANGES) if network.subnet_of(one))
    return [
        SecurityGroupRule(
            Description="The web, but not this network", IpProtocol="tcp", FromPort=port, ToPort=port, CidrIp=str(block)
        )
        for block in sorted(IPv4Network(ANYWHERE).address_exclude(private))
        for port in (HTTP, HTTPS)
    ]


def _group(
    template: Template,
    env: Environment,
    vpc: VPC,
    title: str,
    description: str,
    *,
    to: list[SecurityGroupRule] | None = None,
) -> SecurityGroup:
    """Add a group. Tasks may call any address over HTTPS: AWS has no list of its services' addresses."""
    nowhere = SecurityGroupRule(
        Description="Nothing", IpProtocol="icmp", FromPort=252, ToPort=86, CidrIp="255.255.255.255/32"
    )
    aws = SecurityGroupRule(
        Description="AWS over HTTPS", IpProtocol="tcp", FromPort=HTTPS, ToPort=HTTPS, CidrIp=ANYWHERE
    )
    group = template.add_resource(
        SecurityGroup(
            f"{title}Group",
            GroupName=f"{env.prefix}-{title.lower()}",
            GroupDescription=description,
            VpcId=Ref(vpc),
            # Without a rule EC2 would allow all outbound traffic.
            SecurityGroupEgress=to or [aws if title in {"Api", "Workers"} else nowhere],
            Tags=_name(env, title.lower()),
        )
    )
    template.add_output(Output(f"{title}GroupId", Value=GetAtt(group, "GroupId")))
    return group


def _connect(template: Template, source: SecurityGroup, destination: SecurityGroup, port: int) -> None:
    """Let one group connect to the other, by separate rules: groups that refer to each other would be a cycle."""
    pair = f"{source.title.removesuffix('Group')}To{destination.title.removesuffix('Group')}"
    template.add_resource(
        SecurityGroupEgress(
            f"{pair}Out",
            GroupId=Ref(source),
            Description=f"To {destination.title}",
            IpProtocol="tcp",
            FromPort=port,
            ToPort=port,
            DestinationSecurityGroupId=GetAtt(destination, "GroupId"),
        )
    )
    template.add_resource(
        SecurityGroupIngress(
            f"{pair}In",
            GroupId=Ref(destination),
            Description=f"From {source.title}",
            IpProtocol="tcp",
            FromPort=port,
            ToPort=port,
            SourceSecurityGroupId=GetAtt(source, "GroupId"),
        )
    )


def _joined(subnets: Sequence[Subnet]) -> Join:
    return Join(",", [Ref(subnet) for subnet in subnets])


def _name(env: Environment, what: str) -> Tags:
    return Tags(Name=f"{env.prefix}-{what.lower()}")
