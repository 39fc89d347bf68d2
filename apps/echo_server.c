// SPDX-License-Identifier: BSD-3-Clause
// A UDP echo server: answers every datagram that comes to port 7.
//   echo_server --interface lan0=tap:sx0,fd00:6::2/64,peer=fd00:6::1/64
//   cc echo_server.c $(pkg-config --cflags --libs sextant)
#include <sextant/socket.h>
#include <stdio.h>

int main(int argc, char** argv) {
  if (sx_init(argc, argv) < 0) return 1;
  struct sockaddr_in6 here = {.sin6_family = AF_INET6, .sin6_port = htons(7)}, peer;
  int fd = sx_socket(AF_INET6, SOCK_DGRAM, 0);
  if (fd < 0 || sx_bind(fd, (struct sockaddr*)&here, sizeof here) < 0) return perror("port 7"), 1;
  char data[65536];
  for (;;) {
    socklen_t length = sizeof peer;
    ssize_t size = sx_recvfrom(fd, data, sizeof data, 0, (struct sockaddr*)&peer, &length);
    if (size >= 0) sx_sendto(fd, data, (size_t)size, 0, (struct sockaddr*)&peer, length);
  }
}
