"""Costs between users and the service: CloudFront, its firewall, DNS, queues and mail."""

from collections.abc import Iterator

from deploy.costing import tasks, usage
from deploy.costing.month import MINUTES, Line, Month
from deploy.costing.prices import EDGE_GB, GB, MILLION, above, in_steps, usd

FREE_EDGE_REQUESTS = 10 * MILLION
FREE_FUNCTION_RUNS = 2 * MILLION
FREE_QUEUE_REQUESTS = MILLION
# A health check has several checkers in each of its regions, each with its own interval.
CHECKERS_A_REGION = 2
# A message is sent, received and deleted.
REQUESTS_A_MESSAGE = 3


def lines(month: Month) -> Iterator[Line]:
    requests = month.requests + checks(month)
    pages = month.visits * usage.FILES
    gigabytes = (requests * usage.ANSWER_KB + month.visits * usage.VISIT_KB) / GB
    cost = in_steps(EDGE_GB, gigabytes) + above(FREE_EDGE_REQUESTS, requests + pages) * usd("edge-request")
    runs = month.kinds.get("AWS::CloudFront::Function", 0) * month.visits * usage.PAGE_FILES
    cost += above(FREE_FUNCTION_RUNS, runs) * usd("edge-function")
    cost += requests * usage.QUESTION_KB / GB * usd("edge-origin-gb")
    asked = f"{(requests + pages) / MILLION:,.1f} M requests, 10 free; {gigabytes:,.0f} GB, 1,000 free"
    yield Line("CloudFront", cost, asked)
    if month.kinds.get("AWS::WAFv2::WebACL", 0):
        yield _firewalls(month, requests + pages)
    zones, watches = (month.kinds.get(f"AWS::Route53::{kind}", 0) for kind in ("HostedZone", "HealthCheck"))
    cost = zones * usd("zone") + watches * usd("health-check")
    yield Line("Route 53", cost, f"{zones} zone, {watches} check from outside")
    yield _queues(month)
    mails = month.people * usage.MAILS
    yield Line("SES", mails * usd("mail"), f"{mails:,.0f} mails")


def _firewalls(month: Month, asked: float) -> Line:
    """Return the cost of all web ACLs. Only the sites' requests count: people send almost none to Cognito directly."""
    acls = month.resources.of("AWS::WAFv2::WebACL")
    rules = sum(len(acl.properties["Rules"]) for acl in acls)
    inspected = asked * sum(acl.properties["Scope"] == "CLOUDFRONT" for acl in acls)
    cost = len(acls) * usd("waf-acl") + rules * usd("waf-rule") + inspected * usd("waf-request")
    return Line("WAF", cost, f"{rules} rules in {len(acls)} lists, {inspected / MILLION:,.1f} M requests")


def checks(month: Month) -> float:
    """Return the number of requests that outside health checks make in a month."""
    asked: float = sum(
        len(config["Regions"]) * CHECKERS_A_REGION * MINUTES * 60 / config["RequestInterval"]
        for config in (one.properties["HealthCheckConfig"] for one in month.resources.of("AWS::Route53::HealthCheck"))
    )
    return asked


def _queues(month: Month) -> Line:
    """Return the cost of polling: each worker process polls each of its queues all the time, even empty ones."""
    polls = sum(task.count * task.queues for task in tasks.worker_tasks(month)) * MINUTES * usage.POLLS_A_MINUTE
    requests = (month.messages + tasks.scheduled_messages(month)) * REQUESTS_A_MESSAGE + polls
    cost = above(FREE_QUEUE_REQUESTS, requests) * usd("queue-request")
    return Line("SQS", cost, f"{requests / MILLION:,.1f} M requests, 1 free")
