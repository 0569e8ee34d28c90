#!/bin/sh
# See that Kannel and its fake message centre are here, for `make gateway`; install Debian's own where we may.
set -eu
PATH="$PATH:/usr/sbin"

is_here() {
    command -v bearerbox && command -v smsbox && [ -x /usr/lib/kannel/test/fakesmsc ]
}

is_here >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    {
        apt-get update -qq &&
            DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends kannel kannel-extras
    } >&2 || echo "Debian's packages could not be fetched: see the lines above." >&2
    is_here >/dev/null && exit 0
fi
echo "Kannel was not found: install Debian's packages kannel and kannel-extras, or run this as root." >&2
exit 1
