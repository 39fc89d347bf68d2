// SPDX-License-Identifier: BSD-3-Clause
// Dad: duplicate address detection, from a tentative address to a preferred or
// a duplicate one.
// RFC 4862 §5.4, RFC 7527 (nonces against looped-back probes), RFC 9131 §6.1.
// Owned by one Core.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "iface/interface_table.h"
#include "nd/messages.h"

namespace sextant::nd {

class Dad {
 public:
  Dad(Core& core, Outbox& outbox) : core_(core), messages_(core, outbox) {}
  Dad(const Dad&) = delete;
  Dad& operator=(const Dad&) = delete;

  // Checks `address`, which the interface has and which is tentative: waits a
  // random time, joins its solicited-node group, sends `probes` probes. With 0
  // probes it is joined and preferred at once.
  void Start(iface::Interface& interface, const Ipv6Address& address, int probes);
  // The link has come back: checks every address anew that is not a duplicate,
  // with as many probes as before (RFC 4862 §5.4).
  void Restart(iface::Interface& interface);
  // To be called before an address is removed: ends its check, leaves its group.
  void Forget(iface::Interface& interface, const Ipv6Address& address);
  // Ends all checks; the addresses stay as they are.
  void Stop() { checks_.clear(); }

  // Whether any address is still being checked.
  bool busy() const { return !checks_.empty(); }

  // A solicitation from :: for an address of ours that is tentative. Returns
  // kNdOwnProbe when it was our own, looped back; else the address is a duplicate.
  DropReason OnSolicitation(iface::Interface& interface, const Ipv6Address& target,
                            const std::optional<wire::Nonce>& nonce);
  // An advertisement for an address of ours that is tentative: it is a duplicate.
  void OnAdvertisement(iface::Interface& interface, const Ipv6Address& target);

 private:
  // One address on its way.
  struct Check {
    Check(Dad& owner, iface::Interface& on, const Ipv6Address& what, int count)
        : dad(owner), interface(on), address(what), probes_left(count) {}
    void OnTimer(Core&) { dad.Step(*this); }

    Dad& dad;
    iface::Interface& interface;
    const Ipv6Address address;
    int probes_left;
    bool joined = false;
    bool looped = false;  // one of our probes has come back since the last batch began
    // LIMIT: a loop that holds a probe back for longer than it takes to send
    // this many makes it look foreign.
    std::array<wire::Nonce, 8> nonces{};
    size_t nonce_count = 0;
    Timer timer{Timer::Calling<&Check::OnTimer>(this)};
  };

  Check* Find(const iface::Interface& interface, const Ipv6Address& address);
  Check* AnyOn(const iface::Interface& interface);
  void Erase(const Check& check);
  // Ends a check, if there is one, and what it has joined.
  void Abandon(Check* check);
  void Step(Check& check);
  void SendProbe(Check& check);
  void Finish(Check& check);
  void Conflict(iface::Interface& interface, const Ipv6Address& address);
  void MakePreferred(iface::Interface& interface, const Ipv6Address& address);
  static bool IsOwn(const Check& check, const wire::Nonce& nonce);

  Core& core_;
  Messages messages_;
  // At most kMaxAddressesPerInterface for each of kMaxInterfaces.
  std::vector<std::unique_ptr<Check>> checks_;
  // Probes that were asked for last, by interface index; for Restart().
  std::array<int, kMaxInterfaces + 1> probes_{};
};

}  // namespace sextant::nd
