# syntax=docker/dockerfile:1
# Two stages: what builds stays behind; what runs is the site, its packages and nobody's root.

FROM python:3.11-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN python -m venv /venv
# run, or s3 for uploads in a store: docker compose build --build-arg REQUIREMENTS=s3
ARG REQUIREMENTS=run
COPY requirements/${REQUIREMENTS}.txt requirements/packages.txt
RUN /venv/bin/pip install --require-hashes --only-binary :all: -r requirements/packages.txt
COPY . .
# Without a database: these two commands need none. The key they make stays in this stage.
RUN DATA=/tmp/build STATIC_ROOT=/srv/tequio/static /venv/bin/python manage.py messages --compile \
 && DATA=/tmp/build STATIC_ROOT=/srv/tequio/static /venv/bin/python manage.py collectstatic --no-input \
 && /venv/bin/python -m compileall -q community config events feedback groups leadership learning polls

FROM python:3.11-slim-bookworm
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA=/srv/tequio \
    HOST=0.0.0.0 \
    PORT=8000
RUN groupadd --gid 10001 tequio \
 && useradd --uid 10001 --gid tequio --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin tequio \
 && install -d -o tequio -g tequio -m 0700 /srv/tequio /srv/tequio/backups /srv/tequio/erased \
      /srv/tequio/run /srv/tequio/run/metrics \
 && install -d -o tequio -g tequio -m 0750 /srv/tequio/media \
 && install -d -o tequio -g tequio -m 0755 /srv/static
COPY --from=build /venv /venv
COPY --from=build /app /app
COPY --from=build --chown=tequio:tequio /srv/tequio/static /srv/tequio/static
WORKDIR /app
USER tequio
EXPOSE 8000 8001
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=6 \
  CMD ["python", "deploy/healthcheck.py"]
CMD ["gunicorn", "--config", "config/gunicorn.py", "config.wsgi"]
