# Bellwether for production. The image holds no compiler, no secret and no data, and runs as an ordinary user.
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /build
COPY requirements.txt scripts/uv.txt ./
RUN python -m venv /opt/venv \
    && python -m pip install --require-hashes -r uv.txt \
    && python -m uv pip sync --no-cache --require-hashes --python /opt/venv/bin/python requirements.txt

FROM python:3.11-slim-bookworm
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=pmo.settings STATIC_ROOT=/app/collected BELLWETHER_VAR=/data MEDIA_ROOT=/data/media
RUN useradd --system --uid 10001 --user-group --home-dir /app bellwether \
    && install -d -o bellwether -g bellwether /data /data/media
WORKDIR /app
COPY --from=build /opt/venv /opt/venv
COPY . .
# The embedded profile needs no secret, so that none is in the image.
RUN BELLWETHER_VAR=/tmp/build python manage.py compile_catalogues \
    && BELLWETHER_VAR=/tmp/build python manage.py collectstatic --no-input -v 0 \
    && rm -rf /tmp/build
USER bellwether
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "pmo.wsgi:application", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", "--timeout", "120", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--access-logfile", "-", "--error-logfile", "-"]
