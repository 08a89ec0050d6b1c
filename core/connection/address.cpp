#include "core/connection/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "core/base/printable.h"

namespace oodml {
namespace {

constexpr std::size_t kMaxHostBytes = 253, kMaxLabelBytes = 63;
constexpr std::size_t kShownBytes = 120;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool is_ipv4(const std::string& host) {
  in_addr ignored{};
  return ::inet_pton(AF_INET, host.c_str(), &ignored) == 1;
}

bool is_ipv6(const std::string& host) {
  in6_addr ignored{};
  return ::inet_pton(AF_INET6, host.c_str(), &ignored) == 1;
}

/// A finding; what would be accepted stands behind all of them.
Failure refused(std::string_view text, const std::string& why) {
  return invalid_argument("'" + printable(text, kShownBytes) + "': " + why +
                          "; HOST:PORT wanted, as in gpu1:7070, 10.0.0.5:7070 or [::1]:7070");
}

/// The beginning of a URL or of one of gRPC's own names, for texts that were copied with it.
std::optional<std::string> scheme_of(std::string_view text) {
  if (const auto colon = text.find("://"); colon != std::string_view::npos) {
    return std::string(text.substr(0, text.find_first_not_of('/', colon + 1)));
  }
  for (const std::string_view scheme :
       {"dns:", "unix:", "unix-abstract:", "ipv4:", "ipv6:", "vsock:", "xds:", "passthrough:"}) {
    // A host may have such a name: dns:7070.
    const std::string_view rest = text.starts_with(scheme) ? text.substr(scheme.size()) : "";
    if (rest.find_first_not_of("0123456789") != std::string_view::npos) return std::string(scheme);
  }
  return std::nullopt;
}

/// Why `host` is no name that could be looked up; empty: it is one.
std::string fault_of_name(std::string_view host) {
  if (host.size() > kMaxHostBytes) return "a host name has at most " + std::to_string(kMaxHostBytes) + " characters";
  std::string_view rest = host.ends_with('.') ? host.substr(0, host.size() - 1) : host;
  std::string_view label;
  while (true) {
    const auto dot = std::min(rest.find('.'), rest.size());
    label = rest.substr(0, dot);
    if (label.empty() || label.size() > kMaxLabelBytes) return "the host name has an empty or too long part";
    const auto fits = [](char c) { return is_digit(c) || is_letter(c) || c == '-' || c == '_'; };
    const auto strange = std::ranges::find_if_not(label, fits);
    if (strange != label.end()) {
      const bool ascii = static_cast<unsigned char>(*strange) < 0x80;
      return ascii ? "a host name has no '" + printable(std::string(1, *strange)) + "'"
                   : "a host name is ASCII here; write an international one in its xn-- form";
    }
    if (dot == rest.size()) break;
    rest.remove_prefix(dot + 1);
  }
  // Resolvers read such texts as numbers: 127.1 and 2130706433 are 127.0.0.1 to them.
  const bool number = std::ranges::all_of(label, is_digit) || label.starts_with("0x") || label.starts_with("0X");
  return number ? "neither an IPv4 address of four numbers nor a host name" : "";
}

/// What is wrong with the text as a whole; nothing where host and port can be looked at.
std::optional<std::string> fault_of_form(std::string_view text) {
  if (text.empty()) return "empty";
  if (std::ranges::any_of(text, [](unsigned char c) { return c <= ' ' || c == 0x7f; })) {
    return "there is a space or an invisible character in it";
  }
  if (const auto scheme = scheme_of(text)) {
    return "leave out '" + printable(*scheme) + "' (TLS is spoken where an authority is given, --tls-ca)";
  }
  if (text.find_first_of("/?#\\") != std::string_view::npos) return "it has a path";
  if (text.find('@') != std::string_view::npos) return "no user belongs in it";
  if (text.find(',') != std::string_view::npos) return "one address, not several";
  return std::nullopt;
}

struct Parts {
  std::string host;
  std::string_view port;
  bool bracketed = false;
};

Result<Parts> parts_of(std::string_view text) {
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos) return refused(text, "the bracket is not closed");
    const std::string host(text.substr(1, end - 1));
    if (host.find('%') != std::string::npos) {
      return refused(text, "an IPv6 address with a zone is not taken; name the host");
    }
    if (!is_ipv6(host)) {
      return refused(text, "'" + printable(host) + "' is no IPv6 address, and only those stand in brackets");
    }
    if (end + 1 == text.size()) return refused(text, "the port is missing");
    if (text[end + 1] != ':') return refused(text, "a colon and the port follow the bracket");
    return Parts{host, text.substr(end + 2), true};
  }
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos) return refused(text, "the port is missing");
  Parts parts{std::string(text.substr(0, colon)), text.substr(colon + 1)};
  if (parts.host.empty()) return refused(text, "the host is missing");
  if (parts.host.find(':') == std::string::npos) return parts;
  // ::1:7070 is an address as well, but somebody who writes it means a port.
  const std::string meant = is_ipv6(parts.host)          ? "[" + parts.host + "]:" + std::string(parts.port)
                            : is_ipv6(std::string(text)) ? "[" + std::string(text) + "]:7070"
                                                         : "";
  if (!meant.empty()) return refused(text, "an IPv6 address stands in brackets, as in " + meant);
  return refused(text, "it has more than one colon");
}

Result<int> port_of(std::string_view text, std::string_view digits, int smallest) {
  if (digits.empty()) return refused(text, "the port is missing");
  if (!std::ranges::all_of(digits, is_digit))
    return refused(text, "'" + printable(digits, kShownBytes) + "' is no port number");
  int port = 65536;
  if (digits.size() <= 5) std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (port >= smallest && port <= 65535) return port;
  return refused(text, "a port is a number from " + std::to_string(smallest) + " to 65535");
}

Result<Address> parse_from(std::string_view text, int smallest_port) {
  if (const auto fault = fault_of_form(text)) return refused(text, *fault);
  OODML_ASSIGN_OR_RETURN(const Parts parts, parts_of(text));
  if (!parts.bracketed && !is_ipv4(parts.host)) {
    if (const std::string fault = fault_of_name(parts.host); !fault.empty()) return refused(text, fault);
  }
  OODML_ASSIGN_OR_RETURN(const int port, port_of(text, parts.port, smallest_port));
  return Address{.host = parts.host, .port = port};
}

bool is_unspecified(const std::string& host) {
  in6_addr v6{};
  return host == "0.0.0.0" || (::inet_pton(AF_INET6, host.c_str(), &v6) == 1 && IN6_IS_ADDR_UNSPECIFIED(&v6));
}

}  // namespace

Result<Address> Address::parse(std::string_view text) {
  OODML_ASSIGN_OR_RETURN(Address address, parse_from(text, 1));
  if (is_unspecified(address.host)) {
    return refused(text, "a coordinator listens on " + address.host + ", but is reached by its host's name or address");
  }
  return address;
}

Result<Address> Address::parse_listening(std::string_view text) {
  if ((text.starts_with(':') && !text.starts_with("::")) || text.starts_with("*:")) {
    return refused(text, "the host is missing; 0.0.0.0 or [::] stands for every address of this machine");
  }
  OODML_ASSIGN_OR_RETURN(Address address, parse_from(text, 0));
  if (address.host == "localhost") address.host = "127.0.0.1";
  return address;
}

std::string Address::text() const {
  const bool ipv6 = host.find(':') != std::string::npos;
  return (ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

bool Address::is_loopback() const {
  if (host == "localhost") return true;
  in_addr v4{};
  if (::inet_pton(AF_INET, host.c_str(), &v4) == 1) return (ntohl(v4.s_addr) >> 24) == 127;
  in6_addr v6{};
  if (::inet_pton(AF_INET6, host.c_str(), &v6) != 1) return false;
  return IN6_IS_ADDR_LOOPBACK(&v6) || (IN6_IS_ADDR_V4MAPPED(&v6) && v6.s6_addr[12] == 127);
}

}  // namespace oodml
