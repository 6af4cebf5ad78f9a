# One image for the API, the workers and the commands; what it runs is the command that it is given (deploy/resources/tasks.py).
# Python is that of the base, which is named by tag for people and by digest for the build: index of amd64 and arm64.
# Without variables, which Dependabot does not follow.
FROM docker.io/library/python:3.11-slim-bookworm@sha256:b18992999dbe963a45a8a4da40ac2b1975be1a776d939d098c647482bcad5cba AS base

FROM base AS locked
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
# The Debian release of the base decides the versions; what the image takes of it is tini, one static file.
# hadolint ignore=DL3008
RUN apt-get update && apt-get install --yes --no-install-recommends binutils tini && rm -rf /var/lib/apt/lists/*
RUN python3 -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY requirements.txt /build/
# Nothing but what the lock file names, by hash, and no source that a build script of its own would turn into code, but
# for one: jstyleson, a module of 120 lines that extruct reads pages with, has never been published as a wheel.
RUN pip install --no-cache-dir --no-compile --require-hashes --only-binary=:all: --no-binary=jstyleson \
    --requirement /build/requirements.txt

# The local stack of docker/compose.yaml: the emulator of AWS, the templates, the seed.
FROM locked AS local
COPY requirements-dev.txt /build/
RUN pip install --no-cache-dir --require-hashes --requirement /build/requirements-dev.txt
COPY manage.py /srv/
COPY smartcooking /srv/smartcooking
COPY apps /srv/apps
COPY docker /srv/docker
COPY deploy /srv/deploy
COPY devtools /srv/devtools
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin service \
    && install --directory --owner=service --mode=0700 /data
WORKDIR /srv
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 DJANGO_SETTINGS_MODULE=smartcooking.settings HOME=/tmp
USER 10001:10001
VOLUME ["/tmp", "/data"]
HEALTHCHECK NONE
ENTRYPOINT ["/usr/bin/tini-static", "-s", "--"]
CMD ["python", "-m", "deploy.local.emulator", "--port", "4566", "--directory", "/data"]

FROM locked AS packages
COPY docker/slim.py /build/
RUN python /build/slim.py packages /opt/venv

# The whole root of the service, from which what nobody reads is taken, the base's own share included.
FROM base AS root
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin service
COPY --from=packages /usr/bin/tini-static /usr/bin/tini-static
COPY --from=packages /opt/venv /opt/venv
COPY docker/alive.py docker/entrypoint.sh /usr/local/bin/
COPY manage.py /srv/
COPY docker/gunicorn.conf.py docker/bytecode.py docker/slim.py /srv/docker/
COPY smartcooking /srv/smartcooking
COPY apps /srv/apps
RUN /opt/venv/bin/python /srv/docker/bytecode.py && python3 /srv/docker/slim.py base / \
    && rm -r /srv/docker/bytecode.py /srv/docker/slim.py /srv/docker/__pycache__

# The last one: what is built where no target is named. One layer: what was removed is not in it, and nothing is lost,
# since Fargate keeps no layers between tasks.
FROM scratch AS service
# Of a root that has been made for this, nothing is to be chosen.
# hadolint ignore=DL3067
COPY --from=root / /
WORKDIR /srv
ENV PATH=/opt/venv/bin:/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin \
    LANG=C.UTF-8 \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=smartcooking.settings \
    HOME=/tmp \
    BIND_HOST=0.0.0.0 \
    PORT=8000 \
    WEB_GRACE=25
# By number, so that an orchestrator can tell that it is not root.
USER 10001:10001
# The one place that may be written; the root is mounted read-only wherever this runs.
VOLUME ["/tmp"]
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s --retries=3 CMD ["python", "/usr/local/bin/alive.py"]
# tini reaps, and hands SIGTERM to commands that install no handler, which the kernel keeps from a first process.
ENTRYPOINT ["/usr/bin/tini-static", "-s", "--", "/usr/local/bin/entrypoint.sh"]
CMD ["gunicorn", "--config", "docker/gunicorn.conf.py", "smartcooking.wsgi"]
