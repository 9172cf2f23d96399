"""The Prometheus figures of a process."""

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Histogram(
    "firstfix_request_seconds",
    "Time to answer a request.",
    ["method", "route", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1, 2.5, 5),
)
JOBS = Counter("firstfix_jobs_total", "Job runs by handler and outcome.", ["handler", "outcome"])
JOB_SECONDS = Histogram("firstfix_job_seconds", "Time a handler ran.", ["handler"])
JOBS_WAITING = Gauge("firstfix_jobs_waiting", "Due jobs not done yet.", ["queue"])
JOBS_DEAD = Gauge("firstfix_jobs_dead", "Jobs given up on.")
STREAM_CLIENTS = Gauge("firstfix_stream_clients", "Open live streams.")
TRAVEL_PAIRS = Counter(
    "firstfix_travel_pairs_total",
    "Pairs of places by road network, and whether known, asked for or estimated instead.",
    ["network", "how"],
)
TRAVEL_QUESTIONS = Counter(
    "firstfix_travel_questions_total",
    "Questions to a road network by outcome: answered, refused, down.",
    ["network", "outcome"],
)
