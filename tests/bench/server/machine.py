"""What figures are made with: the server, its peers, and what asks them. Processor time is the measure wherever it can be read: it
hardly depends on what else the machine does.
"""
import http.client
import json
import os
import pathlib
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD = pathlib.Path(os.environ.get("IOTMAN_BUILD", ROOT / "build/release"))
ROUNDS = 3
STORED = int(os.environ.get("IOTMAN_BENCH_STORED", "1000000"))
SECRET = secrets.token_urlsafe(24)
START = 1_700_000_000
SERVER_CORE, CLIENT_CORE = "0", "1"


def need(program, package):
    """`program`: a name, or the path of a file that the package brings."""
    if not shutil.which(program) and not pathlib.Path(program).exists():
        subprocess.run(["apt-get", "install", "-y", "-q", package], check=True, stdout=subprocess.DEVNULL)


def program(target):
    """The path of a program, built if it is not there."""
    def found():
        return next((path for path in BUILD.rglob(target) if path.is_file() and os.access(path, os.X_OK)), None)
    if not found():
        subprocess.run(["cmake", "--preset", "release", "-B", BUILD, "-DIOTMAN_TESTS=ON"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["cmake", "--build", BUILD, "--target", target], check=True, stdout=subprocess.DEVNULL)
    return found()


class Measured:
    """A process whose cost is read. `port` is where it listens."""

    process = None
    port = None

    def pids(self):
        return [self.process.pid]

    def cpu_seconds(self):
        ticks = 0
        for pid in self.pids():
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def resident_bytes(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) * 1024

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Server(Measured):
    """An iotman-server with one endpoint “bench”, which passes everything through, and “kept” for those with the scope bench:read."""

    def __init__(self, data=None):
        keep = ["--data", data] if data else ["--ephemeral"]
        self.process = subprocess.Popen(
            ["taskset", "-c", SERVER_CORE, program("iotman-server"), "serve", "--listen", "127.0.0.1:0", "--workspace", self.workspace(), *keep],
            stdout=subprocess.PIPE, text=True, env={**os.environ, "IOTMAN_BENCH_SECRET": SECRET})
        for line in self.process.stdout:
            if line.startswith("ready "):
                self.port = int(line.rsplit(":", 1)[1])
                break
        else:
            sys.exit("the server did not start")
        get(self.port, "/.well-known/jwks.json")  # its first signing key is made meanwhile, on the core that is measured

    @staticmethod
    def workspace():
        file = tempfile.NamedTemporaryFile("w", suffix=".json", delete=False)
        json.dump({"iotman": 1, "sources": [{"name": "bench", "kind": "http", "time": "$.ts"}],
                   "outputs": [{"name": "bench", "sources": ["bench"], "rule": "$"}],
                   "scopes": [{"name": "bench:read"}],
                   "clients": [{"id": "bench-client", "name": "Bench", "scopes": ["bench:read"], "secret": {"env": "IOTMAN_BENCH_SECRET"}}],
                   "endpoints": [{"id": "bench", "output": "bench"}, {"id": "kept", "output": "bench", "required_scope": "bench:read"}]}, file)
        file.close()
        return file.name

    def token(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        form = urllib.parse.urlencode({"grant_type": "client_credentials", "client_id": "bench-client", "client_secret": SECRET})
        connection.request("POST", "/oauth/token", form, {"Content-Type": "application/x-www-form-urlencoded"})
        return json.loads(connection.getresponse().read())["access_token"]

    def fill(self, count):
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        for first in range(0, count, 10_000):
            send(connection, batch(first, min(10_000, count - first)))


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


def load(measured, target, script=None, seconds=3, header=None):
    """(microseconds of processor time per request, requests per second) while wrk asks over 16 connections."""
    command = ["taskset", "-c", CLIENT_CORE, "wrk", "-t1", "-c16", f"-d{seconds}s"]
    if script:
        command += ["-s", script]
    if header:
        command += ["-H", header]
    before = measured.cpu_seconds()
    out = subprocess.run([*command, f"http://127.0.0.1:{measured.port}{target}"], capture_output=True, text=True, check=True).stdout
    spent = measured.cpu_seconds() - before
    if "Non-2xx" in out:
        sys.exit(out)
    return spent * 1e6 / int(re.search(r"(\d+) requests in", out).group(1)), float(re.search(r"Requests/sec:\s+([\d.]+)", out).group(1))


class Nginx(Measured):
    """One worker: a body as a static file at /page, WebSockets at /sub, which get what is posted to /pub (nchan)."""

    def __init__(self, body):
        self.folder = tempfile.mkdtemp(prefix="iotman-bench-")
        os.chmod(self.folder, 0o755)
        pathlib.Path(self.folder, "page").write_bytes(body)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        config = pathlib.Path(self.folder, "nginx.conf")
        config.write_text(f"""load_module /usr/lib/nginx/modules/ngx_nchan_module.so;
daemon off; worker_processes 1; pid {self.folder}/pid; error_log stderr crit; worker_rlimit_nofile 20000;
events {{ worker_connections 10000; }}
http {{ access_log off; keepalive_requests 1000000000; sendfile on; tcp_nopush on; default_type application/json; open_file_cache max=10;
server {{ listen 127.0.0.1:{self.port}; root {self.folder};
location = /sub {{ nchan_subscriber websocket; nchan_channel_id bench; }}
location = /pub {{ nchan_publisher http; nchan_channel_id bench; }} }} }}""")
        self.process = subprocess.Popen(["taskset", "-c", SERVER_CORE, "nginx", "-p", self.folder, "-c", config])
        self.await_port()

    def pids(self):
        children = pathlib.Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [self.process.pid, *children]

    def await_port(self):
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", self.port)).close()
                return
            except OSError:
                time.sleep(0.05)
        sys.exit("nginx did not start")


class QtPeer(Measured):
    """QHttpServer and QWebSocketServer as Qt brings them."""

    def __init__(self, body):
        file = tempfile.NamedTemporaryFile(delete=False)
        file.write(body)
        file.close()
        self.process = subprocess.Popen(["taskset", "-c", SERVER_CORE, program("bench_qtpeer"), file.name],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        _, self.port, self.socket_port = (int(word) if word.isdigit() else word for word in self.process.stdout.readline().split())

    def say(self, count):
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()


class Readers:
    """Many WebSocket readers of one URL, in a process of their own."""

    def __init__(self, port, target, count):
        self.process = subprocess.Popen(["taskset", "-c", CLIENT_CORE, program("bench_readers"), str(port), target, str(count)],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self.process.stdout.readline() != "open\n":
            sys.exit("the readers were not let in")

    def take(self, count, act):
        """Does `act` and waits until each reader has got `count` further messages."""
        act()
        self.process.stdin.write(f"{count}\n")
        self.process.stdin.flush()
        if not self.process.stdout.readline().startswith("took"):
            sys.exit("a reader lost its stream")

    def stop(self):
        self.process.terminate()
        self.process.wait()
