#include "core/connection/address.h"

#include <gtest/gtest.h>

namespace oodml {
namespace {

std::string refusal(const std::string& text) {
  const auto address = Address::parse(text);
  return address ? "accepted: " + address->text() : address.error().message();
}

constexpr const char* kWanted = "; HOST:PORT wanted, as in gpu1:7070, 10.0.0.5:7070 or [::1]:7070";

TEST(AddressTest, HostAndPortComeBack) {
  for (const char* text :
       {"127.0.0.1:7070", "[::1]:1", "[2001:db8::7]:65535", "gpu-1.lab:7070", "gpu_1:7070", "localhost:7070",
        "node7.:7070", "dns:7070", "unix:7070", "xn--gp-zka:7070", "[::ffff:10.0.0.1]:7070"}) {
    EXPECT_EQ(refusal(text), std::string("accepted: ") + text);
  }
}

TEST(AddressTest, WhatPeopleWriteInsteadIsNamed) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "empty"},
      {"https://gpu1:7070", "leave out 'https://' (TLS is spoken where an authority is given, --tls-ca)"},
      {"http://gpu1:7070/", "leave out 'http://' (TLS is spoken where an authority is given, --tls-ca)"},
      {"grpc://gpu1:7070", "leave out 'grpc://' (TLS is spoken where an authority is given, --tls-ca)"},
      {"dns:///gpu1:7070", "leave out 'dns:///' (TLS is spoken where an authority is given, --tls-ca)"},
      {"dns:gpu1:7070", "leave out 'dns:' (TLS is spoken where an authority is given, --tls-ca)"},
      {"ipv4:10.0.0.1:7070", "leave out 'ipv4:' (TLS is spoken where an authority is given, --tls-ca)"},
      {"unix:/run/oodml.sock", "leave out 'unix:' (TLS is spoken where an authority is given, --tls-ca)"},
      {"gpu1:7070/", "it has a path"},
      {"/run/oodml.sock", "it has a path"},
      {"me@gpu1:7070", "no user belongs in it"},
      {"gpu1:7070,gpu2:7070", "one address, not several"},
      {" gpu1:7070", "there is a space or an invisible character in it"},
      {"gpu1: 7070", "there is a space or an invisible character in it"},
      {"gpu1", "the port is missing"},
      {"gpu1:", "the port is missing"},
      {"10.0.0.1", "the port is missing"},
      {":7070", "the host is missing"},
      {"7070", "the port is missing"},
      {"gpu1:0", "a port is a number from 1 to 65535"},
      {"gpu1:65536", "a port is a number from 1 to 65535"},
      {"gpu1:70700000000000000000", "a port is a number from 1 to 65535"},
      {"gpu1:-1", "'-1' is no port number"},
      {"gpu1:http", "'http' is no port number"},
      {"gpu1:0x1b9e", "'0x1b9e' is no port number"},
      {"gpu1:7070:7071", "it has more than one colon"},
      {"::1:7070", "an IPv6 address stands in brackets, as in [::1]:7070"},
      {"::1", "an IPv6 address stands in brackets, as in [::1]:7070"},
      {"2001:db8::7:7070", "an IPv6 address stands in brackets, as in [2001:db8::7]:7070"},
      {"[::1]", "the port is missing"},
      {"[::1]7070", "a colon and the port follow the bracket"},
      {"[::1:7070", "the bracket is not closed"},
      {"[]:7070", "'' is no IPv6 address, and only those stand in brackets"},
      {"[gpu1]:7070", "'gpu1' is no IPv6 address, and only those stand in brackets"},
      {"[127.0.0.1]:7070", "'127.0.0.1' is no IPv6 address, and only those stand in brackets"},
      {"[fe80::1%eth0]:7070", "an IPv6 address with a zone is not taken; name the host"},
      {"127.1:7070", "neither an IPv4 address of four numbers nor a host name"},
      {"2130706433:7070", "neither an IPv4 address of four numbers nor a host name"},
      {"0x7f000001:7070", "neither an IPv4 address of four numbers nor a host name"},
      {"10.0.0.256:7070", "neither an IPv4 address of four numbers nor a host name"},
      {"gpu..lab:7070", "the host name has an empty or too long part"},
      {"gpu*:7070", "a host name has no '*'"},
      {"gp\xc3\xbc:7070", "a host name is ASCII here; write an international one in its xn-- form"},
      {"0.0.0.0:7070", "a coordinator listens on 0.0.0.0, but is reached by its host's name or address"},
      {"[::]:7070", "a coordinator listens on ::, but is reached by its host's name or address"},
  };
  for (const auto& [text, why] : cases) {
    EXPECT_EQ(refusal(text), "'" + text + "': " + why + kWanted);
  }
  EXPECT_NE(refusal("gpu1:7070\r").find("'gpu1:7070\\x0d': there is a space"), std::string::npos)
      << refusal("gpu1:7070\r");
  EXPECT_LT(refusal(std::string(100'000, 'x')).size(), 400u);
}

TEST(AddressTest, LoopbackIsDecidedByTheAddressAndNotByItsLook) {
  for (const char* text :
       {"127.0.0.1:1", "127.9.9.9:1", "[::1]:1", "[0:0:0:0:0:0:0:1]:1", "[::ffff:127.0.0.1]:1", "localhost:1"}) {
    EXPECT_TRUE(Address::parse(text)->is_loopback()) << text;
  }
  for (const char* text : {"127.evil.example:1", "127.0.0.1.lab:1", "localhost.example:1", "10.0.0.1:1", "128.0.0.1:1",
                           "[::ffff:10.0.0.1]:1", "[2001:db8::1]:1"}) {
    ASSERT_TRUE(Address::parse(text).has_value()) << text;
    EXPECT_FALSE(Address::parse(text)->is_loopback()) << text;
  }
}

TEST(AddressTest, AListenerMayTakeAFreePortAndEveryAddress) {
  for (const char* text : {"127.0.0.1:0", "0.0.0.0:7070", "[::]:0", "gpu1:7070"}) {
    const auto address = Address::parse_listening(text);
    ASSERT_TRUE(address.has_value()) << address.error().text();
    EXPECT_EQ(address->text(), text);
  }
  EXPECT_EQ(Address::parse_listening("localhost:7070")->text(), "127.0.0.1:7070");
  EXPECT_FALSE(Address::parse_listening("0.0.0.0:0")->is_loopback());
  EXPECT_FALSE(Address::parse_listening("[::]:0")->is_loopback());
  for (const char* text : {":7070", "*:7070"}) {
    const auto address = Address::parse_listening(text);
    ASSERT_FALSE(address.has_value());
    EXPECT_NE(address.error().message().find("0.0.0.0 or [::] stands for every address"), std::string::npos);
  }
  EXPECT_FALSE(Address::parse_listening("https://gpu1:7070").has_value());
  EXPECT_NE(Address::parse_listening("::1:7070").error().message().find("as in [::1]:7070;"), std::string::npos);
}

}  // namespace
}  // namespace oodml
