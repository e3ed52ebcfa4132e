"""The child process that runs the native model server: `python -m app.llm.embedded_server MODEL.gguf`.

It prints one line of JSON with the loopback address once it listens, and ends when its standard input
closes, so that it never outlives the process that started it.
"""

import json
import os
import sys


def serve(model_path: str, streams: int, threads: int) -> None:
    """Start the server, say where it listens, and wait for the parent to go away."""
    out = os.dup(1)
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)  # the native server logs every request
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = model_path
    params.n_ctx = 2048 * streams
    params.n_parallel = streams
    params.cpuparams.n_threads = threads
    params.warmup = False
    server = xllamacpp.Server(params)
    os.write(out, (json.dumps({"address": server.listening_address}) + "\n").encode())
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
