#include "tests/support/faulty_disk/faulty_disk.h"

#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <sstream>

#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

namespace oodml::testing {
namespace {

class FaultyDiskTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (const std::string why = FaultyDisk::why_not(); !why.empty()) GTEST_SKIP() << why;
  }

  Output probe() const {
    const auto probe =
        std::filesystem::path(program("oodml")).parent_path().parent_path() / "tests" / "faulty_disk_probe";
    return run({probe, folder_.path()}, {.environment = disk_.environment()});
  }

  /// How a step of the probe ended.
  static std::string end_of(const std::string& step, const Output& output) {
    std::istringstream words(output.out);
    for (std::string name, end; words >> name >> end;) {
      if (name == step) return end;
    }
    return "";
  }

  TemporaryFolder folder_;
  FaultyDisk disk_{folder_ / "rules"};
};

constexpr const char* kSteps[] = {"mkdir", "open",   "write",  "pwrite", "ftruncate",
                                  "fsync", "rename", "unlink", "rmdir"};

TEST_F(FaultyDiskTest, WithoutRulesNothingHappens) {
  const Output output = probe();
  EXPECT_EQ(output.exit_code, 0);
  for (const char* step : kSteps) EXPECT_EQ(end_of(step, output), "ok") << step;
  EXPECT_TRUE(disk_.struck().empty());
}

TEST_F(FaultyDiskTest, EachCallCanFailAlone) {
  for (const char* failing : kSteps) {
    disk_.set({std::string("fail times=1 errno=EIO path=/part calls=") + failing});
    const Output output = probe();
    EXPECT_EQ(end_of(failing, output), "EIO");
    EXPECT_EQ(end_of("mkdir", output), failing == std::string("mkdir") ? "EIO" : "ok");
    std::filesystem::remove_all(folder_ / "part");
  }
  ASSERT_EQ(disk_.struck().size(), std::size(kSteps));
  EXPECT_EQ(disk_.struck()[5], "fail fsync " + (folder_ / "part/fresh").string());
}

TEST_F(FaultyDiskTest, RulesChooseByPathProgramAndCount) {
  disk_.set({"fail path=/elsewhere", "fail path=/part program=/another",
             "fail path=fresh calls=write,pwrite after=1 errno=ENOSPC"});
  const Output output = probe();
  EXPECT_EQ(end_of("write", output), "ok");
  EXPECT_EQ(end_of("pwrite", output), "ENOSPC");
  EXPECT_EQ(end_of("fsync", output), "ok");
}

TEST_F(FaultyDiskTest, KillsBeforeTheNthCall) {
  for (std::size_t n = 0; n < std::size(kSteps); ++n) {
    disk_.set({"kill path=/part after=" + std::to_string(n)});
    const Output output = probe();
    EXPECT_EQ(output.exit_code, 128 + SIGKILL) << n;
    EXPECT_EQ(end_of(kSteps[n], output), "") << "call " << n << " was made";
    EXPECT_EQ(end_of(kSteps[n == 0 ? 0 : n - 1], output), n == 0 ? "" : "ok");
    EXPECT_EQ(std::filesystem::exists(folder_ / "part"), n > 0);
    std::filesystem::remove_all(folder_ / "part");
  }
  disk_.set({"kill path=/part after=" + std::to_string(std::size(kSteps))});
  EXPECT_EQ(probe().exit_code, 0);
}

TEST_F(FaultyDiskTest, TearsAWrite) {
  disk_.set({"tear path=fresh calls=write"});
  EXPECT_EQ(probe().exit_code, 128 + SIGKILL);
  EXPECT_EQ(read_text(folder_ / "part/fresh"), "01234");
}

TEST_F(FaultyDiskTest, ARuleThatIsNotUnderstoodEndsTheProgram) {
  for (const char* wrong :
       {"fial path=/part", "fail path=/part errno=EPERMIT", "fail call=fsync", "kill calls=fsink"}) {
    disk_.set({wrong});
    EXPECT_EQ(probe().exit_code, 99) << wrong;
  }
}

TEST_F(FaultyDiskTest, TheWallClockIsWrongAndTheSteadyOneIsRight) {
  using namespace std::chrono;
  const std::int64_t hour = 3'600'000;
  for (const std::int64_t offset : {std::int64_t{0}, hour, -hour, 24 * 365 * hour, -24 * 365 * hour}) {
    disk_.set({"clock millis=" + std::to_string(offset)});
    const Output output = probe();
    std::istringstream words(output.out);
    int asked = 0;
    for (std::string name, value; words >> name >> value;) {
      if (name == "wall") {
        const std::int64_t now = duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
        EXPECT_NEAR(static_cast<double>(std::stoll(value) - now), static_cast<double>(offset), 60'000);
        ++asked;
      } else if (name == "steady") {
        const std::int64_t now = duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
        EXPECT_NEAR(static_cast<double>(std::stoll(value) - now), 0, 60'000);
        ++asked;
      }
    }
    EXPECT_EQ(asked, 5) << output.out;
  }
}

}  // namespace
}  // namespace oodml::testing
