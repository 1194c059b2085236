"""How pages are served for real: a few processes that share the memory of one loaded site."""

import os

# A restart forgets what these processes counted, and nothing of others (community/numbers.py).
os.environ.setdefault("METRICS_KIND", f"web-{os.environ.get('PORT', '8000')}")

bind = f"{os.environ.get('HOST', '127.0.0.1')}:{os.environ.get('PORT', '8000')}"
workers = int(os.environ.get("WEB_WORKERS", "2"))
worker_class = "sync"  # behind a front server that buffers; fastest on measured pages
preload_app = True
max_requests = 5000
max_requests_jitter = 500
timeout = 30
graceful_timeout = 20
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None
# Who may say where a request came from is decided in settings (TRUSTED_PROXIES), not here.
forwarded_allow_ips = "127.0.0.1,::1"
raw_env = [f"DB_POOL={os.environ.get('DB_POOL', '1')}"]
control_socket_disable = True
# What the server itself says, in the form of the site's log.
_form = "Json" if os.environ.get("LOG_FORMAT") == "json" else "OneLine"
logconfig_dict = {
    "formatters": {"site": {"()": f"community.logs.{_form}"}},
    "handlers": {
        "site": {
            "class": "logging.StreamHandler",
            "formatter": "site",
            "stream": "ext://sys.stderr",
        }
    },
    "root": {"level": "WARNING", "handlers": ["site"]},
    "loggers": {
        "gunicorn.error": {"level": "WARNING", "handlers": ["site"], "propagate": False},
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
    },
}


def on_starting(server):
    """Counts of an earlier start are forgotten: a restart begins at nothing, as monitors expect."""
    from pathlib import Path

    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    for file in Path(folder).glob("*.db") if folder else ():
        file.unlink(missing_ok=True)


def child_exit(server, worker):
    """A process that ended keeps its counts, and no longer its states of the moment."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(worker.pid)


def when_ready(server):
    import gc

    gc.collect()
    gc.freeze()
