# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# ReadyNAS Duo v2 and other Kirkwood devices: ARMv5TE, no floating point unit, Linux 2.6.31.
DEBIAN := armel
GNU := arm-linux-gnueabi
MUSL := arm-linux-musleabi
ARCH_FLAGS := -march=armv5te -mtune=arm926ej-s -mfloat-abi=soft -mthumb
PIE :=
PROTECTOR := -fstack-protector
RUNNER := qemu-arm-static -cpu arm926 -r 2.6.31.8
SIZE_LIMIT := 450560
# What is mounted on such a device, for its label, and what lies in a virtual disk.
LIBBLKID_KEEPS := dos_pt gpt_pt vfat ext4dev ext4 ext3 ext2 jbd xfs btrfs ntfs
EXTRA_START := armv5_barrier.S
