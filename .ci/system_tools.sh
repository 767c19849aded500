#!/bin/sh
# What the browser and document tests need beyond pip: Chromium, pdftoppm and LibreOffice Writer.
# Installs what is missing where it may (root, apt-get); else says once, loudly, what is missing.
# It never fails: the tests that need a tool skip, or fail where PATOKAZ_REQUIRE_BROWSER=1 is set.
set -u

has_chromium() {
    [ -n "${PATOKAZ_CHROMIUM:-}" ] && return 0
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null 2>&1 && return 0
    done
    return 1
}
has_pdftoppm() { command -v pdftoppm >/dev/null 2>&1; }
has_writer() {
    office=$(command -v soffice || command -v libreoffice) || return 1
    folder=$(dirname "$(readlink -f "$office" 2>/dev/null || echo "$office")")
    # A LibreOffice without Writer has the command, but not this library beside it.
    [ "$(basename "$folder")" != program ] || [ -n "$(ls "$folder" | grep '^libswlo\.' || true)" ]
}
missing() { # the Debian packages that bring what is not there
    has_chromium || printf ' chromium'
    has_pdftoppm || printf ' poppler-utils'
    has_writer || printf ' libreoffice-writer-nogui'
}

lacking=$(missing)
[ -z "$lacking" ] && exit 0

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing for the browser and document tests:$lacking."
    export DEBIAN_FRONTEND=noninteractive
    patient='-o Acquire::Retries=2 -o Acquire::http::Timeout=60 -o DPkg::Lock::Timeout=120'
    # Words are meant to be split in these lines.
    apt-get -qq $patient update >/dev/null 2>&1
    apt-get -qq $patient install -y --no-install-recommends $lacking >/dev/null 2>&1
    lacking=$(missing)
    [ -z "$lacking" ] && exit 0
fi
echo "### SKIPPED: browser and document tests. Not found and not installable here:$lacking ###"
