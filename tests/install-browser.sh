#!/bin/sh
# Chromium, a Devanagari font and pdftotext for the browser tests, where root and apt can bring them.
# Elsewhere the browser tests are skipped by name.
set -u
if command -v chromium >/dev/null && fc-list 2>/dev/null | grep -qi "devanagari"; then exit 0; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "No Chromium here and no way to install it: browser tests will be skipped." >&2
    exit 0
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends chromium fonts-noto-core fontconfig >/dev/null
