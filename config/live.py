"""The process `live`, which holds the open sockets: `python -m config.live`.

It listens on HOST and LIVE_PORT; the front server sends it /ws/.
"""

import gc
import os

if __name__ == "__main__":
    port = int(os.environ.get("LIVE_PORT") or 0)
    os.environ.setdefault("METRICS_KIND", f"live-{port}")

    from config.sockets import server

    serving = server(host=os.environ.get("HOST") or "", port=port)
    gc.collect()
    gc.freeze()  # what stays for good is not looked through again and again while pages listen
    serving.run()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):  # it ends: no socket is open here any more
        from prometheus_client import multiprocess

        multiprocess.mark_process_dead(os.getpid())
