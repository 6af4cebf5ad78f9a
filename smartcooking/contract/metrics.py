"""The metrics of the service, described once: the code emits them, alarms and dashboards in `deploy/` read them.

Each is written with the dimension Environment, which alarms read, and once more with its own dimension where a chart
needs it apart. What else tells one case from another (`Task`, `Provider`) stands beside it in the same line as
a field: CloudWatch keeps no series of it, for which it would take $0.30 a month each, and answers questions about it
from the lines (docs/decisions/0030).
"""

from dataclasses import dataclass

NAMESPACE = "SmartCooking"
ENVIRONMENT = "Environment"

COUNT, MILLISECONDS, PERCENT, NONE = "Count", "Milliseconds", "Percent", "None"


@dataclass(frozen=True)
class Metric:
    """A metric: its name and unit in CloudWatch, the dimensions by which it is also kept apart, and its fields.

    None of either has a value for each person, recipe or request. One that is not kept has no series of the whole
    environment: its value stands in the line alone, where dashboards find it.
    """

    name: str
    unit: str
    dimensions: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    kept: bool = True


# --- Requests. The balancer counts and times them for nothing, and each has a line in the log with its route, status
# and milliseconds, from which dashboards tell routes apart. Only what neither knows is a metric.
# Without the requests that wait for generated recipes: what people expect to be quick.
PLAIN_LATENCY = Metric("PlainLatency", MILLISECONDS)
FAILED_LOGINS = Metric("FailedLogins", COUNT)
# Cache is what answered in place of a provider: answers (kept for the hour), flights (under way for somebody else).
CACHE_HITS = Metric("CacheHits", COUNT, fields=("Cache",))
CACHE_MISSES = Metric("CacheMisses", COUNT, fields=("Cache",))

# --- Suggestions. Source is catalogue, ai or rules; Provider is bedrock, ollama or rules, Model what it ran.
SUGGESTIONS = Metric("Suggestions", COUNT)
SUGGESTED_RECIPES = Metric("SuggestedRecipes", COUNT, ("Source",), kept=False)
# Of a suggestion's recipes, those that came from the catalogue.
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
# From the commit that caused the work to its beginning.
TASK_AGE = Metric("TaskAge", MILLISECONDS, fields=("Queue",), kept=False)

# --- Checks that go through the whole service as a person would. Check is which journey.
CHECKS = Metric("Checks", COUNT, fields=("Check",), kept=False)
# 0 or 1 for each run, which so tells that it ran as well.
CHECK_FAILURES = Metric("CheckFailures", COUNT, ("Check",), kept=False)
CHECK_LATENCY = Metric("CheckLatency", MILLISECONDS, fields=("Check",), kept=False)

METRICS = tuple(value for value in list(vars().values()) if isinstance(value, Metric))
