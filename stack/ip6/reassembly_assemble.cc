// SPDX-License-Identifier: BSD-3-Clause
// Owned by one Core.
#include "ip6/reassembly_assemble.h"

#include <cstring>

#include "packet/chain.h"

namespace sextant::ip6 {
namespace {

constexpr size_t kHeaderSize = wire::FragmentView::kSize;
// What is left in front of a datagram that is built in a buffer's headroom: an
// Ethernet header and some tunnel's, should it be answered in place.
constexpr size_t kSpareHeadroom = 64;

class Assembler {
 public:
  Assembler(CompactStore& compact, std::span<Piece> pieces, size_t rank, PacketPtr& packet,
            Core& core)
      : compact_(compact), pieces_(pieces), rank_(rank), packet_(packet), core_(core) {}

  bool Run() {
    const bool done = MakeHead() && AppendRest();
    // Copied records go now, and on failure the packets that were not used yet.
    for (const Piece& piece : pieces_) {
      if (piece.packet != nullptr) core_.Absorb(PacketPtr(piece.packet));
      if (piece.compact != kNoHandle) compact_.Give(piece.compact);
    }
    return done;
  }

 private:
  // The datagram's first packet, its headers mended, `next_` being what follows.
  bool MakeHead() {
    // The packet in hand is ours in `packet_`; its place in the list is only a place.
    pieces_[rank_].packet = nullptr;
    if (pieces_[0].compact == kNoHandle) return MendFirst();
    return FitsInFront() ? BuildInFront() : BuildAnew();
  }

  // The first fragment is a packet: the unfragmentable part moves up over the
  // Fragment header.
  bool MendFirst() {
    if (rank_ == 0) {
      // A clone must not be written to.
      PacketPtr own = core_.pool().Own(packet_);
      if (!own) return false;
      packet_ = std::move(own);
    } else {
      PacketPtr first(std::exchange(pieces_[0].packet, nullptr));
      PacketPtr own = core_.pool().Own(first);
      if (!own) {
        pieces_[0].packet = first.release();
        return false;
      }
      Swap(std::move(own));
    }
    const ExtensionPlaces& at = packet_->extensions();
    const MutableBytes bytes = packet_->Writable();
    bytes[at.last_next_header] = bytes[at.fragment];
    std::memmove(bytes.data() + kHeaderSize, bytes.data(), at.fragment);
    packet_->Strip(kHeaderSize);
    next_ = 1;
    return true;
  }

  // `head` becomes the packet in hand, and that one waits for its turn.
  void Swap(PacketPtr head) {
    pieces_[rank_].packet = packet_.release();
    packet_ = std::move(head);
  }

  // Everything in front of the packet in hand is in compact storage, and there
  // is room for it in that packet's own buffer.
  bool FitsInFront() {
    if (!packet_->IsOwned()) return false;
    front_ = compact_[pieces_[0].compact].header;
    for (const Piece& piece : pieces_.first(rank_)) {
      if (piece.compact == kNoHandle) return false;
      front_ += compact_[piece.compact].length();
    }
    return front_ + kSpareHeadroom <=
           packet_->headroom() + packet_->extensions().fragment + kHeaderSize;
  }
  bool BuildInFront() {
    packet_->Strip(packet_->extensions().fragment + kHeaderSize);
    const MutableBytes out = packet_->Prepend(front_);
    SX_CHECK(out.size() == front_);
    uint8_t* at = out.data();
    const auto put = [&at](Bytes bytes) {
      std::memcpy(at, bytes.data(), bytes.size());
      at += bytes.size();
    };
    const Handle first = pieces_[0].compact;
    put(compact_.whole(first).first(compact_[first].header));
    for (const Piece& piece : pieces_.first(rank_)) put(compact_.data(piece.compact));
    TakeMeta();
    next_ = rank_ + 1;
    return true;
  }

  bool BuildAnew() {
    PacketPtr head = core_.pool().Take();
    if (!head) return false;
    const Bytes whole = compact_.whole(pieces_[0].compact);
    const size_t headers = compact_[pieces_[0].compact].header;
    const Bytes data = compact_.data(pieces_[0].compact);
    Put(head->Append(headers), whole.first(headers));
    Put(head->Append(data.size()), data);
    Swap(std::move(head));
    TakeMeta();
    next_ = 1;
    return true;
  }
  static void Put(MutableBytes out, Bytes bytes) {
    SX_CHECK(out.size() == bytes.size());
    std::memcpy(out.data(), bytes.data(), bytes.size());
  }
  void TakeMeta() {
    const Handle first = pieces_[0].compact;
    compact_.RestoreMeta(first, *packet_);
    packet_->Writable()[packet_->extensions().last_next_header] =
        compact_.whole(first)[compact_[first].header];
  }

  bool AppendRest() {
    PacketChain chain(std::move(packet_));
    bool done = true;
    for (size_t i = next_; i < pieces_.size() && done; ++i) done = Append(chain, pieces_[i]);
    packet_ = chain.Take();
    return done;
  }
  bool Append(PacketChain& chain, Piece& piece) {
    if (piece.compact != kNoHandle) {
      return chain.Append(compact_.data(piece.compact), core_.pool());
    }
    Packet& packet = *piece.packet;
    const size_t headers = packet.extensions().fragment + kHeaderSize;
    const bool small = packet.length() < CompactStore::kShort && !packet.is_chained();
    if (small && chain.Append(packet.bytes().subspan(headers), core_.pool())) {
      core_.Absorb(PacketPtr(std::exchange(piece.packet, nullptr)));
      return true;
    }
    packet.Strip(headers);
    chain.Append(PacketPtr(std::exchange(piece.packet, nullptr)));
    return true;
  }

  CompactStore& compact_;
  const std::span<Piece> pieces_;
  const size_t rank_;
  PacketPtr& packet_;
  Core& core_;
  size_t next_ = 0;
  size_t front_ = 0;  // octets in front of the packet in hand
};

}  // namespace

bool Assemble(CompactStore& compact, std::span<Piece> pieces, size_t rank, PacketPtr& packet,
              Core& core) {
  const bool done = Assembler(compact, pieces, rank, packet, core).Run();
  // Also when it failed: the packet that is left is dropped for all of them.
  packet->meta().reassembled = true;
  packet->extensions().absorbed = static_cast<uint16_t>(pieces.size() - 1);
  return done;
}

}  // namespace sextant::ip6
