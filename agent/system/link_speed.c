/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: 2026 the nasready authors
 */
#include "system/link_speed.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "common/scope.h"
#include "common/text.h"

/* in the 16 bits that older drivers fill, what is not known is all ones */
static uint32_t speed_of(const struct ethtool_cmd *command)
{
	uint32_t speed = (uint32_t)command->speed_hi << 16 | command->speed;
	return !speed || command->speed == UINT16_MAX || speed > INT32_MAX ? UNKNOWN_U32 : speed;
}

int link_speed_ask(const char *name, uint32_t *ret_speed_mbps, enum tri *ret_full_duplex)
{
	struct ethtool_cmd command = {.cmd = ETHTOOL_GSET};
	struct ifreq request;
	memset(&request, 0, sizeof request);
	if (!text_copy(request.ifr_name, sizeof request.ifr_name, text_of(name)))
		return -ENAMETOOLONG;
	request.ifr_data = (char *)&command;
	autoclose int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || ioctl(fd, SIOCETHTOOL, &request))
		return -errno;
	*ret_speed_mbps = speed_of(&command);
	*ret_full_duplex = command.duplex == DUPLEX_FULL ? YES : command.duplex == DUPLEX_HALF ? NO : UNKNOWN;
	return 0;
}
