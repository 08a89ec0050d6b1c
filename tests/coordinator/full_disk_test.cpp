#include <sys/mount.h>

#include <fstream>

#include "tests/coordinator/service_fixture.h"

namespace oodml::coordinator::testing {
namespace {

using job::TrialState;

class FullDiskTest : public ServiceTest {};

/// A file system of 3 MiB, where mounting is allowed.
class SmallDisk {
 public:
  explicit SmallDisk(std::filesystem::path at) : at_(std::move(at)) {
    std::filesystem::create_directory(at_);
    mounted_ = mount("tmpfs", at_.c_str(), "tmpfs", 0, "size=3m") == 0;
  }
  ~SmallDisk() {
    if (mounted_) umount2(at_.c_str(), MNT_DETACH);
  }
  bool mounted() const { return mounted_; }

 private:
  std::filesystem::path at_;
  bool mounted_ = false;
};

TEST_F(FullDiskTest, AFullDiskIsTheReplyAndTheServiceRecoversWithSpace) {
  const SmallDisk disk(folder.path() / "small");
  if (!disk.mounted()) GTEST_SKIP() << "mounting a small file system needs root";
  service.reset();
  database = folder.path() / "small" / "coordinator.db";
  open();
  submit({.name = "before", .seeds = {0, 1}});
  connect("a");
  const job::Lease lease = acquire("a").lease;

  const auto ballast = folder.path() / "small" / "ballast";
  {
    std::ofstream file(ballast);
    const std::string block(4096, 'x');
    while (file << block << std::flush) continue;
  }
  const auto refused = push("a", lease, 1, {job::Warning{.message = std::string(200'000, 'w')}});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code(), StatusCode::kResourceExhausted) << refused.error().text();
  EXPECT_NE(refused.error().message().find(database.string()), std::string::npos) << refused.error().message();
  EXPECT_EQ(trial(lease.trial).state, TrialState::kRunning) << "reading goes on";
  advance(121s);  // the end of the lease may not fit either; it is tried again

  std::filesystem::remove(ballast);
  advance(6s);
  EXPECT_EQ(trial(lease.trial).state, TrialState::kBackoff);
  EXPECT_EQ(*push("a", lease, 1, {job::Warning{.message = "space again"}}), 1);
  service.reset();
}

}  // namespace
}  // namespace oodml::coordinator::testing
