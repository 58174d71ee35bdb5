"""A relay between clients and a server that can be cut: what runs through it breaks off, and nobody gets through until it is mended."""
import socket
import struct
import threading

RESET = struct.pack("ii", 1, 0)


class Relay:
    def __init__(self, port):
        self.target = ("127.0.0.1", port)
        self.lock = threading.Lock()
        self.broken = False
        self.ends = set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        with self.lock:
            self.broken = True
            ends, self.ends = self.ends, set()
        for end in ends:
            _reset(end)

    def mend(self):
        with self.lock:
            self.broken = False

    def _accept(self):
        while True:
            client, _ = self.listener.accept()
            with self.lock:
                if self.broken:
                    _reset(client)
                    continue
                server = socket.create_connection(self.target)
                self.ends |= {client, server}
            for source, sink in ((client, server), (server, client)):
                threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    def _carry(self, source, sink):
        try:
            while piece := source.recv(65536):
                sink.sendall(piece)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass


def _reset(end):
    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    try:
        end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    end.close()
