#!/bin/sh
# Installs what the tests of this folder need on Debian and Ubuntu. Does nothing where it is there already.
set -eu
packages="fping iputils-ping nsd dovecot-core dovecot-imapd dovecot-pop3d dovecot-submissiond slapd vsftpd"
missing=""
for package in $packages; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing="$missing $package"
done
[ -z "$missing" ] && exit 0
as_root=""
[ "$(id -u)" -eq 0 ] || as_root="sudo"
$as_root apt-get update -qq
# shellcheck disable=SC2086
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -qq --no-install-recommends $missing
