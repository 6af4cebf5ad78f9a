"""The metrics of the service, described once: the code emits them, alarms and dashboards in `deploy/` read them.

Each is written with the dimension Environment alone, which alarms read, and once more with its own dimensions beside
it. None has a dimension with a value for each person, recipe or request: CloudWatch charges for every combination.
"""

from dataclasses import dataclass

NAMESPACE = "SmartCooking"
ENVIRONMENT = "Environment"

COUNT, MILLISECONDS, PERCENT, NONE = "Count", "Milliseconds", "Percent", "None"


@dataclass(frozen=True)
class Metric:
    """A metric: its name and unit in CloudWatch, and the dimensions by which it is also kept apart."""

    name: str
    unit: str
    dimensions: tuple[str, ...] = ()


# --- Requests. Route is the pattern of the path (`v1/recipes/<id>`), never the path.
REQUESTS = Metric("Requests", COUNT)
# Its number of samples says how many requests a route had: a metric of that would cost $0.30 a month and route.
LATENCY = Metric("Latency", MILLISECONDS, ("Route",))
# Without the requests that wait for generated recipes: what people expect to be quick.
PLAIN_LATENCY = Metric("PlainLatency", MILLISECONDS)
CLIENT_ERRORS = Metric("ClientErrors", COUNT, ("Route",))
SERVER_ERRORS = Metric("ServerErrors", COUNT, ("Route",))
FAILED_LOGINS = Metric("FailedLogins", COUNT)
# Cache is what answered in place of a provider: answers (kept for the hour), flights (under way for somebody else).
CACHE_HITS = Metric("CacheHits", COUNT, ("Cache",))
CACHE_MISSES = Metric("CacheMisses", COUNT, ("Cache",))

# --- Suggestions. Source is catalogue, ai or rules; Provider is bedrock, ollama or rules, Model what it ran.
SUGGESTIONS = Metric("Suggestions", COUNT)
SUGGESTED_RECIPES = Metric("SuggestedRecipes", COUNT, ("Source",))
# Of a suggestion's recipes, those that came from the catalogue.
CATALOGUE_SHARE = Metric("CatalogueShare", PERCENT)
GENERATIONS = Metric("Generations", COUNT, ("Provider", "Model"))
GENERATION_FAILURES = Metric("GenerationFailures", COUNT, ("Provider", "Model"))
GENERATION_TIMEOUTS = Metric("GenerationTimeouts", COUNT, ("Provider", "Model"))
GENERATION_LATENCY = Metric("GenerationLatency", MILLISECONDS, ("Provider", "Model"))
GENERATION_TOKENS_IN = Metric("GenerationTokensIn", COUNT, ("Provider", "Model"))
GENERATION_TOKENS_OUT = Metric("GenerationTokensOut", COUNT, ("Provider", "Model"))
# US dollars, for which CloudWatch has no unit.
GENERATION_COST = Metric("GenerationCost", NONE, ("Provider", "Model"))
APPROVALS = Metric("Approvals", COUNT)

# --- Work. Task is the name of Celery's task.
TASKS = Metric("Tasks", COUNT, ("Queue", "Task"))
TASK_FAILURES = Metric("TaskFailures", COUNT, ("Queue", "Task"))
TASK_DURATION = Metric("TaskDuration", MILLISECONDS, ("Queue", "Task"))
# From the commit that caused the work to its beginning.
TASK_AGE = Metric("TaskAge", MILLISECONDS, ("Queue",))

# --- Checks that go through the whole service as a person would. Check is which journey.
CHECKS = Metric("Checks", COUNT, ("Check",))
CHECK_FAILURES = Metric("CheckFailures", COUNT, ("Check",))
CHECK_LATENCY = Metric("CheckLatency", MILLISECONDS, ("Check",))

METRICS = tuple(value for value in list(vars().values()) if isinstance(value, Metric))
