"""Import and compile everything that the API, workers and commands need; the last step of the image's build.

python docker/bytecode.py

The root of a container cannot be written, so what is not compiled here is compiled again at every start. And what
`slim.py` has taken away too much fails here, before anything is released.
"""

import importlib.util
import marshal
import os
import pkgutil
import py_compile
import sys
from collections.abc import Callable, Iterator
from http import HTTPStatus
from importlib.machinery import SourceFileLoader
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Any
from wsgiref.util import setup_testing_defaults

ROOT = Path(__file__).resolve().parent.parent
# Modules that are named in strings and imported when a program runs.
BY_NAME = (
    "aws_lambda_powertools.metrics.provider.cloudwatch_emf.cloudwatch",
    "celery.__main__",
    "celery.app.amqp",
    "celery.app.control",
    "celery.app.events",
    "celery.app.log",
    "celery.apps.worker",
    "celery.bin.celery",
    "celery.concurrency.prefork",
    "celery.fixups.django",
    "celery.loaders.app",
    "celery.worker.autoscale",
    "celery.worker.components",
    "celery.worker.consumer",
    "celery.worker.strategy",
    "django.core.management.commands.migrate",
    "gunicorn.app.wsgiapp",
    "gunicorn.arbiter",
    "gunicorn.workers.gthread",
    "kombu.asynchronous.http.curl",
    "kombu.transport.SQS",
    "apps.core.telemetry.spans",
    "urllib.request",
)
# Reads the catalogue while it is imported.
NOT_HERE = "smartcooking.wsgi"
PAGES = ("/livez", "/docs", "/v1/schema", "/static/drf_spectacular_sidecar/swagger-ui-dist/swagger-ui-bundle.js")
# The flags of hash-based bytecode that is not checked: times of files in image layers don't matter.
UNCHECKED = (1).to_bytes(4, "little")
NOWHERE = "http://127.0.0.1:9"


def main() -> None:
    sys.path.insert(0, str(ROOT))
    _settle()
    for name in (*BY_NAME, *_modules("smartcooking"), *_modules("apps")):
        importlib.import_module(name)
    importlib.import_module("django.core.management").call_command("check")
    _make_clients()
    _ask_for_pages()
    compiled = sum(_keep(module) for module in list(sys.modules.values()))
    # Includes our own modules.
    for path in ROOT.rglob("*.py"):
        if not Path(importlib.util.cache_from_source(path)).exists():
            py_compile.compile(str(path), doraise=True, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    print(f"bytecode: {compiled} modules compiled")


def _settle() -> None:
    """Set up Django without an environment: required settings get unusable values."""
    env = importlib.import_module("smartcooking.env")
    read: Callable[..., str] = env.string

    def string(name: str, default: str | None = None, *declared: str, **options: str) -> str:
        return read(name, NOWHERE if default is None else default, *declared, **options)

    vars(env).update(string=string, secret=lambda *_, **__: NOWHERE)
    os.environ["DJANGO_SETTINGS_MODULE"] = "smartcooking.settings"
    importlib.import_module("django").setup()


def _modules(package: str) -> Iterator[str]:
    found = pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}.")
    return (module.name for module in found if module.name != NOT_HERE)


def _make_clients() -> None:
    """Create a client of each remaining AWS service, which reads its description and its endpoint rules."""
    boto3, slim = importlib.import_module("boto3"), importlib.import_module("slim")
    for service in sorted(slim.SERVICES):
        boto3.client(service, region_name="us-east-1", aws_access_key_id=NOWHERE, aws_secret_access_key=NOWHERE)


def _ask_for_pages() -> None:
    application = importlib.import_module("django.core.wsgi").get_wsgi_application()
    statuses: list[str] = []
    for page in PAGES:
        request: dict[str, Any] = {"PATH_INFO": page, "wsgi.input": BytesIO()}
        setup_testing_defaults(request)
        list(application(request, lambda status, *_: statuses.append(status)))
    if statuses != [f"{HTTPStatus.OK.value} {HTTPStatus.OK.phrase}"] * len(PAGES):
        sys.exit(f"{', '.join(PAGES)} answer {statuses}")


def _keep(module: ModuleType) -> bool:
    """Write the module's bytecode where Python looks for it; says whether the module has any.

    What its import has compiled is not compiled again: it gets the header that PEP 552 has for a hash of the source.
    """
    spec = getattr(module, "__spec__", None)
    if spec is None or not isinstance(spec.loader, SourceFileLoader) or not spec.origin or not spec.cached:
        return False
    code = spec.loader.get_code(spec.name)
    source = Path(spec.origin).read_bytes()
    header = importlib.util.MAGIC_NUMBER + UNCHECKED + importlib.util.source_hash(source)
    Path(spec.cached).parent.mkdir(parents=True, exist_ok=True)
    Path(spec.cached).write_bytes(header + marshal.dumps(code))
    return True


if __name__ == "__main__":
    main()
