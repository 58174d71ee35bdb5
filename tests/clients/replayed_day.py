#!/usr/bin/python3
"""A day of a machine's load, replayed at 1,000 times real time: a WebSocket, events and pages have all of it, in order and to the last digit,
and whenever a page is asked, it ends where the virtual now is."""
import http.client
import json
import pathlib
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from serving import Server, expect  # noqa: E402

SPEED = 1000
DAY = (HERE.parent / "core/import/data/server-load.ndjson").read_text().splitlines()[:1440]


def events(port, lines, count):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("GET", "/data/out/again/events")
    answer = connection.getresponse()
    while len(lines) < count:
        line = answer.readline().decode()
        if line.startswith("data: "):
            lines.append(line[len("data: "):].rstrip("\n"))


server = Server("--ephemeral")
server.sign_in()
for path, resource in [("sources", {"name": "load", "kind": "http", "time": "$.ts"}),
                       ("sources", {"name": "again", "kind": "replay", "settings": {"recording": "load", "speed": SPEED, "paused": True}}),
                       ("endpoints", {"id": "again", "output": "again"})]:
    status, body, _ = server.request("POST", "/api/" + path, json.dumps(resource), server.admin)
    expect(status == 201, f"{path} was refused: {body}")
status, body, _ = server.request("POST", "/data/in/load", "\n".join(DAY))
expect(status == 200, f"the day was refused: {body}")

stream = subprocess.Popen(["/usr/bin/python3", HERE / "read_stream.py", f"ws://127.0.0.1:{server.port}/data/out/again/stream", str(len(DAY))],
                          stdout=subprocess.PIPE, text=True)
expect(stream.stdout.readline() == "open\n", "the stream did not open")
streamed, heard = [], []
listening = [threading.Thread(target=lambda: streamed.extend(json.loads(line) for line in stream.stdout)),
             threading.Thread(target=events, args=(server.port, heard, len(DAY)))]
for thread in listening:
    thread.start()


def state():
    return json.loads(server.request("GET", "/api/sources/again/replay", headers=server.admin)[1])


expect(state()["state"] == "paused", "it does not wait")
began = time.monotonic()
server.request("PATCH", "/api/sources/again", json.dumps({"settings": {"recording": "load", "speed": SPEED}}), server.admin)
most_behind = 0
while (before := state())["state"] == "playing":
    page = json.loads(server.request("GET", "/data/out/again?times=1&limit=1")[1])
    after = state()
    if page["data"] and before["now"] and after["state"] == "playing":
        expect(page["times"][0] <= after["now"], "a page is ahead of the virtual now")
        most_behind = max(most_behind, before["now"] - page["times"][0])
    time.sleep(0.1)
took = time.monotonic() - began
expect(before["state"] == "ended", f"it is {before}")
for thread in listening:
    thread.join(30)
walked = []
target = "/data/out/again?limit=1000"
while target:
    _, body, headers = server.request("GET", target, headers={"Accept": "application/x-ndjson"})
    walked += body.decode().splitlines()
    link = headers.get("Link")
    target = link and link[link.index("/data/"):link.index(">")]
expect(streamed == DAY, f"the stream had {len(streamed)} of {len(DAY)}, or others")
expect(heard == DAY, f"the events had {len(heard)} of {len(DAY)}, or others")
expect(walked[::-1] == DAY, f"the pages have {len(walked)} of {len(DAY)}, or others")
server.stop()
print(f"{len(DAY)} datapoints of a day in {took:.1f} s on stream, events and pages; a page was {most_behind:.0f} virtual seconds behind at most, "
      "where one comes each minute")
