#pragma once

#include <functional>
#include <map>
#include <string>

#include "tests/support/faulty_disk/faulty_disk.h"
#include "tests/support/process.h"
#include "tests/support/temporary_folder.h"

/// For tests of a library: a process cannot be put on a faulty disk once it runs, so the test is run again in one that
/// is.
namespace oodml::testing {

/// The disk that this process is on, with its rules; null in the test's own process.
FaultyDisk* disk_of_this_process();

/// Runs the test that runs now once more, in a process on a faulty disk whose rules lie in `folder`.
Output run_this_test_on_faulty_disk(const TemporaryFolder& folder,
                                    const std::map<std::string, std::string>& environment = {});

/// Runs `body` there, and fails with what it said when it failed; skips the test where programs cannot be preloaded.
void on_faulty_disk(const std::function<void(FaultyDisk&)>& body);

}  // namespace oodml::testing
