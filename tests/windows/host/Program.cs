// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: 2026 the nasready authors
return Microsoft.PowerShell.UnmanagedPSEntry.Start(args, args.Length);
