// SPDX-License-Identifier: BSD-3-Clause
// ND input: solicitations and advertisements, ICMPv6 types 133 to 137. The
// checksum is verified already; every message ends here.
// RFC 4861 §7.1 (validation), §7.2.3 to §7.2.5; RFC 4862 §5.4.3 and §5.4.4.
// Owned by one Core.
#pragma once

#include "core/verdict.h"
#include "nd/dad.h"
#include "nd/nud.h"
#include "wire/ipv6.h"

namespace sextant::nd {

// A message that has passed everything the five types have in common, and
// what of it the handlers need.
struct ReceivedMessage {
  wire::Ipv6View ip;
  Bytes message;  // the whole ICMPv6 message
  iface::Interface& interface;
};

class Input {
 public:
  enum class Next : uint8_t { kNone };  // a sink

  Input(Core& core, const iface::InterfaceTable& interfaces, Outbox& outbox, Nud& nud, Dad& dad)
      : interfaces_(interfaces), messages_(core, outbox), nud_(nud), dad_(dad) {}

  Verdict<Next> Take(PacketPtr& packet, Core& core);

 private:
  // Each returns why the message is dropped, or kNone when it was consumed.
  DropReason Process(Packet& packet);
  DropReason Solicitation(const ReceivedMessage& received);
  DropReason Advertised(const ReceivedMessage& received);
  DropReason Answer(const ReceivedMessage& received, const Ipv6Address& target,
                    const wire::NdOptions& options);

  const iface::InterfaceTable& interfaces_;
  Messages messages_;
  Nud& nud_;
  Dad& dad_;
};

}  // namespace sextant::nd
