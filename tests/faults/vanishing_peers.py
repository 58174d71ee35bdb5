#!/usr/bin/env python3
"""Peers that go without a word, drip, or sleep: the others notice nothing, and nothing is left behind (ws-2, ws-8, ingest-7)."""
import json
import multiprocessing
import random
import resource
import socket
import struct
import time

from serving import Server, expect, upgrade

SECONDS = 20
SLOWEST = 1.0  # seconds, on a machine that does all of it at once
RESET = struct.pack("ii", 1, 0)


def vanish(server, until, numbers):
    """Streams that are reset at random, five hundred at a time."""
    peers = []
    while time.monotonic() < until:
        while len(peers) < 500:
            peers.append(server.connect(upgrade("live")))
        peer = peers.pop(numbers.randrange(len(peers)))
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        peer.close()
    for peer in peers:
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        peer.close()


def drip(server, until):
    """Heads that come a byte at a time and never end."""
    peers = [server.connect(b"G") for _ in range(500)]
    while time.monotonic() < until:
        time.sleep(1)
        for peer in peers:
            try:
                peer.send(b"E")
            except OSError:
                pass
    for peer in peers:
        peer.close()


def read_all(server, ready, last):
    """A reader that wants every number from 0 to the last one, each once and in order."""
    reader = server.connect(upgrade("live"))
    reader.settimeout(1)
    text = b""
    while b"\r\n\r\n" not in text:
        text += reader.recv(65536)
    expect(text.startswith(b"HTTP/1.1 101"), "a reader was refused")
    text = text[text.index(b"\r\n\r\n") + 4:]
    ready.release()
    expected, silent = 0, 0
    while last.value < 0 or expected <= last.value:
        try:
            received = reader.recv(65536)
            expect(received, f"a reader was closed behind {expected} items")
            text, silent = text + received, 0
        except socket.timeout:
            silent += 1
            expect(silent < 60, f"a reader of {expected} items waited for more")
        *whole, text = text.split(b"}")
        for item in whole:
            number = int(item[item.index(b'{"n": ') + 6:])
            expect(number == expected, f"a reader got {number} and not {expected}")
            expected += 1
    reader.close()


class Readers:
    """So many that read all, each in a process of its own, from before the first number on."""

    def __init__(self, server, count):
        ready, self.last = multiprocessing.Semaphore(0), multiprocessing.Value("q", -1)
        self.processes = [multiprocessing.Process(target=read_all, args=(server, ready, self.last)) for _ in range(count)]
        for process in self.processes:
            process.start()
        for _ in self.processes:
            expect(ready.acquire(timeout=60), "a reader did not get in")

    def end_at(self, last):
        self.last.value = last
        for process in self.processes:
            process.join()
            expect(process.exitcode == 0, "a reader failed")


def among_vanishing_peers():
    server = Server("--ephemeral")
    server.make_endpoint("live")
    server.send("live", [{"n": -1}])
    before = server.resident_bytes()
    sleeper = server.connect(upgrade("live"))  # takes nothing, ever
    readers = Readers(server, 3)
    until = time.monotonic() + SECONDS
    peers = [multiprocessing.Process(target=vanish, args=(server, until, random.Random(7))), multiprocessing.Process(target=drip, args=(server, until))]
    for peer in peers:
        peer.start()
    time.sleep(1)
    number, slowest = 0, 0.0
    while time.monotonic() < until:
        begin = time.monotonic()
        status, body, _ = server.send("live", [{"n": number + i} for i in range(100)])
        expect(status == 200, f"ingest was refused: {status} {body}")
        number += 100
        status, _, _ = server.request("GET", "/data/out/live?limit=10")
        expect(status == 200, f"a page was refused: {status}")
        slowest = max(slowest, time.monotonic() - begin)
    for peer in peers:
        peer.join()
        expect(peer.exitcode == 0, "a peer failed")
    readers.end_at(number - 1)
    expect(slowest < SLOWEST, f"beside them a batch and a page took {slowest:.1f} s")
    sleeper.close()
    deadline = time.monotonic() + 90
    while server.streams("live") > 0 and time.monotonic() < deadline:
        time.sleep(0.5)
    expect(server.streams("live") == 0, f"{server.streams('live')} streams are left")
    after = server.resident_bytes()
    expect(after < before + 150_000_000, f"memory grew from {before} to {after}")
    server.stop()
    print(f"{number} items went to 3 steady readers among 500 that vanished; slowest turn {slowest * 1000:.0f} ms; memory {before >> 20} to {after >> 20} MiB")


def beside_a_sleeping_reader():
    """10,000 items a second to ten readers, of which one takes nothing."""
    server = Server("--ephemeral")
    server.make_endpoint("live")
    server.send("live", [{"n": -1}])
    before = server.resident_bytes()
    sleeper = server.connect(upgrade("live"))
    readers = Readers(server, 9)
    until = time.monotonic() + SECONDS
    begin, number, late = time.monotonic(), 0, 0.0
    while time.monotonic() < until:
        expect(server.send("live", [{"n": number + i} for i in range(1000)])[0] == 200, "ingest was refused")
        number += 1000
        late = max(late, time.monotonic() - begin - number / 10_000)
        time.sleep(max(0.0, begin + number / 10_000 - time.monotonic()))
    readers.end_at(number - 1)
    after = server.resident_bytes()
    sleeper.close()
    expect(after < before + 150_000_000, f"memory grew from {before} to {after}")
    server.stop()
    print(f"{number} items, 10,000 a second, went to 9 readers beside one that slept; at most {late * 1000:.0f} ms behind; "
          f"memory {before >> 20} to {after >> 20} MiB")


def with_idle_connections():
    """5,000 that have asked once and stay."""
    count = 5000
    resource.setrlimit(resource.RLIMIT_NOFILE, (count + 1000, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    server = Server("--ephemeral")
    server.make_endpoint("live")
    for _ in range(50):
        server.request("GET", "/data/out/live")
    before = server.resident_bytes()
    idle = []
    for _ in range(count):
        connection = server.connect(b"GET /data/out/live HTTP/1.1\r\nHost: localhost\r\n\r\n")
        expect(connection.recv(4096).startswith(b"HTTP/1.1 200"), "a connection was refused")
        idle.append(connection)
    each = (server.resident_bytes() - before) / count
    expect(each < 14_000, f"an idle connection costs {each:.0f} bytes")
    slowest = 0.0
    for _ in range(200):
        begin = time.monotonic()
        expect(server.request("GET", "/data/out/live")[0] == 200, "a page was refused")
        slowest = max(slowest, time.monotonic() - begin)
    expect(slowest < SLOWEST, f"a page beside them took {slowest:.1f} s")
    for connection in idle:
        connection.close()
    time.sleep(1)
    after = server.resident_bytes()
    server.stop()
    print(f"{count} idle connections cost {each:.0f} bytes each; slowest page beside them {slowest * 1000:.0f} ms; "
          f"memory {before >> 20} to {after >> 20} MiB")


def beside_bodies_that_stand_still():
    """24 of 30 MiB, which never end; others still get theirs through."""
    server = Server("--ephemeral")
    server.make_endpoint("live")
    head = b"POST /data/in/live HTTP/1.1\r\nHost: localhost\r\nContent-Length: 33554432\r\n\r\n"
    still = [server.connect(head) for _ in range(24)]
    time.sleep(0.5)
    for connection in still:
        try:
            connection.sendall(bytes(30 * 1024 * 1024))
        except OSError:
            pass  # refused in the middle
    time.sleep(1.5)
    for number in range(20):
        status, body, _ = server.send("live", [{"n": number, "pad": "x" * 1_000_000}])
        expect(status == 200, f"a body beside those that stand still was answered with {status}: {body}")
    resident = server.resident_bytes()
    expect(resident < 1_000_000_000, f"bodies that stand still take {resident} bytes")
    for connection in still:
        connection.close()
    server.stop()
    print(f"20 bodies went through beside 24 of 30 MiB that stood still; memory {resident >> 20} MiB")


def beside_those_that_once_sent_much():
    """100 connections that stay open behind a body of 20 MiB each."""
    server = Server("--ephemeral")
    server.make_endpoint("live")
    before = server.resident_bytes()
    idle = []
    body = bytes(20 * 1024 * 1024)
    for _ in range(100):
        connection = server.connect(b"POST /data/in/nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body))
        connection.sendall(body)
        expect(connection.recv(4096).startswith(b"HTTP/1.1 404"), "a body for nobody was taken")
        idle.append(connection)
    time.sleep(1)
    after = server.resident_bytes()
    expect(after < before + 250_000_000, f"memory grew from {before} to {after}")
    expect(server.request("GET", "/data/out/live")[0] == 200, "a page was refused")
    for connection in idle:
        connection.close()
    server.stop()
    print(f"100 connections that once sent 20 MiB are idle; memory {before >> 20} to {after >> 20} MiB")


def take_now_and_then(server, count, until):
    """So many readers of large pages, each of which takes some bytes a second."""
    readers = []
    for _ in range(count):
        reader = socket.socket()
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        reader.connect(("127.0.0.1", server.port))
        reader.sendall(b"GET /data/out/live?limit=10000 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        readers.append(reader)
    while time.monotonic() < until:
        for reader in readers:
            try:
                reader.recv(200)
            except OSError:
                pass  # it was let go
        time.sleep(1)


def beside_those_that_take_little():
    """300 readers of pages of 8 MiB; others read theirs whole."""
    server = Server("--ephemeral")
    server.make_endpoint("live")
    for _ in range(9):
        server.send("live", [{"n": number, "pad": "x" * 1000} for number in range(1000)])
    before = server.resident_bytes()
    until = time.monotonic() + SECONDS
    slow = multiprocessing.Process(target=take_now_and_then, args=(server, 300, until))
    slow.start()
    most, pages = 0, 0
    known = time.monotonic() + 5  # in their first second nobody knows which of them are slow; then there is no room for a moment
    while time.monotonic() < until:
        status, body, headers = server.request("GET", "/data/out/live?limit=10000")
        if status == 503 and time.monotonic() < known:
            time.sleep(int(headers["Retry-After"]))
            continue
        expect(status == 200 and len(json.loads(body)["data"]) > 5000, f"a page was answered with {status}")
        pages += 1
        most = max(most, server.resident_bytes())
        time.sleep(0.2)
    slow.join()
    expect(most < before + 1_000_000_000, f"memory grew from {before} to {most}")
    server.stop()
    print(f"{pages} large pages were read beside 300 readers that took little; memory {before >> 20}, at most {most >> 20} MiB")


def beside_those_that_replay_large_items():
    """1,000 readers of items of 0.9 MB that take nothing; another one gets all of them."""
    server = Server("--ephemeral")
    server.make_endpoint("live")
    for number in range(20):
        server.send("live", [{"n": number, "pad": "x" * 900_000}])
    before = server.resident_bytes()
    asks = b"GET /data/out/live/events?from=0 HTTP/1.1\r\nHost: localhost\r\n\r\n"
    still = []
    for _ in range(1000):
        reader = socket.socket()
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.connect(("127.0.0.1", server.port))
        reader.sendall(asks)
        still.append(reader)
    most, until = 0, time.monotonic() + 20
    while time.monotonic() < until:
        most = max(most, server.resident_bytes())
        time.sleep(0.2)
    expect(most < before + 900_000_000, f"memory grew from {before} to {most}")
    reader = server.connect(asks)
    reader.settimeout(30)
    received = b""
    while received.count(b"data: ") < 20 or not received.endswith(b"\n\n"):
        received += reader.recv(1 << 20)
    for connection in still:
        connection.close()
    server.stop()
    print(f"20 items of 0.9 MB were read beside 1,000 readers that take nothing; memory {before >> 20}, at most {most >> 20} MiB")


among_vanishing_peers()
beside_those_that_replay_large_items()
beside_those_that_once_sent_much()
beside_those_that_take_little()
beside_bodies_that_stand_still()
beside_a_sleeping_reader()
with_idle_connections()
