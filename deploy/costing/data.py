"""Costs of stored data: the table, files, copies in the second region, the cache, keys and images."""

from collections.abc import Iterator

from deploy.costing import tasks, usage
from deploy.costing.month import MINUTES, Line, Month
from deploy.costing.prices import GB, HOURS, MILLION, above, usd
from deploy.stacks import backup

FREE_TABLE_GB = 25
FREE_OUT_GB = 100
IMAGES = 30
LEAST_CACHE_GB = 0.1
LOG_MONTHS = 12
DAYS_A_MONTH = HOURS / 24
WHOLE_A_MONTH = 2
# Steps of the state machine per export: about ten polls of three steps each.
STEPS_A_RUN = 40
FREE_STEPS = 4_000
# A picture and its two thumbnails.
FILES_A_PICTURE = 3


def lines(month: Month) -> Iterator[Line]:
    yield _requests(month)
    yield from _storage(month)
    yield from _files(month)
    yield _copies(month)
    if month.kinds.get("AWS::ElastiCache::ServerlessCache"):
        asked = month.requests * usd("cache-unit")
        yield Line("Cache", LEAST_CACHE_GB * HOURS * usd("cache-gb") + asked, "Valkey, serverless, at its least")
    yield _small(month)


def _requests(month: Month) -> Line:
    measured = usage.measurements()
    processes = sum(one.count for one in tasks.api_tasks(month)) + tasks.generating_processes(month)
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
    shown = month.visits * usage.PRIVATE_PICTURES
    puts = month.uploads * (1 + FILES_A_PICTURE) + usage.LOG_FILES
    asked = shown * usd("bucket-get") + puts * usd("bucket-put")
    out = shown * usage.PRIVATE_PICTURE_KB / GB
    cost = kept + asked + above(FREE_OUT_GB, out) * usd("out-gb")
    yield Line("S3", cost, f"{pictures:,.0f} GB of pictures, {logs:,.0f} of logs; {out:,.0f} sent, {FREE_OUT_GB} free")


def _copies(month: Month) -> Line:
    """Return the cost of the second region: exports of the table, and a copy of each picture."""
    rows, written = month.rows_gb, month.people * month.each.writes / GB
    whole = WHOLE_A_MONTH * rows
    exported = whole + written
    kept_days = month.env.backup_days + backup.LONGEST_CHAIN
    kept = exported * usage.EXPORT_RATIO * kept_days / DAYS_A_MONTH
    cost = exported * (usd("table-export-gb") + usage.EXPORT_RATIO * usd("region-gb")) + kept * usd("bucket-gb")
    steps = (DAYS_A_MONTH + WHOLE_A_MONTH) * STEPS_A_RUN
    cost += above(FREE_STEPS, steps) * usd("transition")
    fresh = month.pictures_gb / usage.MONTHS
    pictures = sum(1 for one in month.resources.of("AWS::S3::Bucket") if "ReplicationConfiguration" in one.properties)
    cost += pictures * (
        month.pictures_gb * usage.SMALL_AS_LARGE * usd("bucket-archive-gb")
        + fresh * usd("region-gb")
        + month.uploads * FILES_A_PICTURE * usd("bucket-archive-put")
    )
    basis = f"{whole:,.0f} GB whole and {written:,.0f} of changes exported, {month.pictures_gb:,.0f} of pictures copied"
    return Line("Backups", cost, basis)


def in_vaults(month: Month) -> float:
    """Return what AWS Backup would cost for a daily copy in vaults of both regions.

    It would send a whole copy of the table to the other region each day, but only the new pictures.
    """
    days = month.env.backup_days
    table = 2 * days * month.rows_gb * usd("table-backup-gb") + DAYS_A_MONTH * month.rows_gb * usd("region-gb")
    pictures = 2 * month.pictures_gb * usd("bucket-backup-gb")
    return table + pictures + month.pictures_gb / usage.MONTHS * usd("region-gb")


def _small(month: Month) -> Line:
    secrets = month.kinds.get("AWS::SecretsManager::Secret", 0)
    cost = secrets * usd("secret") + IMAGES * usage.IMAGE_GB * usd("images-gb")
    cost += tasks.runs(month) * usd("secret-read")
    return Line("Secrets, images", cost, f"{secrets} secret read at each start, {IMAGES} images")
