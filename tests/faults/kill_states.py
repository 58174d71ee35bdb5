#!/usr/bin/env python3
"""kill -9 at random moments of saving and restoring a snapshot, of a reset and of applying a workspace file, ROUNDS times: what is found
afterwards is one of the states that there were, whole, and `check` agrees."""
import hashlib
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
ROWS = 3000


def workspace(origin, scopes):
    """What a file says: with it, everything else that it may say is different."""
    return {"iotman": 1, "scopes": [{"name": f"a:{number}"} for number in range(scopes)], "cors": [origin],
            "sources": [{"name": "s", "kind": "http", "time": "$.t"}], "outputs": [{"name": "o", "rule": "$"}],
            "endpoints": [{"id": "e", "output": "o"}]}


def state(server):
    """A digest of the data, and what the workspace is."""
    _, file, _ = server.request("GET", "/api/workspace/file", headers=server.admin)
    items = json.dumps(server.walk("e")).encode()
    said = json.loads(file)
    return hashlib.sha256(items).hexdigest(), said["cors"][0], len(said["scopes"])


def act(server, method, path, body):
    try:
        server.request(method, path, body, server.admin)
    except (OSError, ValueError):
        pass  # killed, perhaps in the middle of an answer


numbers = random.Random(SEED)
small, large = workspace("https://small.example", 1), workspace("https://large.example", 300)
with tempfile.TemporaryDirectory(prefix="iotman-states-") as folder:
    file = os.path.join(folder, "workspace.json")
    with open(file, "w") as out:
        json.dump(small, out)
    data = os.path.join(folder, "data")
    server = Server("--data", data, "--workspace", file)
    key = server.key
    server.sign_in()
    states = {"start": state(server)}
    for name in ("one", "two"):
        status, body, _ = server.send("s", [{"t": number, "in": name} for number in range(ROWS)])
        expect(status == 200, f"rows were refused: {body}")
        status, body, _ = server.request("POST", "/api/snapshots", json.dumps({"name": name}), server.admin)
        expect(status == 201, f"the snapshot was not saved: {body}")
        states[name] = state(server)
    server.stop()

    datas = {data for data, _, _ in states.values()}
    found = {}
    for number in range(ROUNDS):
        server = Server("--data", data)
        server.key = key
        server.sign_in()
        now = state(server)
        expect(now[0] in datas, f"seed {SEED}, round {number}: the data is of no state that there was")
        # A restore brings back origins and no scopes, so each may stand beside each.
        expect(now[1].endswith(".example") and now[2] in (1, 300), f"seed {SEED}, round {number}: half a workspace file: {now}")
        found[now] = found.get(now, 0) + 1
        listed = json.loads(server.request("GET", "/api/snapshots", headers=server.admin)[1])["data"]
        expect({"one", "two"} <= {one["name"] for one in listed}, "a snapshot is gone")
        method, path, body = numbers.choice([
            ("POST", "/api/snapshots/one/restore", None), ("POST", "/api/snapshots/two/restore", None), ("POST", "/api/snapshots/reset", None),
            ("POST", "/api/snapshots", json.dumps({"name": f"n{number}"})),
            ("PUT", "/api/workspace/file", json.dumps(small)), ("PUT", "/api/workspace/file", json.dumps(large))])
        thread = threading.Thread(target=act, args=(server, method, path, body))
        thread.start()
        time.sleep(numbers.uniform(0, 0.06))
        server.process.kill()
        server.process.wait()
        thread.join()
    checked = subprocess.run([SERVER, "check", "--data", data], capture_output=True, text=True)
    expect(checked.stdout.startswith("ok "), f"seed {SEED}: check says {checked.stdout}{checked.stderr}")
    # Whatever a save left under its name is whole.
    server = Server("--data", data)
    server.key = key
    server.sign_in()
    for one in json.loads(server.request("GET", "/api/snapshots", headers=server.admin)[1])["data"]:
        status, body, _ = server.request("POST", f"/api/snapshots/{one['name']}/restore", headers=server.admin)
        expect(status == 200 and state(server)[0] in datas, f"seed {SEED}: the snapshot {one['name']} is no state that there was: {body}")
    server.stop()
    print(f"{ROUNDS} times killed (seed {SEED}): {len(found)} different states were found, each whole; {checked.stdout.strip()}")
