#!/bin/busybox sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: 2026 the nasready authors
#
# First process of the box with Debian's kernel: loads the modules and hands over to the root on the SD card.
/bin/busybox --install -s /bin
mount -t proc proc /proc
mount -t devtmpfs dev /dev
exec < /dev/console > /dev/console 2>&1
while read -r module; do insmod "/modules/$module" || echo "box: no $module"; done < /modules/order
waited=0
until [ -b /dev/mmcblk0 ] || [ $waited = 100 ]; do
  usleep 100000
  waited=$((waited + 1))
done
mount -t ext4 /dev/mmcblk0 /new && mount --move /dev /new/dev && umount /proc && exec switch_root /new /sbin/init
echo 'box: no root'
poweroff -f
