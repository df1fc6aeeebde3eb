# The service and its worker: one image, two commands. Nothing in it runs as root.
FROM python:3.11-slim-bookworm

RUN useradd --system --uid 10001 --create-home archive \
    && mkdir /data && chown archive /data
WORKDIR /app
COPY requirements.lock .
RUN pip install --no-cache-dir --require-hashes -r requirements.lock
COPY classification classification
COPY ingest ingest
COPY storage storage
COPY archive_service archive_service

USER archive
ENV VILLAGE_ARCHIVE_DATA=/data VILLAGE_ARCHIVE_HOST=0.0.0.0 PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["python", "-m", "archive_service.cli"]
CMD ["serve"]
