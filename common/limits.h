/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * Every capacity of the product, each with its reason. A list that overflows counts what it left out
 * (snapshot.h, `omitted`); nothing is ever cut in silence.
 */
#ifndef NASREADY_COMMON_LIMITS_H
#define NASREADY_COMMON_LIMITS_H

#define VOLUMES_MAX 24	    /* a NAS has one to four; hosts with more show the first 24 and count the rest */
#define LINKS_MAX 16	    /* ports, bonds and bridges; container hosts have more, of no interest here */
#define DISKS_MAX 24	    /* bays of the largest desktop NAS with one expansion chassis */
#define RAIDS_MAX 8	    /* RAIDiator has three md arrays, DSM four to six */
#define RAID_MEMBERS_MAX 32 /* width of mdstat's [UU_] picture that we keep */
#define CLIENTS_MAX 24	    /* SMB clients by address: a backup target should have one, a home has ten */
#define OTHERS_MAX 16	    /* SSH, web UI and the like by address */
#define SHARES_MAX 16	    /* ReadyNAS ships five, and one more for the backup */
#define SERVICES_MAX 24	    /* the configured list and those of it that run */
#define OPEN_DISKS_MAX \
	2	      /* VHDX files that one server has open on this NAS; more is a mistake worth a finding */
#define JOBS_MAX 8    /* there is one at a time; so many show what an evening was spent on */
#define VDISKS_MAX 16 /* one for each server that is backed up here; the rest is counted */
#define OPENERS_MAX 3 /* of one virtual disk: two are already one too many */
#define PARTITIONS_MAX 4 /* of a virtual disk: a backup disk has one or two, an installed system four */
#define LEASES_MAX 16	 /* as many as virtual disks are shown */
#define GATE_STEPS_MAX 8 /* large allocations that are remembered in a snapshot */
#define SOURCES_MAX 24	 /* rows of collect/sources.c */

#define ADDRESS_LEN 46	   /* INET6_ADDRSTRLEN */
#define SHARE_LEN 81	   /* Windows allows 80 characters */
#define OPEN_DISK_LEN 128  /* SHARE/FILE; longer ones spoil restores anyhow (110 characters) */
#define LEASE_FILE_LEN 256 /* one component of a path and the end */
#define JOB_FILE_LEN 256   /* a path below the share's folder; longer ones spoil restores (110 characters) */
#define JOB_SAYS_LEN 224   /* a fault's text (common/fault.h) */
#define ID_LEN 48	   /* a volume id made from its mount point */
#define MOUNT_LEN 256  /* a longer mount point is left out and counted; NAS firmwares use /c or /volume1 */
#define DEVICE_LEN 128 /* /dev/mapper names are at most 127 characters */
#define NAME_LEN 32    /* kernel names: IFNAMSIZ is 16, disk names 32 */
#define FSTYPE_LEN 24  /* "fuse." and a short name */
#define LABEL_LEN 128  /* NTFS has 32 UTF-16 characters, ext4 16 bytes, btrfs 255 (cut with a mark) */
#define UUID_LEN 40    /* 36 and the end */
#define TEXT_LEN 112   /* a reason or an error: one sentence that names its subject */
#define HOST_LEN 64    /* HOST_NAME_MAX on Linux */

#define PROC_TEXT_MAX 65536 /* the largest /proc text read in one piece: hundreds of mounts take 40 KiB */
#define SYSFS_TEXT_MAX 4096 /* sysfs attributes are one page at most */

#define HISTORY_SAMPLES 16 /* 32 s at the fast pace: covers the 10 s that "settled" looks back, thrice */

#endif
