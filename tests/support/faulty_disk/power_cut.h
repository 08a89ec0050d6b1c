#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/support/faulty_disk/faulty_disk.h"

namespace oodml::testing {

/// What a power cut leaves of files whose changes were recorded by `record` rules of the disk.
///
/// Certain is what was synced: bytes of a file by its fsync, names (created, renamed, removed) by an fsync of their
/// folder. Of the rest chance decides: of bytes each 512-byte sector of each write by itself, of names how many of them
/// in their order. Folders themselves, and mapped memory, are taken as they are.
class PowerCut {
 public:
  /// It is about the files in or below `folder` whose path holds `part`. Remembers them as they are on disk now; before
  /// the program starts.
  PowerCut(const FaultyDisk& disk, std::filesystem::path folder, std::string part);

  /// After the program was killed: makes the files what the power cut left, and begins to remember from there.
  void strike(std::uint64_t seed);

  /// Sectors that were lost in the last strike, for "it did something".
  int lost_sectors() const { return lost_sectors_; }

 private:
  void remember();
  std::vector<std::filesystem::path> present() const;

  const std::filesystem::path journal_;
  const std::filesystem::path folder_;
  const std::string part_;
  std::map<std::string, std::string> files_;  ///< path -> durable bytes
  int lost_sectors_ = 0;
};

}  // namespace oodml::testing
