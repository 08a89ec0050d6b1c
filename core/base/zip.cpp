#include "core/base/zip.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

#include "core/base/printable.h"

namespace oodml {
namespace {

constexpr std::uint32_t kLocalHeader = 0x04034b50, kDirectoryEntry = 0x02014b50, kDirectoryEnd = 0x06054b50;
constexpr std::size_t kLocalBytes = 30, kEntryBytes = 46, kEndBytes = 22;
constexpr std::size_t kMaxCommentBytes = 65535;
constexpr std::uint64_t kMostExpansion = 1040;  // deflate reaches 1032
constexpr std::uint32_t kInZip64 = 0xffffffff;

template <typename T>
T number_at(std::string_view bytes, std::size_t offset) {
  T value;
  std::memcpy(&value, bytes.data() + offset, sizeof(T));
  return value;
}

/// The end record: the last one whose comment reaches exactly to the end of the file.
std::optional<std::string_view> find_end(std::string_view bytes) {
  for (std::size_t comment = 0; comment <= kMaxCommentBytes && comment + kEndBytes <= bytes.size(); ++comment) {
    const auto end = bytes.substr(bytes.size() - kEndBytes - comment);
    if (number_at<std::uint32_t>(end, 0) == kDirectoryEnd && number_at<std::uint16_t>(end, 20) == comment) return end;
  }
  return std::nullopt;
}

/// Inflates all of `packed`; nothing when it is damaged or gives another number of bytes than wanted.
std::optional<std::string> inflated(std::string_view packed, std::uint64_t wanted) {
  constexpr std::size_t kPiece = 1 << 20;
  z_stream stream = {};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return std::nullopt;
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
  stream.avail_in = static_cast<uInt>(packed.size());  // members are below 4 GiB
  std::string out;
  int state = Z_OK;
  while (state == Z_OK && out.size() <= wanted) {
    const std::size_t before = out.size();
    if (out.capacity() < before + kPiece) out.reserve(std::max<std::size_t>(2 * before, kPiece));
    out.resize(before + kPiece);
    stream.next_out = reinterpret_cast<Bytef*>(out.data() + before);
    stream.avail_out = kPiece;
    state = inflate(&stream, Z_NO_FLUSH);
    out.resize(before + kPiece - stream.avail_out);
  }
  inflateEnd(&stream);
  return state == Z_STREAM_END && out.size() == wanted ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace

Failure ZipArchive::damaged(const std::string& what) const {
  return failure(StatusCode::kDataLoss, name_ + ": " + what);
}

Result<ZipArchive> ZipArchive::open(std::string_view bytes, const std::string& name) {
  ZipArchive archive(bytes, name);
  OODML_RETURN_IF_ERROR(archive.read_directory());
  return archive;
}

Status ZipArchive::read_directory() {
  const auto end = find_end(bytes_);
  if (!end) return damaged("no zip archive (.npz, .pth), or cut off: it has no directory at its end");
  const auto count = number_at<std::uint16_t>(*end, 10);
  const std::uint64_t size = number_at<std::uint32_t>(*end, 12), offset = number_at<std::uint32_t>(*end, 16);
  if (offset + size > bytes_.size()) {
    return damaged("its directory lies outside of the file; archives of 4 GiB are not read");
  }
  std::string_view rest = bytes_.substr(offset, size);
  for (int i = 0; i < count; ++i) {
    if (rest.size() < kEntryBytes || number_at<std::uint32_t>(rest, 0) != kDirectoryEntry) {
      return damaged("entry " + std::to_string(i) + " of its directory is damaged");
    }
    const std::size_t name_bytes = number_at<std::uint16_t>(rest, 28);
    const std::size_t entry_bytes =
        kEntryBytes + name_bytes + number_at<std::uint16_t>(rest, 30) + number_at<std::uint16_t>(rest, 32);
    if (entry_bytes > rest.size()) return damaged("entry " + std::to_string(i) + " of its directory is cut off");
    const std::string member(rest.substr(kEntryBytes, name_bytes));
    const ZipMember entry{.method = number_at<std::uint16_t>(rest, 10),
                          .crc = number_at<std::uint32_t>(rest, 16),
                          .packed_bytes = number_at<std::uint32_t>(rest, 20),
                          .bytes = number_at<std::uint32_t>(rest, 24),
                          .header_offset = number_at<std::uint32_t>(rest, 42)};
    if ((number_at<std::uint16_t>(rest, 8) & 1) != 0) return damaged("'" + printable(member) + "' is encrypted");
    if (!members_.emplace(member, entry).second) return damaged("'" + printable(member) + "' is in it twice");
    rest.remove_prefix(entry_bytes);
  }
  return {};
}

Result<std::string_view> ZipArchive::packed(const std::string& member, const ZipMember& entry) const {
  if (entry.bytes == kInZip64 || entry.packed_bytes == kInZip64 || entry.header_offset == kInZip64) {
    return invalid_argument(name_ + ": '" + member + "' has 4 GiB or more; save it as .safetensors");
  }
  if (entry.header_offset + kLocalBytes > bytes_.size())
    return damaged("'" + printable(member) + "' lies outside of the file");
  const std::string_view header = bytes_.substr(entry.header_offset);
  if (number_at<std::uint32_t>(header, 0) != kLocalHeader) {
    return damaged("'" + printable(member) + "' is not where its directory says");
  }
  const std::size_t data = kLocalBytes + number_at<std::uint16_t>(header, 26) + number_at<std::uint16_t>(header, 28);
  if (data > header.size() || entry.packed_bytes > header.size() - data)
    return damaged("'" + printable(member) + "' is cut off");
  return header.substr(data, entry.packed_bytes);
}

Result<std::string> ZipArchive::unpacked(const std::string& member, const ZipMember& entry) const {
  OODML_ASSIGN_OR_RETURN(const std::string_view data, packed(member, entry));
  if (entry.method == 0) return std::string(data);
  if (entry.method != 8) {
    return invalid_argument(name_ + ": '" + member + "' is packed by method " + std::to_string(entry.method) +
                            "; read are stored (0) and deflated (8)");
  }
  const std::string claim = "'" + printable(member) + "' claims " + std::to_string(entry.bytes) + " bytes, ";
  if (entry.bytes > kMostExpansion * data.size() + 64) {
    return damaged(claim + "which its " + std::to_string(data.size()) + " packed bytes cannot hold");
  }
  auto out = inflated(data, entry.bytes);
  if (!out) return damaged(claim + "to which it does not unpack");
  return *std::move(out);
}

Result<const ZipMember*> ZipArchive::find(const std::string& member) const {
  const auto found = members_.find(member);
  if (found != members_.end()) return &found->second;
  std::vector<std::string> known;
  for (const auto& [name, entry] : members_) known.push_back(name.substr(0, 80));
  return not_found(name_ + ": no '" + printable(member) + "' in it; there are " + name_list(known, 20));
}

Status ZipArchive::check_sum(const std::string& member, const ZipMember& entry, std::string_view bytes) const {
  const auto crc = crc32_z(crc32_z(0, nullptr, 0), reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  if (bytes.size() == entry.bytes && crc == entry.crc) return {};
  return damaged("'" + printable(member) + "' does not have its checksum");
}

Result<std::string> ZipArchive::read(const std::string& member) const {
  OODML_ASSIGN_OR_RETURN(const ZipMember* entry, find(member));
  OODML_ASSIGN_OR_RETURN(std::string out, unpacked(member, *entry));
  OODML_RETURN_IF_ERROR(check_sum(member, *entry, out));
  return out;
}

Result<std::string_view> ZipArchive::view(const std::string& member) const {
  OODML_ASSIGN_OR_RETURN(const ZipMember* entry, find(member));
  if (entry->method != 0)
    return invalid_argument(name_ + ": '" + printable(member) + "' is packed, which it must not be");
  OODML_ASSIGN_OR_RETURN(const std::string_view bytes, packed(member, *entry));
  OODML_RETURN_IF_ERROR(check_sum(member, *entry, bytes));
  return bytes;
}

}  // namespace oodml
