"""The cache stack: ElastiCache Serverless for Valkey, if the environment wants one.

All processes of the API share rate limits in it (`VALKEY_URL`); without it each has its own, which is enough for few
tasks. Its data lasts no longer than a minute, and if it is down, processes continue on their own.

Serverless: TLS and two zones included, from 7 USD a month; the smallest pair of nodes costs 23.
"""

from troposphere import GetAtt, Join, Output, Ref, Template
from troposphere.elasticache import CacheUsageLimits, DataStorage, ECPUPerSecond, ServerlessCache

from deploy.environments import Environment
from deploy.resources import parameters


def build(env: Environment) -> Template:
    template = Template(Description=f"Cache of {env.prefix}")
    cache = template.add_resource(
        ServerlessCache(
            "Cache",
            ServerlessCacheName=env.prefix,
            Description="What can be computed again",
            Engine="valkey",
            MajorEngineVersion="8",
            SubnetIds=Ref(parameters.from_output(template, "CacheSubnets", parameters.SUBNETS)),
            SecurityGroupIds=[Ref(parameters.from_output(template, "CacheGroupId", parameters.SECURITY_GROUP))],
            CacheUsageLimits=CacheUsageLimits(
                DataStorage=DataStorage(Maximum=env.cache_most_gigabytes, Unit="GB"),
                ECPUPerSecond=ECPUPerSecond(Maximum=env.cache_most_units),
            ),
        )
    )
    address = [GetAtt(cache, "Endpoint.Address"), ":", GetAtt(cache, "Endpoint.Port")]
    template.add_output(Output("CacheUrl", Value=Join("", ["rediss://", *address])))
    template.add_output(Output("CacheName", Value=env.prefix))
    return template
