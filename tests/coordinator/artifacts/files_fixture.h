#pragma once

#include <string>
#include <vector>

#include "coordinator/service/artifacts.h"
#include "coordinator/service/selections.h"
#include "core/base/sha256.h"
#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {

/// A service with what a worker does to leave files.
class FilesTest : public ServiceTest {
 protected:
  Uploads& uploads() { return service->uploads(); }
  Artifacts& artifacts() { return service->artifacts(); }

  static ContentName content(const std::string& bytes) {
    return {.sha256 = sha256_hex(bytes), .bytes = static_cast<std::int64_t>(bytes.size())};
  }
  static job::StoredFile file(const std::string& path, const std::string& bytes, job::FileKind kind,
                              std::int64_t epoch = 0) {
    const ContentName name = content(bytes);
    return {.path = path, .kind = kind, .epoch = epoch, .sha256 = name.sha256, .bytes = name.bytes, .stored = {}};
  }

  Status put(const job::Lease& lease, const std::string& bytes) {
    return detail::status_of(uploads().put(lease, content(bytes), 0, bytes));
  }
  Status publish(const job::Lease& lease, const std::vector<job::StoredFile>& files) {
    Answer<std::monostate> answer;
    uploads().publish(lease, files, answer.reply());
    return detail::status_of(answer.get());
  }
  /// A checkpoint of one file, uploaded and published.
  Status leave_checkpoint(const job::Lease& lease, const std::string& name, std::int64_t epoch) {
    const std::string bytes = "checkpoint " + name + " of attempt " + std::to_string(lease.attempt);
    OODML_RETURN_IF_ERROR(put(lease, bytes));
    return publish(lease,
                   {file("checkpoints/" + name + "/network.safetensors", bytes, job::FileKind::kCheckpoint, epoch)});
  }
  /// "ATTEMPT:PATH" of all that the trial has.
  std::vector<std::string> paths(TrialId trial) {
    std::vector<std::string> list;
    const auto page = artifacts().list({.trial = trial});
    EXPECT_TRUE(page) << page.error().text();
    for (const TrialFilesView& view : page->trials) {
      for (const job::StoredFile& file : view.files) list.push_back(std::to_string(view.attempt) + ":" + file.path);
    }
    return list;
  }
  OutputPiece output(const OutputQuery& query) {
    Answer<OutputPiece> answer;
    const auto pending = artifacts().read_output(query, answer.reply());
    auto piece = answer.get();
    EXPECT_TRUE(piece) << piece.error().text();
    return piece.value_or(OutputPiece{});
  }
};

}  // namespace oodml::coordinator::testing
