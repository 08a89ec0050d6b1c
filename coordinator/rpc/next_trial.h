#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "coordinator/service/leases.h"

namespace oodml::coordinator::rpc {

/// The trial that a slot asks for in the call that ends its last one. It waits for one no longer than for that end,
/// whose commit may give the room for it. From any thread.
class NextTrial : public std::enable_shared_from_this<NextTrial> {
 public:
  using Found = std::function<void(const std::optional<job::LeasedTrial>&)>;

  NextTrial(WorkerId worker, std::string slot, std::string request_id)
      : worker_(std::move(worker)), slot_(std::move(slot)), request_id_(std::move(request_id)) {}

  /// Once.
  void ask(Leases& leases);
  /// The end is durable. `found` hears at once what there is, nothing or the trial whose claim is on its way to the
  /// disk when that is there. Once.
  void end(Found found);
  /// The end was not taken: nothing is asked for any more. What was given already, Acquire finds.
  void forget();

 private:
  void answered(Result<std::optional<job::LeasedTrial>> got);

  const WorkerId worker_;
  const std::string slot_, request_id_;
  std::mutex mutex_;                                      // guards all below
  std::shared_ptr<Leases::Pending> pending_;              // of the question, once it was asked
  std::optional<std::optional<job::LeasedTrial>> trial_;  // nullopt: not answered yet
  Found found_;                                           // not yet told
  bool forgotten_ = false;
};

}  // namespace oodml::coordinator::rpc
