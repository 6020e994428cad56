/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * What smbstatus of Samba 4.17.12 printed with real clients on a real smbd: none; one; one with two sessions
 * on its connection; three on IPv4 and IPv6, one of them with three files open. Addresses and paths are
 * replaced.
 */
#ifndef NASREADY_TESTS_SMBSTATUS_CAPTURES_H
#define NASREADY_TESTS_SMBSTATUS_CAPTURES_H

/* clang-format off */
static const char text_none[] =
	"\n"
	"Samba version 4.17.12-Debian\n"
	"PID     Username     Group        Machine                                   Protocol Version  Encryption           Signing              \n"
	"----------------------------------------------------------------------------------------------------------------------------------------\n"
	"\n"
	"Service      pid     Machine       Connected at                     Encryption   Signing     \n"
	"---------------------------------------------------------------------------------------------\n"
	"\n"
	"\n";

static const char text_one[] =
	"\n"
	"Samba version 4.17.12-Debian\n"
	"PID     Username     Group        Machine                                   Protocol Version  Encryption           Signing              \n"
	"----------------------------------------------------------------------------------------------------------------------------------------\n"
	"26505   65534        65534        10.0.0.5 (ipv4:10.0.0.5:34248)          SMB3_00           -                    -                    \n"
	"\n"
	"Service      pid     Machine       Connected at                     Encryption   Signing     \n"
	"---------------------------------------------------------------------------------------------\n"
	"Backup       26505   10.0.0.5     Mon Nov 23 05:56:22 2026 UTC     -            -           \n"
	"\n"
	"\n";

static const char text_two_sessions[] =
	"\n"
	"Samba version 4.17.12-Debian\n"
	"PID     Username     Group        Machine                                   Protocol Version  Encryption           Signing              \n"
	"----------------------------------------------------------------------------------------------------------------------------------------\n"
	"4307    65534        65534        10.0.0.5 (ipv4:10.0.0.5:46374)          SMB2_10           -                    -                    \n"
	"4307    65534        65534        10.0.0.5 (ipv4:10.0.0.5:46374)          SMB2_10           -                    -                    \n"
	"\n"
	"Service      pid     Machine       Connected at                     Encryption   Signing     \n"
	"---------------------------------------------------------------------------------------------\n"
	"Backup       4307    10.0.0.5     Mon Nov 23 05:56:54 2026 UTC     -            -           \n"
	"Backup       4307    10.0.0.5     Mon Nov 23 05:56:54 2026 UTC     -            -           \n"
	"\n"
	"\n";

static const char text_three[] =
	"\n"
	"Samba version 4.17.12-Debian\n"
	"PID     Username     Group        Machine                                   Protocol Version  Encryption           Signing              \n"
	"----------------------------------------------------------------------------------------------------------------------------------------\n"
	"8128    65534        65534        ::1 (ipv6:::1:37200)                      SMB3_00           -                    -                    \n"
	"8122    65534        65534        10.0.0.5 (ipv4:10.0.0.5:41092)          SMB3_00           -                    -                    \n"
	"8127    65534        65534        10.0.0.9 (ipv4:10.0.0.9:41873)          SMB3_00           -                    -                    \n"
	"\n"
	"Service      pid     Machine       Connected at                     Encryption   Signing     \n"
	"---------------------------------------------------------------------------------------------\n"
	"Backup       8128    ::1           Mon Nov 23 06:11:22 2026 UTC     -            -           \n"
	"IPC$         8127    10.0.0.9     Mon Nov 23 06:11:22 2026 UTC     -            -           \n"
	"Backup       8122    10.0.0.5     Mon Nov 23 06:11:22 2026 UTC     -            -           \n"
	"other        8127    10.0.0.9     Mon Nov 23 06:11:22 2026 UTC     -            -           \n"
	"\n"
	"\n"
	"Locked files:\n"
	"Pid          User(ID)   DenyMode   Access      R/W        Oplock           SharePath   Name   Time\n"
	"--------------------------------------------------------------------------------------------------\n"
	"8122         0          DENY_NONE  0x12019f    RDWR       NONE             /c/Backup   sub dir/My Disk 2.AVHDX   Mon Nov 23 06:11:21 2026\n"
	"8122         0          DENY_NONE  0x12019f    RDWR       NONE             /c/Backup   SRV1.vhdx   Mon Nov 23 06:11:21 2026\n"
	"8122         0          DENY_NONE  0x12019f    RDWR       NONE             /c/Backup   notes.txt   Mon Nov 23 06:11:21 2026\n"
	"\n";
/* clang-format on */

#endif
