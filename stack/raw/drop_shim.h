#pragma once
#define kRawSocketFull kUdpSocketFull
#define kRawBadChecksum kUdpBadChecksum
#define kRawNotTaken kIp6NoNextHeader
