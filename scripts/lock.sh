#!/bin/sh
# Lock requirements.in and requirements-dev.in with hashes, without a line that names an index. `lock.sh PYTHON [uv options]`,
# for example `--upgrade` or `--upgrade-package django`.
set -eu
python=$1
shift
for name in requirements requirements-dev; do
    "$python" -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header \
        --no-emit-index-url --no-emit-find-links "$@" --output-file "$name.txt" "$name.in"
done
