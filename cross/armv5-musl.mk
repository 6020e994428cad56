# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# ReadyNAS Duo v2 and other Kirkwood devices: ARMv5TE, no floating point unit, Linux 2.6.31.
DEBIAN := armel
GNU := arm-linux-gnueabi
MUSL := arm-linux-musleabi
ARCH_FLAGS := -march=armv5te -mtune=arm926ej-s -mfloat-abi=soft -mthumb
PIE :=
RUNNER := qemu-arm-static -cpu arm926 -r 2.6.31.8
SIZE_LIMIT := 327680
# What a ReadyNAS can have or be given on a disk. libblkid knows a hundred formats, 40 KB of code.
LIBBLKID_KEEPS := linuxraid lvm2 luks swap vfat ext4dev ext4 ext3 ext2 jbd xfs btrfs reiser jfs ntfs exfat hfsplus hfs dos_pt gpt_pt
EXTRA_START := armv5_barrier.S
