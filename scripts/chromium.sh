#!/bin/sh
# Print where a Chromium or Chrome is, for `make browser` and `make pictures`; install Debian's own where we may.
set -eu

find_one() {
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
        if [ -n "$name" ] && command -v "$name"; then return 0; fi
    done
    return 1
}

find_one && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    {
        apt-get update -qq &&
            DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends chromium fonts-dejavu-core
    } >&2 || echo "Debian's packages could not be fetched: see the lines above." >&2
    find_one && exit 0
fi
echo "No browser was found: install Chromium or Chrome, or name one, as in CHROMIUM=/path/to/chrome." >&2
exit 1
