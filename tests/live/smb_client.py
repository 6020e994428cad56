#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/live/samba.sh: an SMB client that stays connected until it is killed. Says "ready" when all that was asked
# for is there; with --grow, "growing" before it asks for that size, and after it how long it took. With --steps it
# takes sizes from its standard input, one a line (a size, or "allocate SIZE"), and answers each with
# "SIZE STATUS WALL CPU": the NT status, the seconds that the client waited, and those that smbd worked (SMBD 0: it runs
# on another machine).
import argparse
import os
import select
import signal
import socket
import struct
import sys
import time

try:
    from impacket import nt_errors, smb3, smb3structs
    from impacket.smbconnection import SMBConnection
except ImportError:
    sys.exit("python3-impacket is missing (make deps)")


def come_from(address):
    """All sockets are bound to that address: the agent never blames the address of the one who asks."""
    plain = socket.socket

    class Bound(plain):
        def connect(self, to):
            self.bind((address, 0))
            return super().connect(to)

    socket.socket = Bound


def connect(options):
    connection = SMBConnection("*SMBSERVER", options.target, sess_port=options.port, timeout=300,
                               preferredDialect=smb3structs.SMB2_DIALECT_21)
    connection.login("guest", "")
    return connection


def add_session(connection):
    """A second user on the same TCP connection: a session setup with no session id."""
    server = connection.getSMBServer()
    server._Session["SessionID"] = 0
    server.login("guest", "")


def grow(connection, tree, handle, size):
    """FileEndOfFileInformation: what New-VHD -Fixed and Resize-VHD ask for."""
    print("growing", flush=True)
    began = time.monotonic()
    connection.getSMBServer().setInfo(tree, handle, fileInfoClass=smb3structs.SMB2_FILE_END_OF_FILE_INFO,
                                      inputBlob=struct.pack("<Q", size))
    print(f"grown {time.monotonic() - began:.1f}", flush=True)


def open_file(connection, tree, options):
    if not options.oplock:
        keep = {} if options.steps is None else {"creationDisposition": smb3structs.FILE_OPEN_IF}
        return connection.createFile(tree, options.open, **keep)
    return connection.getSMBServer().create(
        tree, options.open, smb3structs.FILE_READ_DATA | smb3structs.FILE_WRITE_DATA, smb3structs.FILE_SHARE_READ,
        smb3structs.FILE_NON_DIRECTORY_FILE, smb3structs.FILE_OPEN, 0,
        oplockLevel=smb3structs.SMB2_OPLOCK_LEVEL_BATCH)


def wait_for_break(connection):
    """The server speaks unasked only to break it."""
    server = connection.getSMBServer()
    while True:
        if select.select([server.get_socket()], [], [])[0]:
            if not server.get_socket().recv(4096):
                return
            print("break", flush=True)


def smbd_seconds(pid):
    """Of smbd (its process number is given) and of all that it has forked and is still there."""
    ticks = 0
    for entry in os.listdir("/proc"):
        try:
            with open(f"/proc/{entry}/stat", encoding="ascii") as stat:
                fields = stat.read().rpartition(")")[2].split()
        except (OSError, ValueError):
            continue
        if pid and (entry == str(pid) or fields[1] == str(pid)):
            ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def set_size(connection, tree, handle, what, size):
    """FileEndOfFileInformation or FileAllocationInformation: the name of the status."""
    kind = smb3structs.SMB2_FILE_ALLOCATION_INFO if what == "allocate" else smb3structs.SMB2_FILE_END_OF_FILE_INFO
    try:
        connection.getSMBServer().setInfo(tree, handle, fileInfoClass=kind, inputBlob=struct.pack("<Q", size))
    except smb3.SessionError as error:
        return nt_errors.ERROR_MESSAGES.get(error.get_error_code(), (hex(error.get_error_code()),))[0]
    return "STATUS_SUCCESS"


def take_steps(connection, tree, handle, smbd):
    for line in sys.stdin:
        *what, size = line.split()
        worked, began = smbd_seconds(smbd), time.monotonic()
        status = set_size(connection, tree, handle, "".join(what), int(size))
        took = time.monotonic() - began
        print(f"{size} {status} {took:.4f} {smbd_seconds(smbd) - worked:.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("share")
    parser.add_argument("--target", default="127.0.0.1")
    parser.add_argument("--source", default="127.0.0.2")
    parser.add_argument("--connections", type=int, default=1)
    parser.add_argument("--sessions", type=int, default=1)
    parser.add_argument("--open")
    parser.add_argument("--oplock", action="store_true", help="exclusive, and says so when it is broken")
    parser.add_argument("--grow", type=int)
    parser.add_argument("--steps", type=int, metavar="SMBD")
    options = parser.parse_args()
    come_from(options.source)
    connections = [connect(options) for _ in range(options.connections)]
    for _ in range(options.sessions - 1):
        add_session(connections[0])
    trees = [connection.connectTree(options.share) for connection in connections]
    handle = open_file(connections[0], trees[0], options) if options.open else None
    print("ready", flush=True)
    if options.oplock:
        wait_for_break(connections[0])
    if options.grow:
        grow(connections[0], trees[0], handle, options.grow)
    if options.steps is not None:
        take_steps(connections[0], trees[0], handle, options.steps)
        return
    signal.pause()


main()
