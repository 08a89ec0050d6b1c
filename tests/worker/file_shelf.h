#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "core/base/sha256.h"
#include "core/job/lease.h"
#include "worker/coordinator_client.h"

namespace oodml::testing {

/// The files that a coordinator in memory has; breaks off where a test says so. Not safe from several threads.
class FileShelf {
 public:
  /// Contents by hash, as far as they have come; a partial one is under its hash too.
  std::map<std::string, std::string> contents;
  std::map<LeaseId, std::vector<std::vector<job::StoredFile>>> published;
  struct Output {
    std::string text;
    bool over = false;
  };
  std::map<LeaseId, Output> outputs;
  int chunks = 0;
  /// Offers and chunks are answered with this.
  Status refusal;
  std::int64_t most_of_a_take = 1 << 20;

  Result<worker::ContentState> offer(const std::string& sha256, std::int64_t bytes) {
    if (!refusal.ok()) return failure(refusal);
    return state_of(sha256, bytes);
  }
  Result<worker::ContentState> put(const worker::ContentChunk& chunk) {
    if (!refusal.ok()) return failure(refusal);
    ++chunks;
    std::string& content = contents[chunk.sha256];
    if (chunk.offset == static_cast<std::int64_t>(content.size())) content += chunk.data;
    if (static_cast<std::int64_t>(content.size()) == chunk.bytes && sha256_hex(content) != chunk.sha256) {
      contents.erase(chunk.sha256);
      return failure(StatusCode::kDataLoss, "the content does not have its hash");
    }
    return state_of(chunk.sha256, chunk.bytes);
  }
  Result<bool> publish(const LeaseId& lease, const std::vector<job::StoredFile>& files) {
    for (const job::StoredFile& file : files) {
      if (!state_of(file.sha256, file.bytes).whole) return failed_precondition(file.path + " is not whole");
    }
    published[lease].push_back(files);
    return true;
  }
  Result<std::int64_t> append(const LeaseId& lease, std::int64_t offset, std::string_view data, bool over) {
    Output& output = outputs[lease];
    const auto have = static_cast<std::int64_t>(output.text.size());
    if (offset <= have && offset + std::ssize(data) > have) output.text += data.substr(have - offset);
    output.over = output.over || over;
    return static_cast<std::int64_t>(output.text.size());
  }
  Result<std::string> take(const std::string& sha256, std::int64_t offset) {
    if (!refusal.ok()) return failure(refusal);
    const auto found = contents.find(sha256);
    if (found == contents.end()) return not_found("no such content");
    const auto from = std::min<std::size_t>(offset, found->second.size());
    return found->second.substr(from, most_of_a_take);
  }

 private:
  worker::ContentState state_of(const std::string& sha256, std::int64_t bytes) const {
    const auto found = contents.find(sha256);
    const std::int64_t present = found == contents.end() ? 0 : std::ssize(found->second);
    return {.present = present, .whole = found != contents.end() && present == bytes};
  }
};

}  // namespace oodml::testing
