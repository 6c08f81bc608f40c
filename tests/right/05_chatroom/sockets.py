"""chatroom, in one thread: it waits for the keyboard, the server and signals
all at once."""
import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
import client  # noqa: E402

PREFIX = b"room.chatroom."


class Chat:
    def __init__(self, handle):
        self.subject = PREFIX.decode() + handle
        self.nc = client.Client(client.urls(), "chatroom", echo=False,
                                signals=client.Signals(), steady=True)
        self.heard = self.nc.subscribe("room.chatroom.>")
        self.nc.flush()
        self.typed = b""
        self.input = [sys.stdin.buffer.raw]

    def print(self):
        messages = self.nc.messages[self.heard]
        while messages:
            message = messages.popleft()
            handle = client.shown(message.subject[len(PREFIX):])
            line = b"[%s] %s\n" % (handle.encode(), message.data)
            sys.stdout.buffer.write(line)
            sys.stdout.buffer.flush()

    def say(self, line):
        if len(line) > self.nc.info["max_payload"]:
            raise ValueError("this line is longer than a message can be")
        self.nc.publish(self.subject, line)

    def type(self):
        """False at the end of the input."""
        data = os.read(0, 65536)
        *lines, self.typed = (self.typed + data).split(b"\n")
        if not data and self.typed:
            lines.append(self.typed)
        for line in lines:
            self.say(line)
        return data != b""

    def run(self):
        going = True
        while going:
            if self.nc.wait(None, True, self.input):
                going = self.type()
            self.nc.handle()
            self.print()

    def leave(self):
        self.nc.unsubscribe(self.heard)
        self.nc.flush()
        self.print()
        self.nc.close()


if len(sys.argv) != 2 or not client.is_token(sys.argv[1]):
    print("usage: chatroom HANDLE", file=sys.stderr)
    sys.exit(2)
try:
    chat = Chat(sys.argv[1])
    try:
        chat.run()
    except client.Stopped:
        pass
    chat.leave()
except (client.Closed, OSError, ValueError) as error:
    sys.exit(f"chatroom: {error}")
