# The service, its workers and its scheduler: one image, several commands. Nothing in it runs as root.
FROM python:3.11-slim-bookworm AS packages

RUN python -m venv /packages
COPY requirements.lock .
RUN /packages/bin/pip install --no-cache-dir --require-hashes -r requirements.lock


FROM python:3.11-slim-bookworm

RUN useradd --system --uid 10001 --user-group --create-home archive \
    && mkdir /data && chown archive:archive /data
COPY --from=packages /packages /packages
WORKDIR /app
COPY classification classification
COPY ingest ingest
COPY storage storage
COPY archive_service archive_service

USER archive
ENV PATH=/packages/bin:$PATH PYTHONUNBUFFERED=1 VILLAGE_ARCHIVE_DATA=/data VILLAGE_ARCHIVE_HOST=0.0.0.0
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["python", "-m", "archive_service.cli"]
CMD ["serve"]
