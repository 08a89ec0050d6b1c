#include "worker/devices/gpu_watch.h"

#include <gtest/gtest.h>

#include <semaphore>

#include "tests/support/fake_clock.h"
#include "tests/worker/devices/gpus.h"

namespace oodml::worker {
namespace {

using namespace std::chrono_literals;

const job::Slot kSlot{.name = "cuda:0", .device = "cuda:0", .gpus = {"GPU-a"}};

/// A driver that answers as often as it is let.
class SlowMonitor final : public GpuMonitor {
 public:
  explicit SlowMonitor(std::shared_ptr<std::counting_semaphore<>> let) : let_(std::move(let)) {}
  Result<std::vector<Gpu>> read() override {
    let_->acquire();
    return std::vector<Gpu>{testing::card("GPU-a", 0)};
  }

 private:
  const std::shared_ptr<std::counting_semaphore<>> let_;
};

TEST(GpuWatchTest, ADriverThatHangsHoldsNobodyUpAndLeavesTheGpusAlone) {
  const auto let = std::make_shared<std::counting_semaphore<>>(1);  // the first look, of the health itself
  const testing::FakeClock clock;
  const auto health =
      std::make_shared<GpuHealth>(std::make_unique<SlowMonitor>(let), clock, GpuTerms(), std::vector<job::Slot>{kSlot});
  {
    GpuWatch watch(health, 1h);
    watch.look_now(10ms);
    EXPECT_NE(health->set_aside(kSlot), "");
    let->release(1000);
    watch.look_now(10s);
    EXPECT_EQ(health->set_aside(kSlot), "");
  }
}

}  // namespace
}  // namespace oodml::worker
