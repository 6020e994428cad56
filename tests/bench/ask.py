# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
"""The asking side: one answer over one connection, and many pollers in one epoll loop."""
import collections
import errno
import select
import socket
import time

TIMEOUT_S = 5
IP_BIND_ADDRESS_NO_PORT = 24  # the port is chosen at connect(): many addresses do not use the ports up


def request_of(path):
    return f'GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n'.encode()


def is_good(answer):
    """A whole answer with status 200; the agent has closed the connection behind it."""
    head, _, body = answer.partition(b'\r\n\r\n')
    if not head.startswith((b'HTTP/1.1 200', b'HTTP/1.0 200')) or not body:
        return False
    for line in head.lower().split(b'\r\n'):
        if line.startswith(b'content-length:'):
            return len(body) == int(line.split(b':')[1])
    return True


def ask(port, path):
    """The answer's bytes, or None if there was no good one."""
    try:
        with socket.create_connection(('127.0.0.1', port), TIMEOUT_S) as connection:
            connection.sendall(request_of(path))
            answer = b''
            while piece := connection.recv(65536):
                answer += piece
    except OSError:
        return None
    return answer if is_good(answer) else None


class Poller:
    """Asks at its times; an ask that falls into one still unanswered is lost."""

    def __init__(self, number, first_s):
        self.address = f'127.0.{1 + number // 250}.{1 + number % 250}'
        self.due_s = first_s
        self.socket, self.sent, self.answer, self.since_s = None, False, b'', 0


class Pollers:
    """`count` pollers, each asking once a second for `seconds` from an address of its own."""

    def __init__(self, port, path, count, seconds):
        self.port, self.request, self.count, self.seconds = port, request_of(path), count, seconds
        self.epoll, self.open = select.epoll(), {}
        self.times_s, self.lost = [], 0

    def run(self, each_second):
        start = time.monotonic()
        # in the order of their times; all ask once a second, so they stay in it
        waiting = collections.deque(Poller(number, start + number / self.count) for number in range(self.count))
        tick, end = start + 0.5, start + self.seconds  # between the asks of one poller
        while (now := time.monotonic()) < end + TIMEOUT_S and (now < end or self.open):
            while waiting[0].due_s <= now and waiting[0].due_s < end:
                self.begin(waiting[0])
                waiting[0].due_s += 1
                waiting.rotate(-1)
            if now >= tick:
                tick += 1
                self.drop_overdue(now)
                each_second()
            wait = min(waiting[0].due_s, tick) - time.monotonic() if now < end else 0.05
            for fd, events in self.epoll.poll(max(wait, 0)):
                self.go_on(self.open[fd], events)
        self.drop_overdue(float('inf'))
        self.epoll.close()

    def begin(self, poller):
        if poller.socket:
            self.lost += 1
            return
        poller.socket, poller.sent, poller.answer = socket.socket(), False, b''
        poller.since_s = poller.due_s  # a late start counts against the agent, not for it
        poller.socket.setblocking(False)
        poller.socket.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        poller.socket.bind((poller.address, 0))
        self.open[poller.socket.fileno()] = poller
        if poller.socket.connect_ex(('127.0.0.1', self.port)) not in (0, errno.EINPROGRESS):
            self.end(poller)
            return
        self.epoll.register(poller.socket, select.EPOLLOUT)

    def go_on(self, poller, events):
        try:
            if not poller.sent and events & select.EPOLLOUT:
                poller.socket.send(self.request)
                poller.sent = True
                self.epoll.modify(poller.socket, select.EPOLLIN)
                return
            piece = poller.socket.recv(65536)
            poller.answer += piece
            if piece:
                return
        except BlockingIOError:
            return
        except OSError:
            poller.answer = b''
        self.end(poller)

    def end(self, poller):
        del self.open[poller.socket.fileno()]
        poller.socket.close()
        poller.socket = None
        if is_good(poller.answer):
            self.times_s.append(time.monotonic() - poller.since_s)
        else:
            self.lost += 1

    def drop_overdue(self, now):
        for poller in list(self.open.values()):
            if now - poller.since_s > TIMEOUT_S:
                poller.answer = b''
                self.end(poller)
