#include "core/connection/token_file.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "core/base/private_file.h"

namespace oodml {
namespace {

constexpr std::uint64_t kMaxTokenFileBytes = 4096;

std::string trimmed(const std::string& text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  return first == text.npos ? "" : text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

}  // namespace

Result<std::string> checked_token(const std::string& text, const std::string& where) {
  std::string token = trimmed(text);
  if (token.empty()) return invalid_argument(where + " holds no token");
  if (token.find_first_of(" \t\r\n") != token.npos) {
    return invalid_argument(where +
                            " holds more than one word; the token alone is wanted (a coordinator's --tokens file is "
                            "another thing)");
  }
  const bool printable_only = std::ranges::all_of(token, [](char c) { return c > ' ' && c <= '~'; });
  if (!printable_only) return invalid_argument(where + " holds no token: printable ASCII characters are wanted");
  return token;
}

Result<std::string> read_token_file(const std::filesystem::path& file, const std::string& where) {
  Result<std::string> text = read_private_file(file, kMaxTokenFileBytes, where + ": token file");
  if (!text) {
    const bool denied = text.error().code() == StatusCode::kPermissionDenied;
    return failure(denied ? StatusCode::kPermissionDenied : StatusCode::kInvalidArgument, text.error().message());
  }
  return checked_token(*text, where + ": " + file.string());
}

HeldToken::HeldToken(std::string token, std::filesystem::path file, Said said)
    : file_(std::move(file)), said_(std::move(said)), token_(std::move(token)) {}

std::string HeldToken::get() const {
  const std::lock_guard lock(mutex_);
  if (file_.empty()) return token_;
  // Before the reading: a change under it is seen the next time.
  const std::optional<FileStamp> present = file_stamp(file_);
  if (present == std::exchange(seen_, present)) return token_;
  const Result<std::string> read = read_token_file(file_, "--token-file");
  if (read && *read == token_) return token_;
  if (read) token_ = *read;
  if (said_) said_(detail::status_of(read));
  return token_;
}

}  // namespace oodml
