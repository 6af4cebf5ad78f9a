"""Parameters that pass outputs between stacks without locking them, as exports and imports would."""

from troposphere import Parameter, Template

SUBNETS = "List<AWS::EC2::Subnet::Id>"
SECURITY_GROUP = "AWS::EC2::SecurityGroup::Id"
VPC = "AWS::EC2::VPC::Id"
ZONE = "AWS::Route53::HostedZone::Id"


def from_output(template: Template, output: str, kind: str = "String") -> Parameter:
    """Return a parameter with the name of an earlier stack's output; `rollout` passes that output's value.

    Unlike exports, this works across regions.
    """
    known = template.parameters.get(output)
    if known is not None:
        return known
    return template.add_parameter(Parameter(output, Type=kind, Description=f"Output {output} of an earlier stack"))
