#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace oodml {

/// The first bytes of every archive that has members.
inline constexpr std::string_view kZipStart = "PK\x03\x04";

/// One file inside a zip archive.
struct ZipMember {
  std::uint16_t method = 0;  ///< 0 stored, 8 deflated
  std::uint32_t crc = 0;
  std::uint64_t packed_bytes = 0, bytes = 0;
  std::uint64_t header_offset = 0;  ///< Of its local header.
};

/// A zip archive in memory, as NumPy and PyTorch write them: no encryption, no parts, members and archive below 4 GiB.
/// Errors are kDataLoss or kInvalidArgument and start with the archive's name.
class ZipArchive {
 public:
  /// `bytes` must outlive the archive.
  static Result<ZipArchive> open(std::string_view bytes, const std::string& name);

  const std::map<std::string, ZipMember>& members() const { return members_; }
  /// The whole member, its checksum verified. Memory grows with what is really there: a size that the packed bytes
  /// cannot expand to is refused first. kNotFound names the members there are.
  Result<std::string> read(const std::string& member) const;
  /// The same of a member that is not packed, without a copy: it points into the archive's bytes.
  Result<std::string_view> view(const std::string& member) const;

 private:
  ZipArchive(std::string_view bytes, const std::string& name) : bytes_(bytes), name_(name) {}

  Status read_directory();
  Result<const ZipMember*> find(const std::string& member) const;
  Status check_sum(const std::string& member, const ZipMember& entry, std::string_view bytes) const;
  Failure damaged(const std::string& what) const;
  Result<std::string_view> packed(const std::string& member, const ZipMember& entry) const;
  Result<std::string> unpacked(const std::string& member, const ZipMember& entry) const;

  std::string_view bytes_;
  std::string name_;
  std::map<std::string, ZipMember> members_;
};

}  // namespace oodml
