#!/bin/sh
# Make the secrets of docker-compose.yml once: random values in secrets/, a folder only this user may enter. The files
# themselves are readable, because the containers read them as other users. What exists already is left alone.
set -eu
cd "$(dirname "$0")/.."
umask 077
mkdir -p secrets
for name in secret_key database_password redis_password; do
    if [ -s "secrets/$name" ]; then
        continue
    fi
    od -An -N48 -tx1 /dev/urandom | tr -d ' \n' > "secrets/$name"
    chmod 0444 "secrets/$name"
    echo "made secrets/$name"
done
