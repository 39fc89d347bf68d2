// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "host/capture.h"

#include <array>
#include <cerrno>
#include <cstring>

#include "host/graph.h"
#include "sextant/control.h"

namespace sextant {
namespace {

// So large that a burst seldom costs a system call.
constexpr size_t kBuffer = 1 << 18;
// What stands before packets of the loopback interface, as Linux shows them: no addresses, IPv6.
constexpr std::array<uint8_t, 14> kNoEthernet = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x86, 0xdd};
// How old what a reader of the growing file sees may be while frames come.
constexpr Duration kFlushInterval = Duration::Seconds(1);

std::string Description(const iface::Interface& interface) {
  return interface.is_loopback() ? "loopback" : interface.link().description();
}

}  // namespace

std::unique_ptr<Capture> Capture::Start(const std::string& path, Graph& graph, Clock& clock,
                                        std::string& error) {
  FILE* const file = std::fopen(path.c_str(), "wbe");
  if (file == nullptr) {
    error = path + ": " + std::strerror(errno);
    return nullptr;
  }
  return std::unique_ptr<Capture>(new Capture(path, file, graph, clock));
}

Capture::Capture(std::string path, FILE* file, Graph& graph, Clock& clock)
    : path_(std::move(path)),
      file_(file),
      graph_(graph),
      wall_clock_(clock),
      flushed_(graph.core().now()) {
  std::setvbuf(file, nullptr, _IOFBF, kBuffer);
  pcapng::AppendSection(block_, "Sextant " + std::string(Version()));
  Write(block_.data(), block_.size());
  for (const auto& interface : graph.interfaces().all()) AddInterface(*interface);
  // Who looks at the file at once finds an empty capture, not an empty file.
  std::fflush(file);
  Observe(this);
}

Capture::~Capture() {
  if (file_) Observe(nullptr);
}

void Capture::Observe(iface::FrameObserver* observer) {
  for (const auto& interface : graph_.interfaces().all()) interface->Observe(observer);
}

bool Capture::Finish(std::string& error) {
  Observe(nullptr);
  if (failed_ == 0 && std::fflush(file_.get()) != 0) failed_ = errno;
  file_.reset();
  if (failed_ == 0) return true;
  error = path_ + ": " + std::strerror(failed_) + "; the capture is not complete";
  return false;
}

void Capture::AddInterface(const iface::Interface& interface) {
  numbers_.emplace(&interface, static_cast<uint32_t>(numbers_.size()));
  block_.clear();
  pcapng::AppendInterface(block_, interface.name(), Description(interface));
  Write(block_.data(), block_.size());
}

void Capture::OnFrames(const iface::Interface& interface, std::span<Packet* const> frames,
                       iface::Direction direction) {
  const Instant now = graph_.core().now();
  pcapng::PacketHeader header;
  header.interface = numbers_.at(&interface);
  header.time_ns = static_cast<uint64_t>(wall_clock_.At(now));
  header.direction = direction == iface::Direction::kReceived ? pcapng::Direction::kInbound
                                                              : pcapng::Direction::kOutbound;
  for (const Packet* const packet : frames) {
    const Bytes front = interface.is_loopback() ? Bytes(kNoEthernet) : Bytes();
    header.length = static_cast<uint32_t>(front.size() + packet->length());
    WritePacket(*packet, front, header);
  }
  if (failed_ != 0 || now - flushed_ < kFlushInterval) return;
  flushed_ = now;
  if (std::fflush(file_.get()) != 0) failed_ = errno;
}

void Capture::WritePacket(const Packet& packet, Bytes front, const pcapng::PacketHeader& header) {
  block_.clear();
  pcapng::AppendPacketHead(block_, header);
  Write(block_.data(), block_.size());
  Write(front.data(), front.size());
  packet.ForEachSegment(0, packet.length(), [&](Bytes part) { Write(part.data(), part.size()); });
  block_.clear();
  pcapng::AppendPacketTail(block_, header);
  Write(block_.data(), block_.size());
  if (failed_ == 0) ++frames_;
}

// After a write has failed nothing more is written: what follows would not be readable.
void Capture::Write(const void* bytes, size_t size) {
  if (failed_ == 0 && std::fwrite(bytes, 1, size, file_.get()) != size) failed_ = errno;
}

}  // namespace sextant
