#pragma once

#include <chrono>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "coordinator/web/feed.h"
#include "coordinator/web/json_calls.h"

namespace oodml::coordinator::web {

/// The newest sweeps as a stream: `sweep` with a summary whenever one changes, `gone` with the id of one that is not
/// among them any more; `whole` once everything that is there was told. One reader asks for all pages, only while there
/// is one, and never more than a twentieth of the time, however long an answer takes.
class Overview {
 public:
  explicit Overview(JsonCalls& calls);
  ~Overview();

  /// What a page that calls with `token` is told: everything first, then what changes.
  std::unique_ptr<Feed> subscribe(const std::string& token);
  void stop();

 private:
  class Subscription;
  struct Page {
    std::string token;
    Mailbox mailbox;
    bool knows_all = false;  // the thread's: has been told everything once
  };
  using Summaries = std::map<std::string, std::string>;  // by the sweep's id

  void loop();
  void look(const std::vector<std::shared_ptr<Page>>& pages);
  Result<Summaries> read(const std::vector<std::shared_ptr<Page>>& pages);
  static void tell(Page& page, const Summaries& before, const Summaries& now);

  JsonCalls& calls_;
  std::optional<Summaries> known_;  // the thread's
  std::mutex mutex_;                // guards what follows
  std::condition_variable wake_;
  std::vector<std::shared_ptr<Page>> pages_;
  bool is_new_ = false;  // a page waits for its first
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace oodml::coordinator::web
