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
SIZE_LIMIT := 458752
EXTRA_START := armv5_barrier.S
