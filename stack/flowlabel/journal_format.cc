// SPDX-License-Identifier: BSD-3-Clause
// Any thread.
#include "flowlabel/journal_format.h"

#include <algorithm>
#include <map>
#include <string_view>

#include "base/check.h"
#include "base/crc32c.h"

namespace sextant::flowlabel {
namespace {

constexpr std::string_view kFileMagic = "SXLABELS";
constexpr std::string_view kFrameMagic = "SXFR";
constexpr std::string_view kFrameEnd = "SXFR-END";
constexpr uint32_t kVersion = 1;
constexpr size_t kFrameHeader = 24;
constexpr size_t kTimeSize = 24;
constexpr size_t kSector = 512;  // what a disk writes whole or not at all
constexpr uint8_t kVeil = 0xa5;
constexpr uint8_t kLeased = 1;
constexpr uint8_t kReleased = 2;
constexpr uint8_t kForgotten = 3;

void Put(std::vector<uint8_t>& out, uint64_t value, size_t size) {
  for (size_t i = size; i-- > 0;) out.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

void Put(std::vector<uint8_t>& out, std::string_view text) {
  for (const char c : text) out.push_back(static_cast<uint8_t>(c));
}

void Put(std::vector<uint8_t>& out, Bytes bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

bool BeginsWith(Bytes bytes, std::string_view text) {
  const size_t size = std::min(bytes.size(), text.size());
  return std::equal(bytes.begin(), bytes.begin() + static_cast<ptrdiff_t>(size), text.begin());
}

// Takes numbers and bytes off the front; once something is missing, nothing is good any more.
class Reader {
 public:
  explicit Reader(Bytes bytes) : left_(bytes) {}
  bool good() const { return good_; }
  bool done() const { return left_.empty(); }
  Bytes Take(size_t size) {
    if (size > left_.size()) {
      good_ = false;
      left_ = {};
      return {};
    }
    const Bytes taken = left_.first(size);
    left_ = left_.subspan(size);
    return taken;
  }
  uint64_t Number(size_t size) {
    uint64_t value = 0;
    for (const uint8_t byte : Take(size)) value = value << 8 | byte;
    return value;
  }
  template <typename T>
  T Number() {
    return static_cast<T>(Number(sizeof(T)));
  }

 private:
  Bytes left_;
  bool good_ = true;
};

constexpr size_t PaddedSize(size_t length) { return (length + 7) / 8 * 8; }
constexpr size_t FrameSize(size_t length) {
  return kFrameHeader + PaddedSize(length) + kFrameEnd.size();
}

// A record's time is told once per frame.
struct Written {
  SavedLabel label;
  JournalTime time;
};

// Gathers what frames say, the later ones over the earlier ones.
class Gatherer {
 public:
  bool TakeFrame(Bytes veiled) {
    std::vector<uint8_t> payload(veiled.begin(), veiled.end());
    for (uint8_t& byte : payload) byte ^= kVeil;
    Reader reader(payload);
    JournalTime time;
    time.wall = reader.Number<int64_t>();
    time.uptime = reader.Number<int64_t>();
    time.boot = reader.Number<uint64_t>();
    ahead_[time.boot] = time.wall - time.uptime;
    while (reader.good() && !reader.done()) {
      if (!TakeRecord(Reader(reader.Take(reader.Number<uint16_t>())), time)) return false;
    }
    return reader.good();
  }

  std::vector<SavedLabel> LabelsAt(const JournalTime& now) {
    std::vector<SavedLabel> labels;
    labels.reserve(written_.size());
    for (auto& [number, written] : written_) {
      SavedLabel& label = labels.emplace_back(std::move(written.label));
      label.remaining = label.remaining - Elapsed(written.time, now);
    }
    return labels;
  }

 private:
  // Within one boot its own clock tells exactly. Across boots only the wall clock is left: as it
  // was known last, for a step within the boot does not change what had been granted; and when it
  // has gone backwards nothing has elapsed, for a lifetime is never shortened by mistake.
  Duration Elapsed(const JournalTime& from, const JournalTime& now) {
    const int64_t ns = from.boot == now.boot ? now.uptime - from.uptime
                                             : now.wall - (from.uptime + ahead_[from.boot]);
    return Duration::Nanoseconds(std::max<int64_t>(ns, 0));
  }

  bool TakeRecord(Reader reader, const JournalTime& time) {
    const auto kind = reader.Number<uint8_t>();
    Written written{.label = {}, .time = time};
    SavedLabel& label = written.label;
    label.label = reader.Number<uint32_t>();
    if (label.label == 0 || label.label > kLabelMask) return false;
    if (kind == kForgotten) {
      written_.erase(label.label);
      return reader.good() && reader.done();
    }
    label.is_leased = kind == kLeased;
    label.share = Share{reader.Number<uint8_t>()};
    label.pid = reader.Number<int32_t>();
    label.user = reader.Number<uint32_t>();
    label.linger = reader.Number<uint16_t>();
    label.remaining = Duration::Nanoseconds(reader.Number<int64_t>());
    const Bytes address = reader.Take(Ipv6Address::kSize);
    HeaderSpans spans;
    for (Bytes* part : {&spans.hop_by_hop, &spans.destination, &spans.routing}) {
      *part = reader.Take(reader.Number<uint16_t>());
    }
    if (!reader.good() || !reader.done() || kind > kForgotten || kind == 0) return false;
    label.destination = Ipv6Address(address.first<Ipv6Address::kSize>());
    label.headers = HeaderBlock(spans);
    written_.insert_or_assign(label.label, std::move(written));
    return true;
  }

  std::map<uint32_t, Written> written_;
  std::map<uint64_t, int64_t> ahead_;  // by boot: the wall clock's lead over its uptime
};

// One frame of a file.
struct Frame {
  enum class State : uint8_t { kWhole, kTorn, kDamaged };
  State state = State::kDamaged;
  const char* damage = nullptr;
  size_t size = 0;
  uint64_t sequence = 0;
  Bytes payload{};
};

// Whether a sector's share of these bytes was never written. `offset` is where they lie in the
// file.
bool HasBlankSector(Bytes bytes, size_t offset) {
  while (!bytes.empty()) {
    const Bytes piece = bytes.first(std::min(bytes.size(), kSector - offset % kSector));
    if (std::ranges::all_of(piece, [](uint8_t byte) { return byte == 0; })) return true;
    offset += piece.size();
    bytes = bytes.subspan(piece.size());
  }
  return false;
}

Frame Bad(Bytes bytes, size_t offset, const char* damage) {
  Frame frame;
  frame.state = HasBlankSector(bytes, offset) ? Frame::State::kTorn : Frame::State::kDamaged;
  frame.damage = damage;
  return frame;
}

Frame ReadFrame(Bytes file, size_t offset) {
  const Bytes rest = file.subspan(offset);
  const Bytes head = rest.first(std::min(rest.size(), kFrameHeader));
  if (!BeginsWith(head, kFrameMagic)) return Bad(rest, offset, "no frame begins there");
  Frame frame{.state = Frame::State::kTorn};
  if (head.size() < kFrameHeader) return frame;
  if (Load32(head, 16) != Crc32c(head.first(16))) return Bad(rest, offset, "bad frame header");
  const size_t length = Load32(head, 4);
  frame.size = FrameSize(length);
  frame.sequence = uint64_t{Load32(head, 8)} << 32 | Load32(head, 12);
  if (frame.size > rest.size()) return frame;
  frame.payload = rest.subspan(kFrameHeader, length);
  const Bytes whole = rest.first(frame.size);
  const Bytes padding = whole.subspan(kFrameHeader + length, PaddedSize(length) - length);
  if (Crc32c(frame.payload) != Load32(head, 20) || !BeginsWith(whole.last(8), kFrameEnd) ||
      std::ranges::any_of(padding, [](uint8_t byte) { return byte != 0; })) {
    return Bad(whole, offset, "bad checksum of a frame");
  }
  frame.state = Frame::State::kWhole;
  return frame;
}

// What follows something torn was synced later: then it was not torn, but damaged.
bool AnyFrameAfter(Bytes file, size_t offset) {
  for (size_t at = offset + 8; at + FrameSize(0) <= file.size(); at += 8) {
    if (BeginsWith(file.subspan(at), kFrameMagic) &&
        ReadFrame(file, at).state == Frame::State::kWhole) {
      return true;
    }
  }
  return false;
}

// The bytes of a header, and of nothing else.
bool ReadHeader(Bytes file, JournalContents& contents) {
  const std::vector<uint8_t> want = JournalHeader();
  const size_t size = std::min(file.size(), want.size());
  if (!std::ranges::equal(file.first(size), Bytes(want).first(size))) {
    contents.damage = "not a flow-label journal of this version";
    return false;
  }
  contents.sound = size == want.size() ? size : 0;
  return size == want.size();
}

}  // namespace

void FrameBuilder::Save(const SavedLabel& label, const HeaderSpans& headers) {
  const size_t begin = records_.size();
  Put(records_, 0, 2);
  Put(records_, label.is_leased ? kLeased : kReleased, 1);
  Put(records_, label.label, 4);
  Put(records_, static_cast<uint8_t>(label.share), 1);
  Put(records_, static_cast<uint32_t>(label.pid), 4);
  Put(records_, label.user, 4);
  Put(records_, label.linger, 2);
  Put(records_, static_cast<uint64_t>(label.remaining.nanoseconds()), 8);
  Put(records_, label.destination.bytes());
  for (const Bytes part : {headers.hop_by_hop, headers.destination, headers.routing}) {
    Put(records_, part.size(), 2);
    Put(records_, part);
  }
  const size_t size = records_.size() - begin - 2;
  SX_CHECK(size <= UINT16_MAX);
  Store16(records_, begin, static_cast<uint16_t>(size));
}

void FrameBuilder::Forget(uint32_t label) {
  Put(records_, 5, 2);
  Put(records_, kForgotten, 1);
  Put(records_, label, 4);
}

std::vector<uint8_t> FrameBuilder::Finish(uint64_t sequence, const JournalTime& time) {
  std::vector<uint8_t> payload;
  payload.reserve(kTimeSize + records_.size());
  Put(payload, static_cast<uint64_t>(time.wall), 8);
  Put(payload, static_cast<uint64_t>(time.uptime), 8);
  Put(payload, time.boot, 8);
  Put(payload, records_);
  records_.clear();
  for (uint8_t& byte : payload) byte ^= kVeil;
  std::vector<uint8_t> frame;
  frame.reserve(FrameSize(payload.size()));
  Put(frame, kFrameMagic);
  Put(frame, payload.size(), 4);
  Put(frame, sequence, 8);
  Put(frame, Crc32c(frame), 4);
  Put(frame, Crc32c(payload), 4);
  Put(frame, payload);
  frame.resize(kFrameHeader + PaddedSize(payload.size()));
  Put(frame, kFrameEnd);
  return frame;
}

std::vector<uint8_t> JournalHeader() {
  std::vector<uint8_t> header;
  Put(header, kFileMagic);
  Put(header, kVersion, 4);
  Put(header, Crc32c(header), 4);
  return header;
}

JournalContents ReadJournal(Bytes file, const JournalTime& now) {
  JournalContents contents;
  if (!ReadHeader(file, contents)) return contents;
  Gatherer gatherer;
  while (contents.sound < file.size()) {
    const Frame frame = ReadFrame(file, contents.sound);
    if (frame.state == Frame::State::kWhole && frame.sequence != contents.next_sequence) {
      contents.damage = "a frame is out of sequence";
    } else if (frame.state == Frame::State::kDamaged) {
      contents.damage = frame.damage;
    } else if (frame.state == Frame::State::kTorn && AnyFrameAfter(file, contents.sound)) {
      contents.damage = "a frame before the last one is damaged";
    } else if (frame.state == Frame::State::kWhole && !gatherer.TakeFrame(frame.payload)) {
      contents.damage = "a record makes no sense";
    }
    if (contents.damage != nullptr || frame.state == Frame::State::kTorn) break;
    contents.sound += frame.size;
    ++contents.next_sequence;
  }
  if (contents.damage == nullptr) contents.labels = gatherer.LabelsAt(now);
  return contents;
}

std::vector<uint8_t> CompactJournal(Bytes file, const JournalTime& now) {
  const JournalContents contents = ReadJournal(file, now);
  if (contents.damage != nullptr) return std::vector<uint8_t>(file.begin(), file.end());
  FrameBuilder builder;
  for (const SavedLabel& label : contents.labels) builder.Save(label);
  std::vector<uint8_t> compact = JournalHeader();
  Put(compact, builder.Finish(1, now));
  return compact;
}

}  // namespace sextant::flowlabel
