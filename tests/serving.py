"""A real iotman-server for tests in Python: started, spoken to, watched."""
import atexit
import base64
import http.client
import json
import os
import pathlib
import re
import socket
import subprocess
import sys
import time

SERVER = os.environ["IOTMAN_SERVER"]


class Server:
    def __init__(self, *arguments):
        self.process = subprocess.Popen([SERVER, "serve", "--listen", "127.0.0.1:0", *arguments], stdout=subprocess.PIPE, text=True)
        atexit.register(self.process.kill)  # where a test ends before it stops the server
        self.key = None
        for line in self.process.stdout:
            if line.startswith("admin "):
                self.key = line.split()[2]
            if line.startswith("ready "):
                self.port = int(line.rsplit(":", 1)[1])
                break
        else:
            sys.exit("the server did not start")
        if self.key and self.key.startswith("file:"):
            self.key = pathlib.Path(self.key[len("file:"):]).read_text().strip()

    def request(self, method, target, body=None, headers=None):
        """Status, body, headers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, target, body, headers or {})
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers

    def sign_in(self):
        credentials = base64.b64encode(b"admin@localhost:" + self.key.encode()).decode()
        _, body, _ = self.request("POST", "/oauth/token", "grant_type=client_credentials", {"Authorization": "Basic " + credentials})
        self.token = json.loads(body)["access_token"]
        self.admin = {"Authorization": "Bearer " + self.token}

    def make_endpoint(self, name, required_scope=None):
        """A source, an output that passes everything through, and an endpoint of this name."""
        self.sign_in()
        for path, resource in [("sources", {"name": name, "kind": "http"}), ("outputs", {"name": name, "sources": [name], "rule": "$"}),
                               ("endpoints", {"id": name, "output": name, "required_scope": required_scope})]:
            status, body, _ = self.request("POST", "/api/" + path, json.dumps(resource), self.admin)
            expect(status == 201, f"{path} was refused: {body}")

    def secret_of(self, client):
        """A new secret."""
        status, body, _ = self.request("POST", f"/api/clients/{client}/secret", headers=self.admin)
        expect(status == 200, f"the client got no secret: {body}")
        return json.loads(body)["secret"]

    def send(self, source, datapoints):
        return self.request("POST", "/data/in/" + source, "\n".join(json.dumps(datapoint) for datapoint in datapoints))

    def walk(self, endpoint):
        """All items, page by page."""
        items, target = [], f"/data/out/{endpoint}?limit=10000"
        while target:
            status, body, _ = self.request("GET", target)
            expect(status == 200, f"a page was refused: {body}")
            page = json.loads(body)
            items += page["data"]
            target = page["next_page"] and page["next_page"][page["next_page"].index("/data/"):]
        return items

    def resident_bytes(self):
        return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{self.process.pid}/status").read_text()).group(1)) * 1024

    def streams(self, endpoint):
        _, body, _ = self.request("GET", f"/api/endpoints/{endpoint}", headers=self.admin)
        return json.loads(body)["streams"]

    def connect(self, request):
        connection = socket.create_connection(("127.0.0.1", self.port))
        connection.sendall(request)
        return connection

    def stop(self):
        self.process.terminate()
        expect(self.process.wait(20) == 0, "the server did not end cleanly")


def demo(*arguments):
    """A server with the demo workspace, once its file is imported."""
    server = Server("--ephemeral", "--workspace", str(pathlib.Path(__file__).resolve().parents[1] / "resources/demo/workspace.json"), *arguments)
    server.sign_in()
    while not server.walk("two-cities"):
        time.sleep(0.1)
    return server


def expect(condition, complaint):
    if not condition:
        sys.exit("FAILED: " + complaint)


def upgrade(endpoint):
    return (f"GET /data/out/{endpoint}/stream HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n").encode()
