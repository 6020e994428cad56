#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# For tests/live/passes.sh: grow_vhdx.py PORT SHARE FILE FIRST COUNT writes to a dynamic VHDX over SMB, as a server that
# has it mounted does: COUNT blocks from FIRST on get their first data, each appended to the file and then entered into
# the table of blocks (MS-VHDX 2.5). Block N is full of the byte N + 1. The disk has blocks of 32 MiB and sectors of 512
# bytes, and an empty log.
import struct
import sys
import uuid

from impacket.smbconnection import SMBConnection
from impacket import smb3structs

MIB = 1 << 20
BLOCK = 32 * MIB
RATIO = (1 << 23) * 512 // BLOCK  # blocks between two entries of the table that tell of sector bitmaps
TABLE = uuid.UUID("2DC27766-F623-4200-9D64-115E9BFD4A08").bytes_le
FULLY_PRESENT = 6


def table_of(regions):
    """Where the table of blocks lies, by the region table."""
    for at in range(16, 16 + 32 * struct.unpack_from("<I", regions, 8)[0], 32):
        if regions[at:at + 16] == TABLE:
            return struct.unpack_from("<Q", regions, at + 16)[0]
    sys.exit("there is no table of blocks")


def main():
    port, share, name, first, count = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
    connection = SMBConnection("*SMBSERVER", "127.0.0.1", sess_port=port, timeout=300,
                               preferredDialect=smb3structs.SMB2_DIALECT_21)
    connection.login("guest", "")
    tree = connection.connectTree(share)
    handle = connection.openFile(tree, name)
    table = table_of(connection.readFile(tree, handle, 192 * 1024, 64 * 1024, singleCall=False))
    for number in range(first, first + count):
        size = connection.listPath(share, name)[0].get_filesize()
        at = (size + MIB - 1) // MIB * MIB
        for piece in range(0, BLOCK, MIB):
            connection.writeFile(tree, handle, bytes([number + 1]) * MIB, at + piece)
        entry = table + 8 * (number + number // RATIO)
        connection.writeFile(tree, handle, struct.pack("<Q", at | FULLY_PRESENT), entry)
    connection.closeFile(tree, handle)
    print(f"{count} blocks")


main()
