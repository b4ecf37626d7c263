# One image for every kind of process; docker-compose.yml says which it runs.
FROM python:3.11-slim-bookworm AS build
# "base s3" adds what PAYLOAD_STORAGE=s3://… needs.
ARG REQUIREMENTS=base
COPY requirements/*.txt /build/
RUN python -m venv --without-pip /venv \
 && pip --python /venv/bin/python install --no-cache-dir --disable-pip-version-check \
      --require-hashes --only-binary :all: $(printf -- '-r /build/%s.txt ' $REQUIREMENTS) \
 && find /venv -name __pycache__ -prune -exec rm -r {} + \
 && /venv/bin/python -m compileall -q /venv

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin catchall \
 && install -d -o catchall -m 700 /data
COPY --from=build /venv /venv
COPY . /app
# A checkout may be readable to its owner alone.
RUN chmod -R a+rX /app && /venv/bin/python -m compileall -q /app
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_DIR=/data \
    HOST=0.0.0.0
WORKDIR /app
USER 10001
VOLUME /data
EXPOSE 8000
# Without docker-compose.yml: the whole site in one process, on SQLite in /data.
CMD ["python", "manage.py", "up"]
