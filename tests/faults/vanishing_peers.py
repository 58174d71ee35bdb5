#!/usr/bin/env python3
"""Peers that go without a word, drip, or sleep: the others notice nothing, and nothing is left behind (ws-2, ws-8, ingest-7)."""
import multiprocessing
import random
import socket
import struct
import time

from serving import Server, expect, upgrade

SECONDS = 20
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


def read_all(server, until):
    """A reader that wants every number, in order."""
    reader = server.connect(upgrade("live"))
    reader.settimeout(1)
    received = []
    while time.monotonic() < until + 3:
        try:
            received.append(reader.recv(65536))
        except socket.timeout:
            pass
    reader.close()
    numbers = [int(part.split(b"}")[0]) for part in b"".join(received).split(b'{"n": ')[1:]]
    expect(numbers and numbers == list(range(numbers[0], numbers[0] + len(numbers))), f"a reader of {len(numbers)} items missed some")


server = Server("--ephemeral")
server.make_endpoint("live")
server.send("live", [{"n": -1}])
before = server.resident_bytes()
until = time.monotonic() + SECONDS
sleeper = server.connect(upgrade("live"))  # takes nothing, ever
peers = [multiprocessing.Process(target=vanish, args=(server, until, random.Random(7))), multiprocessing.Process(target=drip, args=(server, until))]
peers += [multiprocessing.Process(target=read_all, args=(server, until)) for _ in range(3)]
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
sleeper.close()
deadline = time.monotonic() + 90
while server.streams("live") > 0 and time.monotonic() < deadline:
    time.sleep(0.5)
expect(server.streams("live") == 0, f"{server.streams('live')} streams are left")
after = server.resident_bytes()
expect(after < before + 150_000_000, f"memory grew from {before} to {after}")
server.stop()
print(f"{number} items went to 3 steady readers among 500 that vanished; slowest turn {slowest * 1000:.0f} ms; memory {before >> 20} to {after >> 20} MiB")
