"""The Prometheus figures of ingest."""

from prometheus_client import Counter, Gauge, Histogram

MESSAGES = Counter("firstfix_ingest_messages_total", "Device messages stored.")
READINGS = Counter("firstfix_ingest_readings_total", "Readings stored.")
DROPPED = Counter("firstfix_ingest_dropped_total", "Messages and readings dropped.", ["reason"])
MARKED = Counter(
    "firstfix_ingest_marked_total", "Readings stored with a mark: stuck, or begun anew.", ["reason"]
)
BATCH_SECONDS = Histogram("firstfix_ingest_batch_seconds", "Time to store one batch.")
QUEUE = Gauge("firstfix_ingest_queue", "Messages received and not yet stored.")
