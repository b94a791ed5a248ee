# One image; what it does is the command: serve, worker or migrate.
FROM python:3.13.12-slim-trixie AS packages
WORKDIR /srv/uit
COPY requirements.txt .
RUN python -m venv .venv \
    && .venv/bin/python -m pip install --no-cache-dir --only-binary :all: --require-hashes --requirement requirements.txt

FROM python:3.13.12-slim-trixie
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin uit
WORKDIR /srv/uit
COPY --from=packages /srv/uit/.venv .venv
COPY . .
RUN install --directory --owner=uit --group=uit --mode=700 .uit anchors
# The container's file system may be read-only; uploads that do not fit in memory go to the one place that is not.
ENV PATH=/srv/uit/.venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    TMPDIR=/run/uit
USER uit
EXPOSE 8000
ENTRYPOINT ["python", "-m", "uit"]
CMD ["serve"]
