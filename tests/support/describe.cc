// SPDX-License-Identifier: BSD-3-Clause
// Any thread.
#include "support/describe.h"

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <iterator>

#include "support/frames.h"

namespace sextant::test {
namespace {

std::string Hex(unsigned value, int digits) {
  char text[16];
  std::snprintf(text, sizeof text, "0x%0*x", digits, value);
  return text;
}

std::string Number(size_t value) { return std::to_string(value); }
Ipv6Address AddressAt(Bytes at, size_t offset) {
  return Ipv6Address(at.subspan(offset).first<16>());
}
std::string IpAt(Bytes at, size_t offset) { return AddressAt(at, offset).ToString(); }
std::string MacAt(Bytes at, size_t offset) {
  return MacAddress(at.subspan(offset).first<6>()).ToString();
}

// What is being described: the pseudo-header's facts beside the text so far.
struct Reader {
  Ipv6Address source;
  Ipv6Address destination;
  bool partial = false;  // a first fragment: lengths and sums are of the whole datagram
  bool quoted = false;   // inside an error message: it may be cut short, which is not wrong
  std::string text;

  void Say(const std::string& word) { text += ' ' + word; }
  void SayPayload(Bytes payload);
  void Packet(Bytes packet);
  void Upper(uint8_t next_header, Bytes rest);
  Bytes Extension(uint8_t type, Bytes header);
  void Udp(Bytes message);
  void Icmp6(Bytes message);
  void Icmp6Error(uint8_t type, uint8_t code, Bytes message);
  void Neighbor(const char* name, Bytes message);
  void NdOptions(Bytes options);
  void MldReport(Bytes message);
  void CheckSum(uint8_t next_header, Bytes message, size_t offset);
};

std::string Named(uint8_t code, std::initializer_list<const char*> names) {
  return code < names.size() ? std::data(names)[code] : "code " + Number(code);
}

void Reader::SayPayload(Bytes payload) {
  const bool printable = std::ranges::all_of(payload, [](uint8_t c) { return std::isprint(c); });
  if (payload.empty() || payload.size() > 64 || !printable) {
    Say("len " + Number(payload.size()));
  } else {
    Say('"' + std::string(payload.begin(), payload.end()) + '"');
  }
}

void Reader::CheckSum(uint8_t next_header, Bytes message, size_t offset) {
  if (quoted || partial) return;
  const uint16_t found = Load16(message, offset);
  Frame zeroed = Poke16(Frame(message.begin(), message.end()), offset, 0);
  if (found == UpperChecksum(source, destination, next_header, zeroed)) return;
  Say(found == 0 && next_header == 17 ? "NO-CHECKSUM" : "BAD-CHECKSUM");
}

void Reader::Udp(Bytes message) {
  Say("udp");
  if (message.size() < 8) return Say("TRUNCATED");
  Say(Number(Load16(message, 0)) + " > " + Number(Load16(message, 2)));
  const size_t length = Load16(message, 4);
  if (quoted || partial) return SayPayload(message.subspan(8));
  if (length < 8 || length > message.size()) return Say("LENGTH " + Number(length));
  SayPayload(message.subspan(8, length - 8));
  CheckSum(17, message.first(length), 6);
}

void Reader::NdOptions(Bytes options) {
  while (!options.empty()) {
    const size_t length = options.size() < 2 ? 0 : size_t{8} * options[1];
    if (length == 0 || length > options.size()) return Say("BAD-OPTION");
    switch (options[0]) {
      case 1:
        Say("slla " + MacAt(options, 2));
        break;
      case 2:
        Say("tlla " + MacAt(options, 2));
        break;
      case 14:
        Say("nonce");
        break;
      default:
        Say("option " + Number(options[0]));
    }
    options = options.subspan(length);
  }
}

void Reader::Neighbor(const char* name, Bytes message) {
  Say(name);
  if (message.size() < 24) return Say("TRUNCATED");
  Say("target " + IpAt(message, 8));
  if (message[0] == 136) {
    Say(std::string("R=") + (message[4] & 0x80 ? '1' : '0') +
        " S=" + (message[4] & 0x40 ? '1' : '0') + " O=" + (message[4] & 0x20 ? '1' : '0'));
  }
  NdOptions(message.subspan(24));
}

void Reader::MldReport(Bytes message) {
  Say("mldv2-report");
  size_t records = Load16(message, 6);
  Bytes rest = message.subspan(8);
  for (; records > 0; --records) {
    if (rest.size() < 20) return Say("TRUNCATED");
    const size_t sources = Load16(rest, 2);
    const size_t size = 20 + 16 * sources + size_t{4} * rest[1];
    Say(Named(rest[0], {"record 0", "is-include", "is-exclude", "to-include", "to-exclude", "allow",
                        "block"}) +
        ' ' + IpAt(rest, 4));
    if (size > rest.size()) return Say("TRUNCATED");
    for (size_t i = 0; i < sources; ++i) Say("source " + IpAt(rest, 20 + 16 * i));
    rest = rest.subspan(size);
  }
  if (!rest.empty()) Say("TRAILING " + Number(rest.size()));
}

void Reader::Icmp6Error(uint8_t type, uint8_t code, Bytes message) {
  const uint32_t word = Load32(message, 4);
  if (type == 1) {
    Say("unreachable " + Named(code, {"no-route", "prohibited", "beyond-scope", "address", "port",
                                      "policy", "reject-route"}));
  } else if (type == 2) {
    Say("too-big mtu " + Number(word));
  } else if (type == 3) {
    Say("time-exceeded " + Named(code, {"hop-limit", "reassembly"}));
  } else if (type == 4) {
    Say("parameter-problem " + Named(code, {"field", "next-header", "option", "chain"}) +
        " pointer " + Number(word));
  } else {
    Say("error " + Number(type) + " code " + Number(code));
  }
  Reader inner;
  inner.quoted = true;
  inner.Packet(message.subspan(8));
  Say('(' + inner.text + ')');
}

void Reader::Icmp6(Bytes message) {
  Say("icmp6");
  if (message.size() < 8) return Say("TRUNCATED");
  const uint8_t type = message[0];
  if (type < 128) {
    Icmp6Error(type, message[1], message);
  } else if (type == 128 || type == 129) {
    Say(type == 128 ? "echo-request" : "echo-reply");
    Say("id " + Number(Load16(message, 4)) + " seq " + Number(Load16(message, 6)));
    SayPayload(message.subspan(8));
  } else if (type == 135 || type == 136) {
    Neighbor(type == 135 ? "ns" : "na", message);
  } else if (type == 143) {
    MldReport(message);
  } else if (type >= 130 && type <= 132 && message.size() == 24) {
    Say(Named(static_cast<uint8_t>(type - 130), {"mld-query", "mld-report", "mld-done"}) + ' ' +
        IpAt(message, 8));
  } else {
    Say("type " + Number(type) + " code " + Number(message[1]) + " len " +
        Number(message.size() - 4));
  }
  if (type >= 128 && message[1] != 0) Say("CODE " + Number(message[1]));
  CheckSum(58, message, 2);
}

// Says what the extension header is, and returns what follows it.
Bytes Reader::Extension(uint8_t type, Bytes header) {
  const size_t size = header.size() < 8 ? 0 : type == 44 ? 8 : (header[1] + size_t{1}) * 8;
  Say(type == 0 ? "hop-by-hop" : type == 43 ? "routing" : type == 44 ? "fragment" : "options");
  if (size == 0 || size > header.size()) {
    Say("TRUNCATED");
    return {};
  }
  if (type == 0 && header[2] == 5) Say("router-alert " + Number(Load16(header, 4)));
  if (type == 44) {
    Say(Number(Load16(header, 2) & 0xfff8U) + (header[3] & 1 ? " more" : " last"));
  }
  return header.subspan(size);
}

void Reader::Upper(uint8_t next_header, Bytes rest) {
  while (next_header == 0 || next_header == 43 || next_header == 44 || next_header == 60) {
    const Bytes after = Extension(next_header, rest);
    if (after.data() == nullptr) return;
    const bool later_fragment = next_header == 44 && (Load16(rest, 2) & 0xfff8) != 0;
    if (next_header == 44 && (rest[3] & 1) != 0) partial = true;
    next_header = rest[0];
    rest = after;
    if (later_fragment) return Say("len " + Number(rest.size()));
  }
  if (next_header == 17) return Udp(rest);
  if (next_header == 58) return Icmp6(rest);
  if (next_header == 59) return Say("none len " + Number(rest.size()));
  Say("next-header " + Number(next_header) + " len " + Number(rest.size()));
}

void Reader::Packet(Bytes packet) {
  if (packet.size() < 40) return Say("TRUNCATED len " + Number(packet.size()));
  if (packet[0] >> 4 != 6) return Say("VERSION " + Number(packet[0] >> 4));
  source = AddressAt(packet, 8);
  destination = AddressAt(packet, 24);
  text = source.ToString() + " > " + destination.ToString();
  Say("hl " + Number(packet[7]));
  const unsigned traffic_class = Load16(packet, 0) >> 4 & 0xff;
  const unsigned flow_label = Load32(packet, 0) & 0xfffff;
  if (traffic_class != 0) Say("class " + Hex(traffic_class, 2));
  if (flow_label != 0) Say("flow " + Hex(flow_label, 5));

  const size_t length = Load16(packet, 4);
  const Bytes rest = packet.subspan(40);
  if (length > rest.size() && !quoted) return Say("TRUNCATED length " + Number(length));
  Upper(packet[6], rest.first(std::min(length, rest.size())));
  if (rest.size() > length) Say("TRAILING " + Number(rest.size() - length));
}

}  // namespace

std::string DescribeIp6(Bytes packet) {
  Reader reader;
  reader.Packet(packet);
  if (!reader.text.empty() && reader.text[0] == ' ') reader.text.erase(0, 1);
  return reader.text;
}

std::string Describe(Bytes frame) {
  if (frame.size() < 14) return "TRUNCATED frame len " + Number(frame.size());
  const uint16_t type = Load16(frame, 12);
  if (type == 0x86dd) return DescribeIp6(frame.subspan(14));
  return "ethertype " + Hex(type, 4) + " len " + Number(frame.size() - 14);
}

std::string DescribeLink(Bytes frame) {
  if (frame.size() < 14) return Describe(frame);
  return MacAt(frame, 6) + " > " + MacAt(frame, 0) + " | " + Describe(frame);
}

}  // namespace sextant::test
