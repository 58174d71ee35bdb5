"""requests: pages by a session, events by a body that is read line by line."""
import json
import os
import time

import requests

URL = os.environ["IOTMAN_URL"]


def say(*words):
    print(*words, flush=True)


session = requests.Session()
url = URL + "/data/out/two-cities?limit=250"
while url:
    page = session.get(url, timeout=10).json()
    for item in page["data"]:
        say("record", item["at"], item["location"])
    url = page["next_page"]

restricted = URL + "/data/out/two-cities-restricted?limit=5"
say("refused", session.get(restricted, timeout=10).status_code)
granted = session.post(URL + "/oauth/token", data={"grant_type": "client_credentials"}, timeout=10,
                       auth=(os.environ["IOTMAN_CLIENT_ID"], os.environ["IOTMAN_CLIENT_SECRET"]))
session.headers["Authorization"] = "Bearer " + granted.json()["access_token"]
say("restricted", len(session.get(restricted, timeout=10).json()["data"]))

last = None
while True:
    try:
        answer = session.get(URL + "/data/out/live/events", headers={"Last-Event-ID": last}, stream=True, timeout=(5, 30))
        answer.raise_for_status()
        if last is None:
            say("open")
        for line in answer.iter_lines(chunk_size=1):
            name, _, value = line.decode().partition(": ")
            if name == "id":
                last = value
            elif name == "data":
                item = json.loads(value)
                say("item", item["n"])
                if item.get("last"):
                    raise SystemExit
    except requests.RequestException:
        pass
    time.sleep(0.2)
