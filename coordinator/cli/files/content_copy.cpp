#include "coordinator/cli/files/content_copy.h"

#include <charconv>
#include <optional>
#include <sstream>
#include <system_error>

#include "core/base/atomic_file.h"
#include "core/base/private_file.h"

namespace oodml::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDigits = 64;

bool is_sha256(const std::string& text) {
  return text.size() == kDigits && text.find_first_not_of("0123456789abcdef") == std::string::npos;
}

std::optional<Content> content_of(const std::string& line) {
  const std::size_t space = line.find(' ');
  if (space == std::string::npos) return std::nullopt;
  Content content{.sha256 = line.substr(0, space)};
  const char* const end = line.data() + line.size();
  const auto read = std::from_chars(line.data() + space + 1, end, content.bytes);
  const bool is_whole = read.ec == std::errc() && read.ptr == end && content.bytes >= 0 && is_sha256(content.sha256);
  return is_whole ? std::optional(content) : std::nullopt;
}

bool is_there(const fs::path& file, const Content& content) {
  std::error_code error;
  return fs::is_regular_file(fs::symlink_status(file, error)) &&
         static_cast<std::int64_t>(fs::file_size(file, error)) == content.bytes && !error;
}

}  // namespace

Result<std::vector<Content>> parse_contents(const std::string& text) {
  std::vector<Content> contents;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    const auto content = content_of(line);
    if (!content) return invalid_argument("a line that is no SHA-256 and size of a content: " + line.substr(0, 200));
    contents.push_back(*content);
  }
  return contents;
}

Result<ContentCopy> copy_contents(ArtifactClient& client, const std::vector<Content>& contents, const fs::path& folder,
                                  const Came& came) {
  OODML_RETURN_IF_ERROR(make_folders(folder));
  OODML_RETURN_IF_ERROR(detail::status_of(make_private(folder)));
  ContentCopy copy;
  for (const Content& content : contents) {
    const fs::path place = fs::path("content") / content.sha256.substr(0, 2) / content.sha256;
    if (is_there(folder / place, content)) {
      ++copy.there;
      OODML_RETURN_IF_ERROR(came(content.bytes));
      continue;
    }
    v1::ReadContentRequest request;
    request.set_sha256(content.sha256);
    const auto read = [&](std::int64_t offset) {
      request.set_offset(offset);
      return client.read_content(request);
    };
    const ChosenFile wanted{.file = {.sha256 = content.sha256, .bytes = content.bytes}, .to = place};
    const Result<bool> done = download(read, folder, wanted, came);
    if (!done && done.error().code() == StatusCode::kNotFound) {
      copy.lacking.push_back(content.sha256);
      continue;
    }
    if (!done) return failure(done.error());
    std::error_code error;
    fs::permissions(folder / place, fs::perms::owner_read | fs::perms::owner_write, error);
    if (error) return system_failure("make " + (folder / place).string() + " private", error.value());
    ++copy.copied;
    copy.copied_bytes += content.bytes;
  }
  return copy;
}

}  // namespace oodml::cli
