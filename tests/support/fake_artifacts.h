#pragma once

#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "coordinator/service/artifacts.h"
#include "coordinator/service/scripts.h"
#include "coordinator/service/selections.h"

namespace oodml::testing {

/// Answers what the test's functions say; outputs that have nothing wait until they are cancelled.
class FakeArtifacts final : public coordinator::Artifacts {
 public:
  std::function<Result<coordinator::FilesPage>(const coordinator::FileSelection&)> on_list;
  std::function<Result<coordinator::ContentChunk>(TrialId, const std::string&, std::int64_t)> on_read;
  std::function<Result<coordinator::OutputPiece>(const coordinator::OutputQuery&)> on_output;

  Result<coordinator::FilesPage> list(const coordinator::FileSelection& wanted) override { return on_list(wanted); }
  Result<coordinator::ContentChunk> read(TrialId trial, const std::string& sha256, std::int64_t offset) override {
    return on_read(trial, sha256, offset);
  }
  Result<coordinator::ContentChunk> read_content(const std::string& sha256, std::int64_t offset) override {
    return on_read({}, sha256, offset);
  }
  std::shared_ptr<coordinator::Pending> read_output(const coordinator::OutputQuery& query,
                                                    coordinator::Reply<coordinator::OutputPiece> reply) override {
    Result<coordinator::OutputPiece> piece = on_output(query);
    const bool waits = piece && piece->data.empty() && !piece->over && query.wait > Duration(0);
    if (!waits) reply(std::move(piece));
    return std::make_shared<Waiting>(waits ? std::move(reply) : nullptr);
  }

 private:
  struct Waiting final : coordinator::Pending {
    explicit Waiting(coordinator::Reply<coordinator::OutputPiece> reply) : reply(std::move(reply)) {}
    void cancel() override {
      if (const auto once = std::exchange(reply, nullptr)) once(coordinator::OutputPiece{});
    }
    coordinator::Reply<coordinator::OutputPiece> reply;
  };
};

/// Files of code in memory, by SHA-256; no check of what is in them.
class FakeScripts final : public coordinator::ScriptFiles {
 public:
  std::map<std::string, std::string> contents;
  std::vector<std::int64_t> puts;  ///< The offsets at which bytes came.

  Result<coordinator::ContentPresence> offer(const coordinator::ContentName& content) override {
    const std::int64_t present = std::ssize(contents[content.sha256]);
    return coordinator::ContentPresence{.present = present, .whole = present == content.bytes};
  }
  Result<coordinator::ContentPresence> put(const coordinator::ContentName& content, std::int64_t offset,
                                           std::string_view data) override {
    std::string& bytes = contents[content.sha256];
    puts.push_back(offset);
    if (offset == std::ssize(bytes)) bytes += data;
    return offer(content);
  }
  Result<std::int64_t> hold(const std::string& sha256) override {
    const auto found = contents.find(sha256);
    if (found == contents.end()) return not_found("content " + sha256);
    return std::ssize(found->second);
  }
};

/// Answers what the test's functions say.
class FakeUploads final : public coordinator::Uploads {
 public:
  std::function<Result<coordinator::ContentPresence>(const job::Lease&, const coordinator::ContentName&)> on_offer;
  std::function<Result<coordinator::ContentPresence>(const job::Lease&, const coordinator::ContentName&, std::int64_t,
                                                     std::string_view)>
      on_put;
  std::function<Result<std::monostate>(const job::Lease&, const std::vector<job::StoredFile>&)> on_publish;
  std::function<Result<std::int64_t>(const job::Lease&, std::int64_t, std::string_view, bool)> on_output;
  std::function<Result<coordinator::ContentChunk>(const job::Lease&, const std::string&, std::int64_t)> on_take;

  Result<coordinator::ContentPresence> offer(const job::Lease& lease,
                                             const coordinator::ContentName& content) override {
    return on_offer(lease, content);
  }
  Result<coordinator::ContentPresence> put(const job::Lease& lease, const coordinator::ContentName& content,
                                           std::int64_t offset, std::string_view data) override {
    return on_put(lease, content, offset, data);
  }
  void publish(const job::Lease& lease, const std::vector<job::StoredFile>& files,
               coordinator::Reply<std::monostate> reply) override {
    reply(on_publish(lease, files));
  }
  Result<std::int64_t> append_output(const job::Lease& lease, std::int64_t offset, std::string_view data,
                                     bool over) override {
    return on_output(lease, offset, data, over);
  }
  std::promise<job::Lease> quiet;            ///< Once.
  std::function<void()> until_told = [] {};  ///< Which takes so long.
  void note_quiet(const job::Lease& lease) override {
    until_told();
    quiet.set_value(lease);
  }
  Result<coordinator::ContentChunk> take(const job::Lease& lease, const std::string& sha256,
                                         std::int64_t offset) override {
    return on_take(lease, sha256, offset);
  }
};

}  // namespace oodml::testing
