"""Names of the single table's attributes and indexes, in plain Python: read by the models and by `deploy/`."""

PARTITION_KEY = "pk"
SORT_KEY = "sk"
TTL = "ttl"

# On every row and in every index: the model that reads it, its shape and its version.
COMMON = ("kind", "schema", "version", TTL)


class Index:
    """A global secondary index: its name, its two key attributes and the other attributes that its readers need."""

    def __init__(self, name: str, projected: tuple[str, ...] = ()) -> None:
        self.name = name
        self.partition_key = f"{name}pk"
        self.sort_key = f"{name}sk"
        self.projected = COMMON + projected


# Feeds that processes keep in memory (catalogue, ingredients), and people by the start of their username.
FEEDS = Index(
    "gsi1",
    (
        "user_id", "body", "content_version", "approval", "hidden", "deleted",
        "rating_sum", "rating_count", "cook_count",
    ),
)  # fmt: skip
# Lists by something other than the row's own partition: ratings of a recipe by time, who cooked it.
LISTS = Index("gsi2", ("user_id", "reaction"))
# Public posts, newest first, in monthly partitions; whole rows, so that one query shows a page of them.
PUBLIC = Index(
    "gsi3",
    (
        "user_id", "username", "avatar", "body", "visibility", "edition", "updated_at",
        "likes", "loves", "wows", "comment_count",
    ),
)  # fmt: skip
# Sparse: the moderators' queues, unread notifications, uploads to be removed.
QUEUES = Index("gsi4", ("user_id",))

INDEXES = (FEEDS, LISTS, PUBLIC, QUEUES)
