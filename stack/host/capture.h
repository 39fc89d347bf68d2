// SPDX-License-Identifier: BSD-3-Clause
// Capture: writes every frame of a host's interfaces to a pcapng file, which
// tcpdump and Wireshark read. Somebody asked for it, so it may do what nothing
// else does: write files between two polls.
// Owned by one Core.
#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <unordered_map>

#include "core/wall_clock.h"
#include "host/pcapng.h"
#include "iface/frame_observer.h"

namespace sextant {

class Graph;

class Capture final : public iface::FrameObserver {
 public:
  // Creates the file, or replaces it, and observes all interfaces that `graph`
  // has, until Finish() or the end. Null, and `error` says why, when it cannot.
  static std::unique_ptr<Capture> Start(const std::string& path, Graph& graph, Clock& clock,
                                        std::string& error);
  ~Capture() override;

  // Ends it. False, and `error` says why, when the file is not complete.
  bool Finish(std::string& error);
  uint64_t frames() const { return frames_; }

  void OnFrames(const iface::Interface& interface, std::span<Packet* const> frames,
                iface::Direction direction) override;

 private:
  struct Close {
    void operator()(FILE* file) const { std::fclose(file); }
  };

  Capture(std::string path, FILE* file, Graph& graph, Clock& clock);
  void Observe(iface::FrameObserver* observer);
  void AddInterface(const iface::Interface& interface);
  // `front` stands before the packet.
  void WritePacket(const Packet& packet, Bytes front, const pcapng::PacketHeader& header);
  void Write(const void* bytes, size_t size);

  const std::string path_;
  std::unique_ptr<FILE, Close> file_;
  Graph& graph_;
  const WallClock wall_clock_;
  std::unordered_map<const iface::Interface*, uint32_t> numbers_;  // in the file
  pcapng::Block block_;
  Instant flushed_;
  uint64_t frames_ = 0;
  int failed_ = 0;  // the errno of the first write that failed
};

}  // namespace sextant
