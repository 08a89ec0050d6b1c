#include "coordinator/web/request_head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

namespace oodml::coordinator::web {
namespace {

/// What some handler reads. Range is not among them: the library's reader of it is a regular expression.
constexpr std::array<std::string_view, 12> kKnown = {
    "accept-encoding", "authorization",  "connection", "content-length", "content-type", "cookie", "host",
    "if-none-match",   "sec-fetch-site", "origin",     "x-oodml-csrf",   "user-agent"};

using Headers = std::map<std::string, std::string_view>;

bool is_token_char(char c) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || kMarks.find(c) != kMarks.npos;
}

bool is_visible(char c) { return c > ' ' && c < '\x7f'; }

std::string lower(std::string_view text) {
  std::string small(text);
  for (char& c : small) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return small;
}

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string_view take_line(std::string_view& text) {
  const auto end = text.find("\r\n");
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 2);
  return line;
}

/// 0, or the status that refuses it.
int fault_of_request_line(std::string_view line) {
  const auto first = line.find(' '), last = line.rfind(' ');
  if (first == line.npos || first == last) return 400;
  const std::string_view method = line.substr(0, first), target = line.substr(first + 1, last - first - 1);
  const std::string_view version = line.substr(last + 1);
  if (target.size() > kMaxTargetBytes) return 414;
  if (!target.starts_with('/') || !std::all_of(target.begin(), target.end(), is_visible)) return 400;
  if (!version.starts_with("HTTP/")) return 400;
  if (version != "HTTP/1.1" && version != "HTTP/1.0") return 505;
  return method == "GET" || method == "HEAD" || method == "POST" ? 0 : 405;
}

int fault_of_header_line(std::string_view line, Headers& headers) {
  const auto colon = line.find(':');
  if (colon == line.npos || colon == 0) return 400;
  const std::string_view name = line.substr(0, colon), value = without_blanks(line.substr(colon + 1));
  if (!std::all_of(name.begin(), name.end(), is_token_char)) return 400;  // also a line that goes on the one before
  if (std::any_of(value.begin(), value.end(), [](char c) { return (c >= 0 && c < ' ' && c != '\t') || c == '\x7f'; })) {
    return 400;
  }
  const std::string key = lower(name);
  if (key == "transfer-encoding") return 411;
  if (key == "content-encoding") return 415;
  if (std::find(kKnown.begin(), kKnown.end(), key) == kKnown.end()) return 0;
  return headers.emplace(key, value).second ? 0 : 400;
}

/// The length that is said, or the status that refuses it.
std::expected<std::size_t, int> body_length(bool is_post, const Headers& headers) {
  const auto said = headers.find("content-length");
  if (said == headers.end()) return is_post ? std::expected<std::size_t, int>(std::unexpected(411)) : 0;
  const std::string_view digits = said->second;
  std::size_t bytes = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), bytes);
  if (parsed.ec == std::errc::result_out_of_range) return std::unexpected(413);
  if (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size()) return std::unexpected(400);
  if (bytes > kMaxBodyBytes) return std::unexpected(413);
  if (!is_post && bytes > 0) return std::unexpected(400);  // nobody would read it, and it is no request of its own
  return bytes;
}

}  // namespace

std::expected<RequestHead, int> check_head(std::string_view head) {
  RequestHead result;
  const std::string_view request = take_line(head);
  if (const int fault = fault_of_request_line(request); fault != 0) return std::unexpected(fault);
  Headers headers;
  std::size_t lines = 0;
  for (std::string_view line = take_line(head); !line.empty(); line = take_line(head)) {
    if (++lines > kMaxHeaderLines) return std::unexpected(431);
    if (const int fault = fault_of_header_line(line, headers); fault != 0) return std::unexpected(fault);
  }
  const bool is_new = request.ends_with("/1.1");
  if (is_new && !headers.contains("host")) return std::unexpected(400);
  const auto length = body_length(request.starts_with("POST "), headers);
  if (!length) return std::unexpected(length.error());
  result.body_bytes = *length;
  result.keeps_connection = is_new && lower(headers["connection"]) != "close";
  if (!result.keeps_connection) headers["connection"] = "close";
  // Brotli at the library's setting takes seconds for a long reply.
  const bool takes_gzip = headers["accept-encoding"].find("gzip") != std::string_view::npos;
  headers["accept-encoding"] = takes_gzip ? "gzip" : "";
  result.text = std::string(request) + "\r\n";
  for (const auto& [name, value] : headers) {
    if (!value.empty()) result.text += name + ": " + std::string(value) + "\r\n";
  }
  result.text += "\r\n";
  return result;
}

}  // namespace oodml::coordinator::web
