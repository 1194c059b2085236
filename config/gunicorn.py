"""How pages are served for real: a few processes that share the memory of one loaded site."""

import os

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


def when_ready(server):
    import gc

    gc.collect()
    gc.freeze()
