#!/usr/bin/env python3
"""Measures the server against its peers, side by side on this machine: tests/bench/run [pages|ingest|memory]…

Prints a line for each figure: what, ours, the peer's, their ratio, and the ratio that is the goal. Builds the release preset if it
is not there and installs the peers (nginx, wrk) from Debian. Machines are noisy: figures are medians of three rounds, ours and the
peer's in turn.
"""
import http.client
import json
import os
import pathlib
import re
import resource
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("IOTMAN_BUILD", ROOT / "build/release"))
ROUNDS = 3
STORED = int(os.environ.get("IOTMAN_BENCH_STORED", "1000000"))
START = 1_700_000_000
SERVER_CORE, CLIENT_CORE = "0", "1"


def need(program, package):
    if subprocess.run(["which", program], capture_output=True).returncode != 0:
        subprocess.run(["apt-get", "install", "-y", "-q", package], check=True, stdout=subprocess.DEVNULL)


def server_binary():
    found = [path for path in BUILD.rglob("iotman-server") if path.is_file() and os.access(path, os.X_OK)]
    if not found:
        subprocess.run(["cmake", "--preset", "release"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["cmake", "--build", "--preset", "release", "--target", "iotman-server"], cwd=ROOT, check=True)
        return server_binary()
    return found[0]


class Server:
    """An iotman-server with one endpoint “bench”, which passes everything through."""

    def __init__(self, data=None):
        keep = ["--data", data] if data else ["--ephemeral"]
        self.process = subprocess.Popen(
            ["taskset", "-c", SERVER_CORE, server_binary(), "serve", "--listen", "127.0.0.1:0", "--workspace", self.workspace(), *keep],
            stdout=subprocess.PIPE, text=True)
        for line in self.process.stdout:
            if line.startswith("ready "):
                self.port = int(line.rsplit(":", 1)[1])
                break
        else:
            sys.exit("the server did not start")

    @staticmethod
    def workspace():
        file = tempfile.NamedTemporaryFile("w", suffix=".json", delete=False)
        json.dump({"iotman": 1, "sources": [{"name": "bench", "kind": "http", "time": "$.ts"}],
                   "outputs": [{"name": "bench", "sources": ["bench"], "rule": "$"}],
                   "endpoints": [{"id": "bench", "output": "bench"}]}, file)
        file.close()
        return file.name

    def fill(self, count):
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        for first in range(0, count, 10_000):
            send(connection, batch(first, min(10_000, count - first)))

    def cpu_seconds(self):
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_bytes(self):
        return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{self.process.pid}/status").read_text()).group(1)) * 1024

    def stop(self):
        self.process.terminate()
        self.process.wait()


def datapoint(number):
    return f'{{"ts":{START + number / 1000:.3f},"device":"th-{number % 50}","temp_c":{20 + number % 70 / 10},"humidity":{40 + number % 300 / 10},"n":{number}}}'


def batch(first, count):
    return "\n".join(datapoint(first + i) for i in range(count)).encode()


def send(connection, body):
    connection.request("POST", "/data/in/bench", body)
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != 200:
        sys.exit(f"the server answered {answer.status}: {text.decode()}")


def get(port, target):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", target)
    return connection.getresponse().read()


def wrk(port, target, script=None):
    """Requests per second."""
    command = ["taskset", "-c", CLIENT_CORE, "wrk", "-t1", "-c16", "-d3s"]
    if script:
        command += ["-s", script]
    out = subprocess.run([*command, f"http://127.0.0.1:{port}{target}"], capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in out:
        sys.exit(out)
    return float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))


class Nginx:
    """Serves one file, with one worker."""

    def __init__(self, body):
        self.folder = tempfile.mkdtemp(prefix="iotman-bench-")
        os.chmod(self.folder, 0o755)
        pathlib.Path(self.folder, "page").write_bytes(body)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        config = pathlib.Path(self.folder, "nginx.conf")
        config.write_text(f"""daemon off; worker_processes 1; pid {self.folder}/pid; error_log stderr crit;
events {{ worker_connections 1024; }}
http {{ access_log off; keepalive_requests 1000000000; sendfile on; tcp_nopush on; default_type application/json; open_file_cache max=10;
server {{ listen 127.0.0.1:{self.port}; root {self.folder}; }} }}""")
        self.process = subprocess.Popen(["taskset", "-c", SERVER_CORE, "nginx", "-p", self.folder, "-c", config])
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.05)

    def stop(self):
        self.process.terminate()
        self.process.wait()


RANDOM_TO = """
math.randomseed(7)
request = function()
  return wrk.format("GET", string.format("/data/out/bench?limit=100&to=%.3f", {start} + math.random(100, {stored}) / 1000))
end
"""


def tell(what, unit, ours, peer, goal, more_is_better=True):
    ratio = ours / peer if more_is_better else peer / ours
    print(f"{what:<58} {ours:>12,.0f} {peer:>12,.0f} {unit:<16} {ratio:6.2f}  goal {goal}", flush=True)


def in_turn(ours, peers):
    """Medians of both, measured alternately."""
    pairs = [(ours(), peers()) for _ in range(ROUNDS)]
    return statistics.median(pair[0] for pair in pairs), statistics.median(pair[1] for pair in pairs)


def pages():
    need("nginx", "nginx-light")
    need("wrk", "wrk")
    server = Server()
    server.fill(STORED)
    nginx = Nginx(get(server.port, "/data/out/bench"))
    script = tempfile.NamedTemporaryFile("w", suffix=".lua", delete=False)
    script.write(RANDOM_TO.format(start=START, stored=STORED))
    script.close()
    ours, peer = in_turn(lambda: wrk(server.port, "/data/out/bench"), lambda: wrk(nginx.port, "/page"))
    tell("newest page of 100 items / nginx, the same body as a file", "requests/s", ours, peer, 0.4)
    ours, peer = in_turn(lambda: wrk(server.port, "/", script.name), lambda: wrk(nginx.port, "/page"))
    tell(f"page with random to, {STORED:,} stored / nginx", "requests/s", ours, peer, 0.4)
    nginx.stop()
    server.stop()


def ingest():
    batches = [batch(i * 1000, 1000) for i in range(300)]

    def ours():
        with tempfile.TemporaryDirectory(dir=os.environ.get("IOTMAN_BENCH_DISK", "/var/tmp")) as folder:
            server = Server(folder)
            begin = time.monotonic()

            def work(part):
                connection = http.client.HTTPConnection("127.0.0.1", server.port)
                for body in part:
                    send(connection, body)

            threads = [threading.Thread(target=work, args=(batches[i::4],)) for i in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            rate = len(batches) * 1000 / (time.monotonic() - begin)
            server.stop()
            return rate

    def peer():
        with tempfile.TemporaryDirectory(dir=os.environ.get("IOTMAN_BENCH_DISK", "/var/tmp")) as folder:
            database = sqlite3.connect(f"{folder}/plain.sqlite", isolation_level=None)
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("PRAGMA synchronous=FULL")
            database.execute("CREATE TABLE item (id INTEGER PRIMARY KEY, text TEXT CHECK (json_valid(text)))")
            begin = time.monotonic()
            for body in batches:
                database.execute("BEGIN")
                database.executemany("INSERT INTO item (text) VALUES (?)", [(line,) for line in body.decode().split("\n")])
                database.execute("COMMIT")
            return len(batches) * 1000 / (time.monotonic() - begin)

    tell("ingest over HTTP, NDJSON of 1,000, durable / SQLite rows", "datapoints/s", *in_turn(ours, peer), 1.0)


def memory():
    count = 5000
    resource.setrlimit(resource.RLIMIT_NOFILE, (count + 1000, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))

    def of_each(target):
        server = Server()
        server.fill(1000)
        for _ in range(50):
            get(server.port, "/data/out/bench")
        before = server.resident_bytes()
        sockets = []
        for _ in range(count):
            connection = socket.create_connection(("127.0.0.1", server.port))
            connection.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            connection.recv(4096)
            sockets.append(connection)
        time.sleep(1)
        bytes_each = (server.resident_bytes() - before) / count
        for connection in sockets:
            connection.close()
        server.stop()
        return bytes_each

    tell("memory of an idle connection", "bytes", of_each("/healthz"), 14_000, "1.0 (14 kB)", False)
    tell("memory of a reader of /events", "bytes", of_each("/data/out/bench/events"), 16_000, "1.0 (16 kB)", False)


FIGURES = {"pages": pages, "ingest": ingest, "memory": memory}

if __name__ == "__main__":
    wanted = sys.argv[1:] or list(FIGURES)
    unknown = [name for name in wanted if name not in FIGURES]
    if unknown:
        sys.exit(f"expected any of {', '.join(FIGURES)}, but got {', '.join(unknown)}")
    print(f"{'what':<58} {'ours':>12} {'peer':>12} {'unit':<16} {'ratio':>6}", flush=True)
    for name in wanted:
        FIGURES[name]()
