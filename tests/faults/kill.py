#!/usr/bin/env python3
"""kill -9 at random moments of ingest, imports, retention, sealing and snapshots, ROUNDS times: what was answered is there, nothing is
there by half, and `check` agrees (store-1)."""
import collections
import json
import os
import random
import subprocess
import tempfile
import threading
import time

from serving import SERVER, Server, expect

ROUNDS = int(os.environ.get("ROUNDS", "200"))
SEED = int(os.environ.get("IOTMAN_TEST_SEED", random.randrange(2**32)))
BATCH = 50
KEPT = 5000

workspace = {"iotman": 1,
             "sources": [{"name": "all", "kind": "http"}, {"name": "some", "kind": "http", "settings": {"retention": {"count": KEPT}}},
                         {"name": "files", "kind": "http"}],
             "outputs": [{"name": name, "sources": [name], "rule": "$"} for name in ("all", "some", "files")],
             "endpoints": [{"id": name, "output": name} for name in ("all", "some", "files")]}


class Posted:
    """Batches of one source: the numbers that were sent, and those that were answered."""

    def __init__(self, name):
        self.name, self.sent, self.answered = name, 0, []

    def post_on(self, server):
        try:
            while True:
                number = self.sent
                self.sent += 1
                status, _, _ = server.send(self.name, [{"batch": number, "row": row} for row in range(BATCH)])
                if status != 200:
                    return
                self.answered.append(number)
        except OSError:
            pass  # killed


class Imported:
    """Staged imports, a batch each in two parts: those begun, and those whose commit was answered."""

    def __init__(self):
        self.begun, self.committed = 0, []

    def import_on(self, server):
        try:
            while True:
                number = self.begun
                self.begun += 1
                import_id = self.asked(server, "/api/imports", json.dumps({"source": "files", "name": f"file {number}"}))["id"]
                for at in (0, BATCH):
                    rows = "\n".join(json.dumps({"time": 1_700_000_000 + number * 1000 + at + row, "payload": {"batch": number}}) for row in range(BATCH))
                    self.asked(server, f"/api/imports/{import_id}/rows?at={at}", rows)
                self.asked(server, f"/api/imports/{import_id}/commit", "")
                self.committed.append(number)
        except (OSError, ValueError):
            pass  # killed, perhaps in the middle of an answer

    @staticmethod
    def asked(server, target, body):
        status, answer, _ = server.request("POST", target, body, server.admin)
        expect(status < 300, f"{target} was answered with {status}: {answer}")
        return json.loads(answer)


def snapshots(server):
    try:
        for number in range(1000):
            server.request("POST", "/api/snapshots", json.dumps({"name": f"s{number % 3}"}), server.admin)
            server.request("DELETE", f"/api/snapshots/s{(number + 1) % 3}", headers=server.admin)
            time.sleep(0.05)
    except OSError:
        pass


def counted(server, endpoint):
    return collections.Counter(item["batch"] for item in server.walk(endpoint))


def check_all(server, everything, some, imports):
    counts = counted(server, "all")
    expect(all(count == BATCH for count in counts.values()), "a batch is there by half")
    expect(all(number in counts for number in everything.answered), "an answered batch is gone")
    expect(max(counts, default=-1) < everything.sent, "a batch is there that nobody sent")
    counts = counted(server, "some")
    within = some.sent - KEPT // BATCH  # batches that were not answered may be there as well
    expect(all(counts[number] == BATCH for number in some.answered if number >= within), "retention took what is within its limit")
    counts = counted(server, "files")
    expect(all(count == 2 * BATCH for count in counts.values()), "an import is there by half")
    expect(all(number in counts for number in imports.committed), "a committed import is gone")


numbers = random.Random(SEED)
everything, some, imports = Posted("all"), Posted("some"), Imported()
with tempfile.TemporaryDirectory(prefix="iotman-kill-") as folder:
    file = os.path.join(folder, "workspace.json")
    with open(file, "w") as out:
        json.dump(workspace, out)
    data = os.path.join(folder, "data")
    key = None
    for number in range(ROUNDS):
        server = Server("--data", data, *(["--workspace", file] if number == 0 else []))
        key = server.key = server.key or key
        server.sign_in()
        if number % 10 == 0:
            check_all(server, everything, some, imports)
        threads = [threading.Thread(target=act, args=(server,)) for act in (everything.post_on, some.post_on, imports.import_on, snapshots)]
        for thread in threads:
            thread.start()
        time.sleep(numbers.uniform(0.02, 0.5))
        server.process.kill()
        server.process.wait()
        for thread in threads:
            thread.join()
    expect(everything.answered and some.answered and imports.committed, f"seed {SEED}: nothing was answered that could be lost")
    server = Server("--data", data)
    check_all(server, everything, some, imports)
    server.stop()
    checked = subprocess.run([SERVER, "check", "--data", data], capture_output=True, text=True)
    expect(checked.stdout.startswith("ok "), f"seed {SEED}: check says {checked.stdout}{checked.stderr}")
    print(f"{ROUNDS} times killed (seed {SEED}): {len(everything.answered) + len(some.answered)} batches and {len(imports.committed)} imports were "
          f"answered and are there; {checked.stdout.strip()}")
