"""Keeps many calls running with stock grpcio while the server's connections come of age."""

import sys
import threading
import time

import grpc

channel = grpc.insecure_channel("127.0.0.1:" + sys.argv[1])
echo = channel.unary_unary("/test.v1.Test/Echo")
sleep = channel.unary_unary("/test.v1.Test/Sleep")
chat = channel.stream_stream("/test.v1.Test/Chat")

failures = []
counts = []


def run(number):
    end = time.monotonic() + 3
    count = 0
    try:
        while time.monotonic() < end:
            text = b"%d" % count
            if echo(text) != text:
                raise ValueError("another's answer")
            if number % 4 == 0 and sleep(b"20") != b"20":
                raise ValueError("another's answer")
            if number % 4 == 1 and list(chat(iter([text]))) != [b"re " + text]:
                raise ValueError("another's answer")
            count += 1
    except Exception as error:
        failures.append(repr(error).replace("\n", " "))
    counts.append(count)


threads = [threading.Thread(target=run, args=(number,)) for number in range(16)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
if failures:
    sys.exit(f"{len(failures)} failed after {sum(counts)} calls: {failures[0]}")
print("all right")
