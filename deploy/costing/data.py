"""What is kept: the table, files, their copies in a second region, the cache, keys and images."""

from collections.abc import Iterator

from deploy.costing import tasks, usage
from deploy.costing.month import MINUTES, Line, Month
from deploy.costing.prices import GB, HOURS, MILLION, above, usd

FREE_TABLE_GB = 25
FREE_OUT_GB = 100
IMAGES = 30
LEAST_CACHE_GB = 0.1
LOG_MONTHS = 12


def lines(month: Month) -> Iterator[Line]:
    yield _requests(month)
    yield from _storage(month)
    yield from _files(month)
    yield Line("Backups", in_vaults(month), f"{month.env.backup_days} days in vaults of two regions")
    if month.kinds.get("AWS::ElastiCache::ServerlessCache"):
        asked = month.requests * usd("cache-unit")
        yield Line("Cache", LEAST_CACHE_GB * HOURS * usd("cache-gb") + asked, "Valkey, serverless, at its least")
    yield _small(month)


def _requests(month: Month) -> Line:
    measured = usage.measurements()
    processes = sum(one.count for one in (*tasks.serving(month), *tasks.working(month)))
    reads = month.people * month.each.reads
    reads += processes * MINUTES * usage.LOOKS_A_MINUTE * measured[usage.LOOK][0]
    reads += MINUTES * measured[usage.SWEEP][0]
    writes = month.people * month.each.writes
    cost = reads * usd("table-read") + writes * usd("table-write")
    return Line("DynamoDB: requests", cost, f"{reads / MILLION:,.1f} M read, {writes / MILLION:,.1f} M write units")


def _storage(month: Month) -> Iterator[Line]:
    rows = month.rows_gb
    cost = above(FREE_TABLE_GB, rows) * usd("table-gb") + rows * usd("table-recovery-gb")
    yield Line("DynamoDB: storage", cost, f"{rows:,.1f} GB, {FREE_TABLE_GB} free; point-in-time recovery of all of it")


def _files(month: Month) -> Iterator[Line]:
    pictures = month.pictures_gb
    fresh = min(1.0, 3 / usage.MONTHS)
    kept = pictures * (fresh * usd("bucket-gb") + (1 - fresh) * usd("bucket-seldom-gb"))
    logs = LOG_MONTHS * month.requests * 2 * usage.BUCKET_LOG_KB / GB
    seldom = (LOG_MONTHS - 3) / LOG_MONTHS
    kept += logs * ((1 - seldom) * usd("bucket-gb") + seldom * usd("bucket-seldom-gb"))
    shown = month.people * usage.VISITS * usage.PRIVATE_PICTURES
    asked = shown * usd("bucket-get") + month.people * usage.ACTIONS["ask for an upload"] * 4 * usd("bucket-put")
    out = shown * usage.PRIVATE_PICTURE_KB / GB
    cost = kept + asked + above(FREE_OUT_GB, out) * usd("out-gb")
    yield Line("S3", cost, f"{pictures:,.0f} GB of pictures, {logs:,.0f} of logs; {out:,.0f} sent, {FREE_OUT_GB} free")


def in_vaults(month: Month) -> float:
    """Return what daily backups in vaults cost: of the table each is whole, of the pictures only what is fresh."""
    days = month.env.backup_days
    table = 2 * days * month.rows_gb * usd("table-backup-gb") + 30 * month.rows_gb * usd("region-gb")
    pictures = 2 * month.pictures_gb * usd("bucket-backup-gb")
    return table + pictures + month.pictures_gb / usage.MONTHS * usd("region-gb")


def _small(month: Month) -> Line:
    kinds = month.kinds
    keys, secrets = kinds.get("AWS::KMS::Key", 0), kinds.get("AWS::SecretsManager::Secret", 0)
    cost = keys * usd("key") + secrets * usd("secret") + IMAGES * usage.IMAGE_GB * usd("images-gb")
    cost += tasks.runs(month) * usd("secret-read")
    return Line("Keys, secrets, images", cost, f"{keys} keys, {secrets} secret read at each start, {IMAGES} images")
