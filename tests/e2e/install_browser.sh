#!/bin/sh
# A browser for the end-to-end tests: the machine's Chromium or Chrome, else Debian's, else a sentence.
set -eu
for name in chromium chromium-browser google-chrome google-chrome-stable chrome; do
  if command -v "$name" >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium
  exit 0
fi
echo "The browser tests need Chromium or Chrome on the PATH, and there is none: install one and try again." >&2
exit 1
