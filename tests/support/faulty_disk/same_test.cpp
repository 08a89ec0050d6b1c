#include "tests/support/faulty_disk/same_test.h"

#include "tests/support/temporary_folder.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>

namespace oodml::testing {

FaultyDisk* disk_of_this_process() {
  static const std::unique_ptr<FaultyDisk> disk = []() -> std::unique_ptr<FaultyDisk> {
    const char* const control = std::getenv("OODML_FAULTY_DISK");
    return control == nullptr ? nullptr : std::make_unique<FaultyDisk>(control);
  }();
  return disk.get();
}

Output run_this_test_on_faulty_disk(const TemporaryFolder& folder,
                                    const std::map<std::string, std::string>& environment) {
  const auto* const test = ::testing::UnitTest::GetInstance()->current_test_info();
  auto variables = FaultyDisk(folder / "rules").environment();
  variables.insert(environment.begin(), environment.end());
  return run({"/proc/self/exe", std::string("--gtest_filter=") + test->test_suite_name() + "." + test->name()},
             {.environment = variables, .folder = {}, .output = {}});
}

void on_faulty_disk(const std::function<void(FaultyDisk&)>& body) {
  if (FaultyDisk* const disk = disk_of_this_process()) {
    body(*disk);
    return disk->clear();
  }
  if (const std::string why = FaultyDisk::why_not(); !why.empty()) GTEST_SKIP() << why;
  const TemporaryFolder folder;
  const Output output = run_this_test_on_faulty_disk(folder);
  EXPECT_EQ(output.exit_code, 0) << output.out << output.err;
}

}  // namespace oodml::testing
