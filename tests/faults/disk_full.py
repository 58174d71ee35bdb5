#!/usr/bin/env python3
"""A disk of 20 MB fills up: what was answered stays readable, and room makes the server well again without a restart (store-3)."""
import os
import pathlib
import random
import subprocess
import tempfile

from serving import SERVER, Server, expect


def batch(number):
    numbers = random.Random(number)
    return [{"n": number * 100 + i, "noise": numbers.randbytes(60).hex()} for i in range(100)]


def fill(server, number):
    while True:
        status, body, _ = server.send("full", batch(number))
        if status != 200:
            expect(status in (503, 507), f"a full disk was answered with {status}: {body}")
            return number
        number += 1


def check_readable(server, batches):
    found = sorted(item["n"] for item in server.walk("full"))
    expect(found == list(range(batches * 100)), f"{len(found)} of {batches * 100} answered datapoints are readable")


disk = tempfile.mkdtemp(prefix="iotman-full-")
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", disk], check=True)
try:
    ballast = pathlib.Path(disk, "ballast")
    ballast.write_bytes(bytes(4 * 1024 * 1024))
    data = os.path.join(disk, "data")
    os.mkdir(data)
    server = Server("--data", data)
    server.make_endpoint("full")
    stored = fill(server, 0)
    check_readable(server, stored)
    expect(server.request("GET", "/healthz")[0] == 503, "/healthz does not know of the full disk")

    ballast.unlink()
    status, body, _ = server.send("full", batch(stored))
    expect(status == 200, f"with room again: {status} {body}")
    expect(server.request("GET", "/healthz")[0] == 200, "/healthz does not know of the room")
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
