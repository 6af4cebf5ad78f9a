"""The Celery application: existing SQS queues, JSON, no results, late acknowledgement."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "smartcooking.settings")
# The API and `manage.py check` run Django's checks; here they would load all views: 0.4 s and 9 MB for each worker.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

from celery import Celery
from celery.signals import setup_logging, worker_process_init, worker_process_shutdown
from django.conf import settings
from kombu import Queue
from kombu.transport import TRANSPORT_ALIASES

from apps.core.telemetry import emf, logging, tasks, tracing
from smartcooking import worker_health
from smartcooking.contract import queues

# The meaning of `sqs` in the broker's URL.
TRANSPORT_ALIASES["sqs"] = "apps.core.broker:Transport"

app = Celery("smartcooking", task_cls="apps.core.tasks:RetriedTask")
app.conf.update(
    broker_url="sqs://",
    broker_transport_options={
        "region": settings.AWS_REGION,
        "predefined_queues": {
            queue.name: {
                "url": settings.QUEUE_URLS[queue.name],
                **({"endpoint_url": settings.AWS_ENDPOINT_URL} if settings.AWS_ENDPOINT_URL else {}),
            }
            for queue in queues.QUEUES
        },
        # Long polling: an idle worker costs six requests a minute and queue.
        "wait_time_seconds": 10,
        "polling_interval": 0.1,
    },
    broker_connection_retry_on_startup=True,
    task_queues=[Queue(queue.name) for queue in queues.QUEUES],
    task_default_queue=queues.DEFAULT.name,
    task_create_missing_queues=False,
    task_serializer="json",
    accept_content=["json"],
    task_ignore_result=True,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    # EventBridge and the local scheduler keep the time: a delayed message would outlive the visibility timeout.
    enable_utc=True,
)
app.autodiscover_tasks()
# Workers import these with the tasks of the apps, once Django is ready and before they fork, so that their processes
# share what reading pages takes.
app.conf.imports = ("smartcooking.scheduled", "apps.imports.working")
app.steps["worker"].add(worker_health.Heartbeat)
if emf.is_on():
    tasks.measure_tasks()


@setup_logging.connect
def _log_as_the_service_does(**_: object) -> None:
    logging.configure(settings.LOG_LEVEL)


@worker_process_init.connect
def _trace(**_: object) -> None:
    tracing.start("worker")


@worker_process_shutdown.connect
def _send_last_traces(**_: object) -> None:
    tracing.stop()
