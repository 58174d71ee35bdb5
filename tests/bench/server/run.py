#!/usr/bin/env python3
"""Measures the server against its peers, side by side on this machine: tests/bench/run [listener|pages|ingest|late|fanout|memory]…

Prints a line for each figure: what, ours, the peer's, their ratio, and the ratio that is the goal. Builds what it runs as a release
and installs the peers from Debian. Figures are medians of three rounds, ours and the peer's in turn.
"""
import http.client
import os
import random
import resource
import socket
import sqlite3
import statistics
import sys
import tempfile
import threading
import time

from machine import (ROUNDS, START, STORED, Nginx, QtPeer, Readers, Server, batch, datapoint, get, load, need, send)

RANDOM_TO = """
math.randomseed(7)
request = function()
  return wrk.format("GET", string.format("/data/out/bench?limit=100&to=%.3f", {start} + math.random(100, {stored}) / 1000))
end
"""


def tell(what, unit, ours, peer, goal, more_is_better=True):
    ratio = ours / peer if more_is_better else peer / ours
    print(f"{what:<66} {ours:>12,.1f} {peer:>12,.1f} {unit:<14} {ratio:7.2f}  goal {goal}", flush=True)


def in_turn(*measures):
    """The median of each, measured one after the other."""
    rounds = [[measure() for measure in measures] for _ in range(ROUNDS)]
    return [statistics.median(column) for column in zip(*rounds)]


def random_pages(stored):
    script = tempfile.NamedTemporaryFile("w", suffix=".lua", delete=False)
    script.write(RANDOM_TO.format(start=START, stored=stored))
    script.close()
    return script.name


def cost(measured, target, **how):
    return lambda: load(measured, target, **how)[0]


class Idle:
    """Connections that have asked once and wait."""

    def __init__(self, port, target, count):
        resource.setrlimit(resource.RLIMIT_NOFILE, (2 * count + 1000, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
        self.sockets = []
        for _ in range(count):
            connection = socket.create_connection(("127.0.0.1", port))
            connection.sendall(f"GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            connection.recv(4096)
            self.sockets.append(connection)
        time.sleep(1)

    def stop(self):
        for connection in self.sockets:
            connection.close()


def listener():
    need("wrk", "wrk")
    server = Server()
    server.fill(1000)
    peer = QtPeer(get(server.port, "/data/out/bench"))
    unit = "CPU us/request"
    tell("a constant answer of 10 kB / stock QHttpServer", unit, *in_turn(cost(server, "/data/out/bench"), cost(peer, "/page")), 1.1, False)
    idle = [Idle(server.port, "/healthz", 5000), Idle(peer.port, "/page", 5000)]
    tell("the same with 5,000 idle connections", unit, *in_turn(cost(server, "/data/out/bench"), cost(peer, "/page")), 8, False)
    for one in (*idle, server, peer):
        one.stop()


def pages():
    need("wrk", "wrk")
    need("nginx", "nginx-light")
    server = Server()
    server.fill(STORED)
    nginx = Nginx(get(server.port, "/data/out/bench"))
    script = random_pages(STORED)
    bearer = f"Authorization: Bearer {server.token()}"
    anywhere, newest, restricted, file, floor = in_turn(
        cost(server, "/", script=script), cost(server, "/data/out/bench"), cost(server, "/data/out/kept", header=bearer),
        cost(nginx, "/page"), cost(server, "/healthz"))
    unit = "CPU us/request"
    tell(f"page of 100, random to, {STORED:,} stored / nginx, a file", unit, anywhere, file, 0.4, False)
    tell("the same / the newest page, which is constant", unit, anywhere, newest, 0.6, False)
    tell("the newest page / nginx, the same body as a file", unit, newest, file, 0.4, False)
    tell("the newest page / the shortest answer, /healthz", unit, newest, floor, "-", False)
    tell("a restricted endpoint's page / a public one's", unit, restricted, newest, 0.9, False)
    tell("page of 100, random to", unit, anywhere, 40, "1.0 (40 us)", False)
    nginx.stop()
    server.stop()


def poster(port):
    connection = http.client.HTTPConnection("127.0.0.1", port)
    return lambda body: send(connection, body)


def posted(server, batches, threads=4):
    """Datapoints per second of batches of 1,000 over some connections."""
    def work(part):
        post = poster(server.port)
        for body in part:
            post(body)

    begin = time.monotonic()
    workers = [threading.Thread(target=work, args=(batches[i::threads],)) for i in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return len(batches) * 1000 / (time.monotonic() - begin)


def disk():
    return tempfile.TemporaryDirectory(dir=os.environ.get("IOTMAN_BENCH_DISK", "/var/tmp"))


def ingested(batches):
    with disk() as folder:
        server = Server(folder)
        rate = posted(server, batches)
        server.stop()
        return rate


def ingest():
    batches = [batch(i * 1000, 1000) for i in range(300)]

    def peer():
        with disk() as folder:
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

    ours, theirs = in_turn(lambda: ingested(batches), peer)
    tell("ingest over HTTP, NDJSON of 1,000, durable / SQLite rows", "datapoints/s", ours, theirs, 1.0)
    tell("the same", "datapoints/s", ours, 250_000, "1.0 (250,000)")

    server = Server()
    server.fill(100_000)
    waits = []
    stop = threading.Event()

    def read():
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        chance = random.Random(7)
        while not stop.is_set():
            begin = time.monotonic()
            connection.request("GET", f"/data/out/bench?limit=100&to={START + chance.randrange(100, 100_000) / 1000:.3f}")
            connection.getresponse().read()
            waits.append((time.monotonic() - begin) * 1000)
            time.sleep(0.005)

    reader = threading.Thread(target=read)
    reader.start()
    post = poster(server.port)
    begin = time.monotonic()
    for i in range(1000):  # 10 s of 100 batches a second
        post(batch(100_000 + i * 1000, 1000))
        time.sleep(max(0.0, begin + (i + 1) * 0.01 - time.monotonic()))
    rate = 1_000_000 / (time.monotonic() - begin)
    stop.set()
    reader.join()
    server.stop()
    tell(f"p99 of a page during {rate:,.0f} datapoints/s", "ms", statistics.quantiles(waits, n=100)[98], 20, "1.0 (20 ms)", False)


def at_rest(server):
    """Waits until it has nothing left to do: what came late is merged some seconds later."""
    spent = None
    while spent is None or spent > 0.05:
        before = server.cpu_seconds()
        time.sleep(12)
        spent = server.cpu_seconds() - before


def late():
    """One datapoint in ten comes up to 100 s late. Pages are measured at once, where late items lie apart, and when they were merged."""
    chance = random.Random(7)
    batches_each = 1000  # long enough that as many are placed as come
    in_order = [batch(i * 1000, 1000) for i in range(batches_each)]
    with_late = ["\n".join(datapoint(max(0, n - chance.randrange(100_000)) if n % 10 == 0 else n) for n in range(i * 1000, i * 1000 + 1000)).encode()
                 for i in range(batches_each)]
    tell("ingest with one datapoint in ten late / without", "datapoints/s", *in_turn(lambda: ingested(with_late), lambda: ingested(in_order)), 0.8)
    plain, mixed = Server(), Server()
    for server, batches in ((plain, in_order), (mixed, with_late)):
        posted(server, batches, 1)
    script = random_pages(batches_each * 1000)
    costs = [cost(server, "/", script=script) for server in (mixed, plain)]
    tell("page with random to, one item in ten just came late / without", "CPU us/request", *[measure() for measure in costs], 0.8, False)
    for server in (plain, mixed):
        at_rest(server)
    tell("page with random to, one item in ten late and merged / without", "CPU us/request", *in_turn(*costs), 0.8, False)
    plain.stop()
    mixed.stop()


def fanout():
    need("nginx", "nginx-light")
    need("/usr/lib/nginx/modules/ngx_nchan_module.so", "libnginx-mod-nchan")
    readers, rounds, together = 1000, 200, 16
    server = Server()
    ours = Readers(server.port, "/data/out/bench/stream", readers)
    post = poster(server.port)
    numbers = iter(range(10_000_000))

    def one_of_ours(count):
        return lambda: post("\n".join(datapoint(next(numbers)) for _ in range(count)).encode())

    def spent(measured, sink, count, act):
        def run():
            before = measured.cpu_seconds()
            for _ in range(rounds // count):
                sink.take(count, act)
            return (measured.cpu_seconds() - before) * 1e6 / (readers * (rounds // count) * count)
        return run

    nginx = Nginx(b"{}")
    theirs = Readers(nginx.port, "/sub", readers)
    publisher = http.client.HTTPConnection("127.0.0.1", nginx.port)

    def publish():
        publisher.request("POST", "/pub", datapoint(1))
        publisher.getresponse().read()

    unit = "CPU us/message"
    tell("fan-out to 1,000 WebSockets, one message at a time / nchan", unit,
         *in_turn(spent(server, ours, 1, one_of_ours(1)), spent(nginx, theirs, 1, publish)), 1.2, False)
    theirs.stop()
    nginx.stop()
    peer = QtPeer(b"{}")
    theirs = Readers(peer.socket_port, "/", readers)
    tell(f"fan-out, {together} messages in one turn / sendTextMessage, one a turn", unit,
         *in_turn(spent(server, ours, together, one_of_ours(together)), spent(peer, theirs, 1, lambda: peer.say(1))), 15, False)
    for one in (ours, theirs, server, peer):
        one.stop()


def memory():
    count = 5000

    def of_each(target):
        server = Server()
        server.fill(1000)
        for _ in range(50):
            get(server.port, "/data/out/bench")
        before = server.resident_bytes()
        idle = Idle(server.port, target, count)
        each = (server.resident_bytes() - before) / count
        idle.stop()
        server.stop()
        return each

    tell("memory of an idle connection", "bytes", of_each("/healthz"), 14_000, "1.0 (14 kB)", False)
    tell("memory of a reader of /events", "bytes", of_each("/data/out/bench/events"), 16_000, "1.0 (16 kB)", False)


FIGURES = {"listener": listener, "pages": pages, "ingest": ingest, "late": late, "fanout": fanout, "memory": memory}

if __name__ == "__main__":
    wanted = sys.argv[1:] or list(FIGURES)
    unknown = [name for name in wanted if name not in FIGURES]
    if unknown:
        sys.exit(f"expected any of {', '.join(FIGURES)}, but got {', '.join(unknown)}")
    print(f"{'what':<66} {'ours':>12} {'peer':>12} {'unit':<14} {'ratio':>7}", flush=True)
    for name in wanted:
        FIGURES[name]()
