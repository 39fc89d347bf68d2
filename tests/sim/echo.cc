// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "sim/echo.h"

#include "support/chain.h"
#include "udp/output.h"

namespace sextant::test {
namespace {

Ipv6Address AddressAt(Bytes packet, size_t offset) {
  return Ipv6Address(packet.subspan(offset).first<Ipv6Address::kSize>());
}

bool Verifies(Bytes packet, const udp::Payload& payload) {
  const Bytes message = packet.subspan(40, payload.offset + payload.length - 40);
  const Frame zeroed = Poke16(Frame(message.begin(), message.end()), 6, 0);
  return UpperChecksum(AddressAt(packet, 8), AddressAt(packet, 24), 17, zeroed) ==
         Load16(message, 6);
}

}  // namespace

SimSocket::SimSocket(Simulator& simulator, SimHost& host, uint16_t port)
    : simulator_(simulator), host_(host) {
  socket_.set_receive_limit(static_cast<size_t>(host.graph().core().tunables().udp_receive_buffer));
  SX_CHECK(host.graph().udp().Bind(socket_, {{}, port}, 0) == Errno::kOk);
  socket_.readiness().Watch(*this);
}

SimSocket::~SimSocket() {
  Unlink();
  host_.graph().udp().Remove(socket_);
  socket_.Stop();
}

// The application wakes up a little later, as applications do.
void SimSocket::OnReady(uint32_t raised) {
  if ((raised & kReadyIn) == 0 || std::exchange(told_, true)) return;
  simulator_.At(simulator_.now() + Duration::Microseconds(20), [this] { Take(); });
}

void SimSocket::Take() {
  told_ = false;
  while (PacketPtr packet = socket_.Pop()) {
    const Frame bytes = Contents(*packet);
    const udp::Payload payload = udp::PayloadOf(*packet);
    packet.Free();
    EXPECT_TRUE(Verifies(bytes, payload)) << "a damaged datagram was delivered";
    ++delivered_;
    const auto begin = bytes.begin() + static_cast<ptrdiff_t>(payload.offset);
    OnDatagram({AddressAt(bytes, 8), Load16(bytes, 40)},
               Frame(begin, begin + static_cast<ptrdiff_t>(payload.length)));
  }
}

void SimSocket::Send(const udp::Endpoint& to, const Frame& payload) {
  Graph& graph = host_.graph();
  const auto path = graph.routes().Resolve(to.address, to.address.needs_zone() ? 2 : 0);
  // A damaged source address may lead nowhere, or the cable may be out.
  if (!path || to.port == 0) return;
  udp::Departure departure;
  departure.source = {path->source, socket_.local().port};
  departure.destination = to;
  PacketPtr packet = host_.pool().Copy(payload);
  SX_CHECK(packet);
  udp::Send(std::move(packet), departure, *path, graph.outbox(), graph.core());
}

// Its number, and bytes that follow from it; of many lengths.
Frame EchoClient::Question(uint64_t number) {
  Frame question(16 + number * 37 % 1000);
  SeededRng rng(number);
  for (uint8_t& byte : question) byte = static_cast<uint8_t>(rng.Next32());
  for (size_t i = 0; i < 8; ++i) question[i] = static_cast<uint8_t>(number >> (8 * i));
  return question;
}

void EchoClient::Ask(uint64_t count, Duration interval) {
  if (count == 0) return;
  Send(server_, Question(asked_++));
  simulator().At(simulator().now() + interval, [=, this] { Ask(count - 1, interval); });
}

void EchoClient::OnDatagram(const udp::Endpoint&, const Frame& payload) {
  uint64_t number = 0;
  for (size_t i = 0; i < std::min<size_t>(payload.size(), 8); ++i) {
    number |= uint64_t{payload[i]} << (8 * i);
  }
  if (number >= asked_ || payload != Question(number)) {
    ++mangled_;
    return;
  }
  if (number < last_) ++overtaken_;
  last_ = std::max(last_, number);
  ++answers_[number];
}

}  // namespace sextant::test
