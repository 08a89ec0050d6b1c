#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

namespace oodml::coordinator::web {

inline constexpr std::size_t kMaxHeadBytes = 16 * 1024;
inline constexpr std::size_t kMaxTargetBytes = 2048;
inline constexpr std::size_t kMaxHeaderLines = 64;
inline constexpr std::size_t kMaxBodyBytes = 2 * 1024 * 1024;

/// The head of a request as the HTTP library is to see it: the headers that we use and no others, each once.
struct RequestHead {
  std::string text;            ///< With the empty line at its end.
  std::size_t body_bytes = 0;  ///< What follows it, at most kMaxBodyBytes.
  bool keeps_connection = true;
};

/// Checks a head, from its request line to the empty line. The error is the HTTP status that refuses it: 400 for what
/// is no HTTP/1.x request or says a thing twice, 405 for methods but GET, HEAD and POST, 411 for a POST without its
/// length or in chunks, 413, 414, 415 for a compressed body, 431, 505. Strict, because what two readers of a request
/// understand differently is how one is smuggled past the other.
std::expected<RequestHead, int> check_head(std::string_view head);

}  // namespace oodml::coordinator::web
