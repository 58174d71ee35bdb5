#!/usr/bin/env python3
"""A disk of 20 MB fills up: what was answered stays readable, and room makes the server well again without a restart (store-3). An
import fills no disk."""
import json
import os
import pathlib
import random
import subprocess
import tempfile
import time

from serving import SERVER, Server, expect


EVENTS = b"GET /data/out/full/events HTTP/1.1\r\nHost: localhost\r\n\r\n"


def batch(number):
    numbers = random.Random(number)
    return [{"n": number * 100 + i, "noise": numbers.randbytes(60).hex()} for i in range(100)]


def wait_for_health(server, wanted, what):
    for _ in range(50):
        if server.request("GET", "/healthz")[0] == wanted:
            return
        time.sleep(0.2)
    expect(False, f"/healthz does not know {what}")


def fill(server, number, source="full", batch=batch, seconds=1):
    """Until nothing is taken for so long: where the log can be made smaller, a full disk has some room again."""
    refused_since = None
    while refused_since is None or time.monotonic() - refused_since < seconds:
        status, body, _ = server.send(source, batch(number))
        if status == 200:
            number += 1
            refused_since = None
            continue
        expect(status in (503, 507), f"a full disk was answered with {status}: {body}")
        refused_since = refused_since or time.monotonic()
        time.sleep(0.1)
    return number


def check_readable(server, batches):
    found = sorted(item["n"] for item in server.walk("full"))
    expect(found == list(range(batches * 100)), f"{len(found)} of {batches * 100} answered datapoints are readable")


def follow(reader, first, last):
    """A stream of events brings each number once, in order."""
    reader.settimeout(30)
    text, expected = b"", first
    while expected <= last:
        received = reader.recv(65536)
        expect(received, f"a stream ended before {expected}")
        *events, text = (text + received).split(b"\n\n")
        for event in events:
            if b"data: " in event:
                number = json.loads(event[event.index(b"data: ") + 6:])["n"]
                expect(number == expected, f"a stream brought {number} and not {expected}")
                expected += 1


def imports_leave_room(server):
    """An import is refused before the disk is full: what comes in live, and its own end, need some room."""
    made = json.loads(server.request("POST", "/api/imports", json.dumps({"source": "full"}), server.admin)[1])
    target, rows = "/api/imports/" + made["id"], 0
    while True:
        lines = "\n".join(json.dumps({"time": row["n"], "payload": row}) for number in range(rows // 100, rows // 100 + 20) for row in batch(number))
        status, body, _ = server.request("POST", f"{target}/rows?at={rows}", lines, server.admin)
        if status != 200:
            expect(status == 507, f"an import on a full disk was answered with {status}: {body}")
            break
        rows += 2000
    expect(rows > 0, "there is no room for an import at all")
    staged = json.loads(server.request("GET", target, headers=server.admin)[1])["rows"]
    expect(staged == rows, f"{rows} rows were staged, but {staged} are")
    expect(server.send("full", batch(0))[0] == 200, "an import left no room for live datapoints")
    check_readable(server, 1)
    expect(server.request("DELETE", target, headers=server.admin)[0] == 204, "the import could not be discarded")


def states_on_a_full_disk(server, batches):
    """Neither saving nor restoring nor a reset nor a large workspace file finds room: each is refused whole."""
    outputs = [{"name": f"o{number}", "rule": "{ " + 15_000 * "k" + ": $.k }"} for number in range(900)]
    file = json.dumps({"iotman": 1, "outputs": [{"name": "full", "sources": ["full"], "rule": "$"}, *outputs]})
    for method, path, body in [("POST", "/api/snapshots", json.dumps({"name": "late"})), ("POST", "/api/snapshots/early/restore", None),
                               ("PUT", "/api/workspace/file", file)]:
        status, answer, _ = server.request(method, path, body, server.admin)
        expect(status in (503, 507), f"on a full disk {method} {path} was answered with {status}: {answer}")
    listed = json.loads(server.request("GET", "/api/snapshots", headers=server.admin)[1])["data"]
    expect([one["name"] for one in listed] == ["early"], f"the snapshots are {listed}")
    check_readable(server, batches)


def expiry_makes_room(data, seconds):
    """A disk that the server itself has filled gets well once what fills it has expired; nobody does anything."""
    server = Server("--data", data)
    server.make_endpoint("brief")
    status, _, _ = server.request("PATCH", "/api/sources/brief", json.dumps({"settings": {"retention": {"age": seconds}}}), server.admin)
    expect(status == 200, "the retention was refused")
    begin = time.monotonic()
    while server.send("brief", batch(0))[0] == 200:
        expect(time.monotonic() - begin < seconds, "the disk is not full before the first datapoints expire")
    while server.send("brief", [{}])[0] == 200 and time.monotonic() - begin < seconds / 2:
        pass
    while server.send("brief", [{}])[0] != 200:
        expect(time.monotonic() - begin < seconds + 30, "what has expired made no room")
        time.sleep(0.2)
    expect(server.request("DELETE", "/api/endpoints/brief", headers=server.admin)[0] == 204, "nothing can be deleted")
    server.stop()


def scattered_expiry_makes_room(data, seconds):
    """The same where nearly each item lies in another block than the one before it: to remove a few takes many pages of the log."""
    server = Server("--data", data)
    server.make_endpoint("brief")
    second = {"name": "second", "sources": ["brief"], "rule": "$"}
    expect(server.request("POST", "/api/outputs", json.dumps(second), server.admin)[0] == 201, "the second output was refused")
    chance = random.Random(3)

    def scattered(_):
        return [{"t": chance.randrange(20_000), "noise": chance.randbytes(30).hex()} for _ in range(100)]

    status, _, _ = server.request("PATCH", "/api/sources/brief", json.dumps({"time": "$.t"}), server.admin)
    expect(status == 200, "the time was refused")
    kept = fill(server, 0, "brief", scattered, 3) * 100 // 2
    status, _, _ = server.request("PATCH", "/api/sources/brief", json.dumps({"settings": {"retention": {"count": kept}}}), server.admin)
    expect(status == 200, "the retention was refused")
    begin = time.monotonic()
    while json.loads(server.request("GET", "/api/sources/brief", headers=server.admin)[1])["datapoints"] > kept:
        expect(time.monotonic() - begin < seconds, "what has expired is not removed")
        time.sleep(0.5)
    removed = time.monotonic()
    while server.send("brief", scattered(0))[0] != 200:
        expect(time.monotonic() - removed < 30, "what has expired made no room")
        time.sleep(0.2)
    expect(len(server.walk("brief")) == kept, "a page shows what has expired, or lacks what has not")
    server.stop()


def small_disk(megabytes):
    disk = tempfile.mkdtemp(prefix="iotman-full-")
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", disk], check=True)
    return disk


for megabytes in (8, 20, 60):
    disk = small_disk(megabytes)
    try:
        expiry_makes_room(os.path.join(disk, "data"), 10)
    finally:
        subprocess.run(["umount", disk], check=True)
        os.rmdir(disk)
    print(f"a full disk of {megabytes} MB gets well by itself")

disk = small_disk(30)
try:
    scattered_expiry_makes_room(os.path.join(disk, "data"), 240)
finally:
    subprocess.run(["umount", disk], check=True)
    os.rmdir(disk)
print("one of 30 MB full of late items, too")

disk = small_disk(20)
try:
    ballast = pathlib.Path(disk, "ballast")
    ballast.write_bytes(bytes(4 * 1024 * 1024))
    data = os.path.join(disk, "data")
    os.mkdir(data)
    server = Server("--data", data)
    server.make_endpoint("full")
    imports_leave_room(server)
    live = server.connect(EVENTS)
    while server.streams("full") < 1:
        time.sleep(0.05)
    for number in range(1, 60):
        expect(server.send("full", batch(number))[0] == 200, "there is no room at all")
    expect(server.request("POST", "/api/snapshots", json.dumps({"name": "early"}), server.admin)[0] == 201, "the snapshot was not saved")
    stored = fill(server, 60)
    check_readable(server, stored)
    expect(server.request("GET", "/healthz")[0] == 503, "/healthz does not know of the full disk")
    follow(live, 100, stored * 100 - 1)
    follow(server.connect(EVENTS.replace(b"events", b"events?from=0")), 0, stored * 100 - 1)
    states_on_a_full_disk(server, stored)

    server.stop()
    server = Server("--data", data)
    stored = fill(server, stored)  # its end made some room
    server.process.kill()
    server = Server("--data", data)
    stored = fill(server, stored)
    wait_for_health(server, 503, "of the disk that is full still")
    ballast.unlink()
    wait_for_health(server, 200, "of the room, where nobody writes")
    status, body, _ = server.send("full", batch(stored))
    expect(status == 200, f"with room again: {status} {body}")
    stored = fill(server, stored + 1)
    server.stop()

    server = Server("--data", data)
    check_readable(server, stored)
    server.stop()
    checked = subprocess.run([SERVER, "check", "--data", data], capture_output=True, text=True)
    expect(checked.stdout == f"ok {stored * 100} datapoints {stored * 100} items\n", f"check says {checked.stdout}{checked.stderr}")
    print(f"{stored * 100} datapoints fit, all are there")
finally:
    subprocess.run(["umount", disk], check=True)
    os.rmdir(disk)
