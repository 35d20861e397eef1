"""The programs that are measured, and those that load them."""

import json
import os
import re
import signal
import subprocess
import time
from pathlib import Path

SERVER_CORE, LOAD_CORE = "0", "1"

#: What a call of the echo service sends: an EchoMessage of 100 bytes (text, number, payload) with
#: gRPC's prefix.
ECHO = b"\x0a\x14" + b"h" * 20 + b"\x10\x96\x01" + b"\x1a\x49" + b"p" * 73
assert len(ECHO) == 100
FRAME = b"\x00" + len(ECHO).to_bytes(4, "big") + ECHO


class Programs:
    """Where everything is."""

    def __init__(self, ours: Path, peers: Path, scratch: Path):
        self.ours, self.peers, self.scratch = ours, peers, scratch
        scratch.mkdir(parents=True, exist_ok=True)
        self.frame = scratch / "echo.bin"
        self.frame.write_bytes(FRAME)
        self.certificate, self.key = scratch / "certificate.pem", scratch / "key.pem"
        self.counter = scratch / "allocations.so"

    def prepare(self):
        source = Path(__file__).with_name("allocations.c")
        run(["cc", "-O2", "-shared", "-fPIC", "-o", self.counter, source])
        run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
            + ["-nodes", "-days", "30", "-subj", "/CN=localhost", "-addext"]
            + ["subjectAltName=DNS:localhost,IP:127.0.0.1", "-addext"]
            + ["basicConstraints=critical,CA:TRUE", "-keyout", self.key, "-out", self.certificate]
        )

    def server(self, name, tls=False, **options):
        command = {
            "ours": [self.ours / "grpc-test-server", "--event-loops", "1"],
            "cpp": [self.peers / "grpc-cpp-peer-server", "--threads", "1"],
            "swift": [self.peers / "grpc-swift-peer-server", "--event-loops", "1"],
        }[name]
        if tls:
            command = command + ["--tls", self.certificate, self.key]
        return Server(command, **options)

    def h2load(self, port, calls, connections, streams, tls=False):
        """Calls a second, and the mean latency of a call in microseconds."""
        text = run(
            ["taskset", "-c", LOAD_CORE, "h2load", "-n", calls, "-c", connections, "-m", streams]
            + ["-t", "1", "-d", self.frame, "-H", "content-type: application/grpc"]
            + ["-H", "te: trailers"]
            + [f"http{'s' if tls else ''}://127.0.0.1:{port}/echo.v1.Echo/Unary"]
        )
        answered = re.search(r"status codes: (\d+) 2xx", text)
        if not answered or int(answered[1]) != calls:
            raise RuntimeError(f"h2load: not all calls were answered\n{text}")
        rate = float(re.search(r"finished in .*?, ([\d.]+) req/s", text)[1])
        row = re.search(r"time for request: +\S+ +\S+ +([\d.]+)(us|ms|s) ", text)
        return rate, float(row[1]) * {"us": 1, "ms": 1e3, "s": 1e6}[row[2]]

    def load(self, port, *flags, tls=False):
        """What grpc-load says; it fails where any answer is wrong."""
        if tls:
            flags += ("--tls-ca", self.certificate)
        command = ["taskset", "-c", LOAD_CORE, self.ours / "grpc-load", "--json", "--port", port]
        return json.loads(run(command + list(flags)))

    def peer_client(self, name, port, *flags):
        client = self.peers / f"grpc-{name}-peer-client"
        command = ["taskset", "-c", LOAD_CORE, client, "--server_host=127.0.0.1"]
        return json.loads(run(command + [f"--server_port={port}", *flags]))


class Server:
    """A server on a core of its own, while the block runs."""

    def __init__(self, command, preload=None):
        self.command = ["taskset", "-c", SERVER_CORE] + [str(word) for word in command]
        self.environment = dict(os.environ, **({"LD_PRELOAD": str(preload)} if preload else {}))
        self.is_counted = preload is not None

    def __enter__(self):
        self.process = subprocess.Popen(
            self.command + ["--host", "127.0.0.1", "--port", "0"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE if self.is_counted else None,
            env=self.environment,
            text=True,
        )
        line = self.process.stdout.readline()
        found = re.search(r"listening on .*:(\d+)", line)
        if not found:
            self.process.kill()
            raise RuntimeError(f"{self.command[3]} does not listen: {line}")
        self.port = int(found[1])
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def allocations(self):
        self.process.send_signal(signal.SIGUSR2)
        while True:
            found = re.match(r"allocations (\d+)", self.process.stderr.readline())
            if found:
                return int(found[1])

    def resident(self, after=0.5):
        """Megabytes, after so many seconds in which what was done is let go of."""
        time.sleep(after)
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+) kB", status)[1]) / 1024


def run(command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{command[0]} {command[1:4]}…: {done.stdout}\n{done.stderr}")
    return done.stdout
