#pragma once

#include <signal.h>

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/protocol/lines.h"
#include "worker/process_launcher.h"

namespace oodml::testing {

/// A child that says and does what the test tells it to.
class FakeChild {
 public:
  void say(const job::EventBody& body) {
    const std::lock_guard lock(mutex_);
    bytes_ += protocol::encode(body);
    changed_.notify_all();
  }
  void end(worker::ExitStatus status) {
    const std::lock_guard lock(mutex_);
    end_locked(status);
  }
  /// The polite trial: on SIGTERM it says stopped and ends with 75.
  void stop_politely() {
    const std::lock_guard lock(mutex_);
    polite_ = true;
  }
  std::vector<int> signals() const {
    const std::lock_guard lock(mutex_);
    return signals_;
  }

  void receive(int signal) {
    const std::lock_guard lock(mutex_);
    signals_.push_back(signal);
    if (signal == SIGKILL) end_locked({0, SIGKILL});
    if (signal != SIGTERM || !polite_ || ended_) return;
    bytes_ += protocol::encode(job::Stopped{1, 5});
    end_locked({75, 0});
  }
  worker::Process::Reading read(Duration wait) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, wait, [&] { return !bytes_.empty() || ended_; });
    return {std::exchange(bytes_, ""), ended_};
  }
  worker::ExitStatus status() const {
    const std::lock_guard lock(mutex_);
    return status_;
  }

 private:
  void end_locked(worker::ExitStatus status) {
    if (ended_) return;
    ended_ = true;
    status_ = status;
    changed_.notify_all();
  }

  mutable std::mutex mutex_;  // guards all below
  std::condition_variable changed_;
  std::string bytes_;
  bool ended_ = false, polite_ = false;
  worker::ExitStatus status_;
  std::vector<int> signals_;
};

class FakeLauncher final : public worker::ProcessLauncher {
 public:
  Result<std::unique_ptr<worker::Process>> launch(const worker::LaunchSpec& spec) override {
    const std::lock_guard lock(mutex_);
    specs_.push_back(spec);
    if (broken_) return not_found("no such program " + spec.command[0]);
    children_.push_back(std::make_shared<FakeChild>());
    return std::unique_ptr<worker::Process>(new Handle(children_.back()));
  }
  void set_broken(bool broken) {
    const std::lock_guard lock(mutex_);
    broken_ = broken;
  }
  std::size_t launched() const {
    const std::lock_guard lock(mutex_);
    return children_.size();
  }
  std::size_t tried() const {
    const std::lock_guard lock(mutex_);
    return specs_.size();
  }
  std::shared_ptr<FakeChild> child(std::size_t index) const {
    const std::lock_guard lock(mutex_);
    return children_.at(index);
  }
  worker::LaunchSpec spec(std::size_t index) const {
    const std::lock_guard lock(mutex_);
    return specs_.at(index);
  }

 private:
  class Handle final : public worker::Process {
   public:
    explicit Handle(std::shared_ptr<FakeChild> child) : child_(std::move(child)) {}
    ~Handle() override { child_->receive(SIGKILL); }
    pid_t pid() const override { return 4711; }
    Reading read(Duration wait) override { return child_->read(wait); }
    void send_signal(int signal) override { child_->receive(signal); }
    worker::ExitStatus status() const override { return child_->status(); }

   private:
    std::shared_ptr<FakeChild> child_;
  };

  mutable std::mutex mutex_;  // guards all below
  bool broken_ = false;
  std::vector<worker::LaunchSpec> specs_;
  std::vector<std::shared_ptr<FakeChild>> children_;
};

}  // namespace oodml::testing
