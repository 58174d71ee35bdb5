"""websockets: goes on with the cursor of the last message. Pages and tokens come by what Python brings along."""
import asyncio
import json
import os
import urllib.error
import urllib.parse
import urllib.request

import websockets

URL = os.environ["IOTMAN_URL"]
HEADERS = "additional_headers" if int(websockets.__version__.split(".")[0]) >= 14 else "extra_headers"


def say(*words):
    print(*words, flush=True)


def answer(url, data=None, headers=None):
    with urllib.request.urlopen(urllib.request.Request(url, data, headers or {}), timeout=10) as reply:
        return json.load(reply)


def walk():
    url = URL + "/data/out/two-cities?limit=250"
    while url:
        page = answer(url)
        for item in page["data"]:
            say("record", item["at"], item["location"])
        url = page["next_page"]


async def follow(stream, headers):
    cursor = None
    while True:
        try:
            url = stream + "?times=1" + (f"&cursor={cursor}" if cursor else "")
            async with websockets.connect(url, **{HEADERS: headers}) as socket:
                if cursor is None:
                    say("open")
                async for text in socket:
                    message = json.loads(text)
                    cursor = message["cursor"]
                    say("item", message["item"]["n"])
                    if message["item"].get("last"):
                        return
        except (OSError, websockets.ConnectionClosed, websockets.InvalidMessage):
            pass
        await asyncio.sleep(0.2)


async def refusal(stream):
    try:
        async with websockets.connect(stream):
            return 101
    except websockets.InvalidHandshake as refused:  # which tells it here or there, by its version
        return refused.response.status_code if hasattr(refused, "response") else refused.status_code


walk()
stream = "ws" + URL[len("http"):] + "/data/out/live/stream"
say("refused", asyncio.run(refusal(stream)))
form = {"grant_type": "client_credentials", "client_id": os.environ["IOTMAN_CLIENT_ID"], "client_secret": os.environ["IOTMAN_CLIENT_SECRET"]}
token = answer(URL + "/oauth/token", urllib.parse.urlencode(form).encode())["access_token"]
bearer = {"Authorization": "Bearer " + token}
say("restricted", len(answer(URL + "/data/out/two-cities-restricted?limit=5", headers=bearer)["data"]))
asyncio.run(follow(stream, bearer))
