#!/bin/sh
# See that npm and node are here, for `make referee`; install Debian's own in continuous integration, where we may.
set -eu

is_here() { command -v npm >/dev/null && command -v node >/dev/null; }

is_here && exit 0
if [ -n "${CI:-}" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    {
        apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends npm
    } >&2 || echo "Debian's packages could not be fetched: see the lines above." >&2
fi
