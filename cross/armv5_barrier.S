/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 *
 * A fence before ARMv6 is a call into the kernel's helper page. libgcc has it too, but in one object with all its atomics,
 * 8-byte ones among them: 4 KB that the linker cannot part. Weak: a program
 * that needs the others gets all of them from there. The helper may return without changing to Thumb, so it is
 * not called as a tail.
 */
	.syntax unified
	.arm
	.section .text.__sync_synchronize, "ax", %progbits
	.weak __sync_synchronize
	.type __sync_synchronize, %function
__sync_synchronize:
	push {r3, lr}
	ldr r3, =0xffff0fa0
	blx r3
	pop {r3, pc}
	.ltorg
	.size __sync_synchronize, . - __sync_synchronize
	.section .note.GNU-stack, "", %progbits
