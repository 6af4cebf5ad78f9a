#!/bin/sh
# Becomes the command that it is given, so that a signal reaches that and no shell. Where ENV_FILE names a file, its
# variables come first: the local stack of compose learns its addresses only when its AWS runs.
set -eu
if [ -n "${ENV_FILE:-}" ]; then
    set -a
    # shellcheck source=/dev/null
    . "$ENV_FILE"
    set +a
fi
exec "$@"
