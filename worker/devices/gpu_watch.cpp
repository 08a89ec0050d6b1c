#include "worker/devices/gpu_watch.h"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace oodml::worker {

/// Outlives the watch where its thread does.
struct GpuWatch::Shared {
  std::mutex mutex;  // guards all below
  std::condition_variable changed;
  std::uint64_t wanted = 0, begun = 0, done = 0;  // looks, by number
  bool ending = false, ended = false;

  void run(GpuHealth& health, Duration every) {
    std::unique_lock lock(mutex);
    while (!ending) {
      begun = ++wanted;
      lock.unlock();
      health.look();
      lock.lock();
      done = begun;
      changed.notify_all();
      changed.wait_for(lock, every, [&] { return ending || wanted > done; });
    }
    ended = true;
    changed.notify_all();
  }
};

GpuWatch::GpuWatch(std::shared_ptr<GpuHealth> health, Duration every)
    : health_(std::move(health)), shared_(std::make_shared<Shared>()) {
  std::thread([shared = shared_, health = health_, every] { shared->run(*health, every); }).detach();
}

GpuWatch::~GpuWatch() {
  constexpr auto kPatience = std::chrono::seconds(2);
  std::unique_lock lock(shared_->mutex);
  shared_->ending = true;
  shared_->changed.notify_all();
  shared_->changed.wait_for(lock, kPatience, [&] { return shared_->ended; });
}

void GpuWatch::look_now(Duration at_most) {
  std::unique_lock lock(shared_->mutex);
  const std::uint64_t number = ++shared_->wanted;
  shared_->changed.notify_all();
  if (shared_->changed.wait_for(lock, at_most, [&] { return shared_->done >= number; })) return;
  lock.unlock();
  health_->note_silence(at_most);
}

}  // namespace oodml::worker
