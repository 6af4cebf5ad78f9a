"""The metrics of the service, declared once: the code emits them, alarms and dashboards in `deploy/` read them.

Each is written with the dimension Environment, which alarms read, and again with its own dimension if a chart needs
that. Other distinctions (`Task`, `Provider`) are fields of the same log line: CloudWatch keeps no series for a field,
which would cost $0.30 a month each, but can query it in the log lines (docs/decisions/0030).
"""

from dataclasses import dataclass

NAMESPACE = "SmartCooking"
ENVIRONMENT = "Environment"

COUNT, MILLISECONDS, PERCENT, NONE = "Count", "Milliseconds", "Percent", "None"


@dataclass(frozen=True)
class Metric:
    """A metric: its name and unit in CloudWatch, its additional dimensions, and its fields.

    Dimensions and fields never have a value per person, recipe or request. A metric that is not `kept` has no series
    for the whole environment: its value is in the log line only, where dashboards find it.
    """

    name: str
    unit: str
    dimensions: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    kept: bool = True


# --- Requests. The load balancer counts and times them for free, and each has a log line with its route, status and
# milliseconds, from which dashboards distinguish routes. Only what neither of them knows is a metric.
# Latency without requests that wait for generated recipes: requests that people expect to be quick.
PLAIN_LATENCY = Metric("PlainLatency", MILLISECONDS)
FAILED_LOGINS = Metric("FailedLogins", COUNT)
# Cache says what replaced a provider's call: answers (cached for an hour) or flights (already running for somebody).
CACHE_HITS = Metric("CacheHits", COUNT, fields=("Cache",))
CACHE_MISSES = Metric("CacheMisses", COUNT, fields=("Cache",))

# --- Suggestions. Source is catalogue, ai or rules; Provider is bedrock, ollama or rules, Model what it ran.
SUGGESTIONS = Metric("Suggestions", COUNT)
SUGGESTED_RECIPES = Metric("SuggestedRecipes", COUNT, ("Source",), kept=False)
# The share of a suggestion's recipes that came from the catalogue.
CATALOGUE_SHARE = Metric("CatalogueShare", PERCENT)
GENERATIONS = Metric("Generations", COUNT, fields=("Provider", "Model"))
GENERATION_FAILURES = Metric("GenerationFailures", COUNT, fields=("Provider", "Model"))
GENERATION_TIMEOUTS = Metric("GenerationTimeouts", COUNT, fields=("Provider", "Model"))
GENERATION_LATENCY = Metric("GenerationLatency", MILLISECONDS, fields=("Provider", "Model"))
GENERATION_TOKENS_IN = Metric("GenerationTokensIn", COUNT, fields=("Provider", "Model"))
GENERATION_TOKENS_OUT = Metric("GenerationTokensOut", COUNT, fields=("Provider", "Model"))
# US dollars, for which CloudWatch has no unit.
GENERATION_COST = Metric("GenerationCost", NONE, fields=("Provider", "Model"))
APPROVALS = Metric("Approvals", COUNT)

# --- Work. Task is the name of Celery's task.
TASKS = Metric("Tasks", COUNT, fields=("Queue", "Task"), kept=False)
TASK_FAILURES = Metric("TaskFailures", COUNT, fields=("Queue", "Task"), kept=False)
TASK_DURATION = Metric("TaskDuration", MILLISECONDS, fields=("Queue", "Task"), kept=False)
# From the commit that caused the task to its start.
TASK_AGE = Metric("TaskAge", MILLISECONDS, fields=("Queue",), kept=False)

# --- Checks of the whole service as a client. Check names the journey.
CHECKS = Metric("Checks", COUNT, fields=("Check",), kept=False)
# 0 or 1 for each run, so that it also shows that the check ran.
CHECK_FAILURES = Metric("CheckFailures", COUNT, ("Check",), kept=False)
CHECK_LATENCY = Metric("CheckLatency", MILLISECONDS, fields=("Check",), kept=False)

METRICS = tuple(value for value in list(vars().values()) if isinstance(value, Metric))
