#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/windows/machine.ps1: what Windows does to a VHDX on a share, by a real SMB client. attach.py PORT SHARE FILE
# --size N sets the end of the file, as New-VHD and Resize-VHD do. With --control DIR it holds the file open until a file
# "close" appears there (or DIR goes); "write" changes the DataWriteGuid, as the first write of a mount does.
import argparse
import os
import struct
import sys
import time
import uuid

from impacket import smb3structs
from impacket.smbconnection import SMBConnection

TABLE = []
for n in range(256):
    for _ in range(8):
        n = n >> 1 ^ (0x82F63B78 if n & 1 else 0)
    TABLE.append(n)


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


class Header:
    """The header of a VHDX that counts: MS-VHDX 2.2.2."""

    def __init__(self, smb, tree, handle):
        self.smb, self.tree, self.handle = smb, tree, handle
        found = []
        for at in (0x10000, 0x20000):
            data = bytearray(smb.readFile(tree, handle, offset=at, bytesToRead=4096))
            stored = struct.unpack_from("<I", data, 4)[0]
            struct.pack_into("<I", data, 4, 0)
            if data[:4] == b"head" and crc32c(data) == stored:
                found.append((struct.unpack_from("<Q", data, 8)[0], at, data))
        if not found:
            self.data = None
            return
        self.sequence, self.at, self.data = max(found)

    def change(self, offset, guid):
        if self.data is None:
            return
        self.sequence += 1
        self.at = 0x30000 - self.at
        struct.pack_into("<Q", self.data, 8, self.sequence)
        self.data[offset:offset + 16] = guid
        struct.pack_into("<I", self.data, 4, 0)
        data = bytearray(self.data)
        struct.pack_into("<I", data, 4, crc32c(data))
        self.smb.writeFile(self.tree, self.handle, bytes(data), offset=self.at)


def hold(smb, tree, handle, control):
    header = Header(smb, tree, handle)
    open(os.path.join(control, "ready"), "w").close()
    wrote = False
    while os.path.isdir(control) and not os.path.exists(os.path.join(control, "close")):
        if not wrote and os.path.exists(os.path.join(control, "write")):
            header.change(32, uuid.uuid4().bytes)
            wrote = True
        time.sleep(0.05)
    smb.closeFile(tree, handle)
    if os.path.isdir(control):
        open(os.path.join(control, "closed"), "w").close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("share")
    parser.add_argument("file")
    parser.add_argument("--size", type=int)
    parser.add_argument("--control")
    options = parser.parse_args()
    connection = SMBConnection("*SMBSERVER", "127.0.0.1", sess_port=options.port, timeout=120,
                               preferredDialect=smb3structs.SMB2_DIALECT_21)
    connection.login("guest", "")
    tree = connection.connectTree(options.share)
    smb = connection.getSMBServer()
    wanted = smb3structs.FILE_OPEN_IF if options.size else smb3structs.FILE_OPEN
    handle = connection.createFile(tree, options.file, creationDisposition=wanted)
    if options.size:
        smb.setInfo(tree, handle, fileInfoClass=smb3structs.SMB2_FILE_END_OF_FILE_INFO,
                    inputBlob=struct.pack("<Q", options.size))
        connection.closeFile(tree, handle)
    else:
        hold(connection, tree, handle, options.control)
    connection.close()


sys.exit(main())
