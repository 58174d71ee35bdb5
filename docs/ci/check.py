#!/usr/bin/env python3
"""Starts a server from workspace.json, seeds it, asks it like a dashboard would, stops it."""
import base64
import contextlib
import json
import os
import pathlib
import subprocess
import urllib.request

here = pathlib.Path(__file__).parent
secret = "only-for-this-test"


@contextlib.contextmanager
def serving(workspace):
    """Gives the URL of a server that keeps everything in memory and ends with the block."""
    command = [os.environ.get("IOTMAN_SERVER", "iotman-server"), "serve", "--ephemeral", "--listen", "127.0.0.1:0", "--workspace", workspace]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "DASHBOARD_SECRET": secret})
    try:
        ready = next((line for line in server.stdout if line.startswith("ready ")), None)
        if ready is None:
            raise RuntimeError("the server did not start")
        yield ready.split()[1]
    finally:
        server.terminate()
        server.wait()


def call(url, body=None, headers={}):
    with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
        return answer.read()


with serving(here / "workspace.json") as url:
    rows = [{"at": 1, "room": "attic", "celsius": 24.5}, {"at": 2, "room": "cellar", "celsius": 11}]
    assert json.loads(call(f"{url}/data/in/rooms", json.dumps(rows).encode())) == {"accepted": 2}

    basic = base64.b64encode(f"dashboard:{secret}".encode()).decode()
    granted = json.loads(call(f"{url}/oauth/token", b"grant_type=client_credentials", {"Authorization": f"Basic {basic}"}))
    page = json.loads(call(f"{url}/data/out/warm?limit=10", headers={"Authorization": f"Bearer {granted['access_token']}"}))
    assert page == {"data": [{"at": 1, "room": "attic", "celsius": 24.5}], "next_page": None}, page
print("passed")
