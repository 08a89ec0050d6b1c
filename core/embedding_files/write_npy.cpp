#include "core/embedding_files/write_npy.h"

#include <zlib.h>

#include <cstdint>
#include <deque>
#include <stdexcept>
#include <string_view>

#include "core/base/atomic_file.h"

namespace oodml::embedding_files {
namespace {

constexpr std::uint64_t kMaxZipBytes = 0xFFFF0000;  // of the sizes and offsets of 32 bits, with room for the directory
constexpr std::size_t kAlignment = 64;

/// `bytes` bytes of `value`, little-endian.
std::string little(std::uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> 8 * i);
  return text;
}

std::string descr_of(const torch::Tensor& tensor) {
  if (tensor.scalar_type() == at::kFloat) return "<f4";
  if (tensor.scalar_type() == at::kLong) return "<i8";
  throw std::invalid_argument("write_npy takes float32 and int64");
}

/// All of a file before its elements, filled up so that these are aligned.
std::string npy_header(const torch::Tensor& tensor) {
  std::string shape;
  for (const std::int64_t extent : tensor.sizes()) shape += std::to_string(extent) + ",";
  std::string text = "{'descr': '" + descr_of(tensor) + "', 'fortran_order': False, 'shape': (" + shape + "), }";
  const std::size_t before = 10 + text.size() + 1;
  text.append((kAlignment - before % kAlignment) % kAlignment, ' ');
  text += '\n';
  return std::string("\x93NUMPY\x01\0", 8) + little(text.size(), 2) + text;
}

std::string_view elements_of(const torch::Tensor& tensor) {
  return {static_cast<const char*>(tensor.const_data_ptr()), tensor.nbytes()};
}

torch::Tensor on_cpu(const torch::Tensor& tensor) { return tensor.detach().to(at::kCPU).contiguous(); }

/// A stored member of a zip archive.
struct Member {
  std::string name, header;
  torch::Tensor tensor;
  std::uint64_t size = 0, crc = 0, offset = 0;

  /// What its local header and its entry in the directory have in common.
  std::string fields() const {
    constexpr int kVersion = 20, kFlags = 0, kStored = 0, kTime = 0, kDate = 0x21;  // 1980-01-01, the first there is
    return little(kVersion, 2) + little(kFlags, 2) + little(kStored, 2) + little(kTime, 2) + little(kDate, 2) +
           little(crc, 4) + little(size, 4) + little(size, 4) + little(name.size(), 2) + little(0, 2);
  }
  std::string local_header() const { return "PK\x03\x04" + fields() + name; }
  std::string directory_entry() const {
    return "PK\x01\x02" + little(20, 2) + fields() + little(0, 2) + little(0, 2) + little(0, 2) + little(0, 4) +
           little(offset, 4) + name;
  }
};

Member member_of(const std::string& array, const torch::Tensor& tensor) {
  Member member{.name = array + ".npy", .header = npy_header(tensor), .tensor = on_cpu(tensor)};
  const std::string_view elements = elements_of(member.tensor);
  member.size = member.header.size() + elements.size();
  const auto sum = [](uLong crc, std::string_view bytes) {
    return crc32_z(crc, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size());
  };
  member.crc = sum(sum(0, member.header), elements);
  return member;
}

}  // namespace

Status write_npy(const std::filesystem::path& path, const torch::Tensor& tensor) {
  const torch::Tensor elements = on_cpu(tensor);
  const std::string header = npy_header(elements);
  return write_file_atomically(path, {header, elements_of(elements)});
}

Status write_npz(const std::filesystem::path& path, const NamedArrays& arrays) {
  std::deque<std::string> texts;  // whose addresses stay
  std::vector<Member> members;
  for (const auto& [name, tensor] : arrays) members.push_back(member_of(name, tensor));
  std::vector<std::string_view> pieces;
  std::uint64_t offset = 0;
  std::string directory;
  for (Member& member : members) {
    member.offset = offset;
    pieces.push_back(texts.emplace_back(member.local_header()));
    offset += pieces.back().size() + member.size;
    pieces.push_back(member.header);
    pieces.push_back(elements_of(member.tensor));
    directory += member.directory_entry();
  }
  if (offset > kMaxZipBytes) {
    return invalid_argument(path.string() + ": arrays of " + std::to_string(offset) +
                            " bytes do not fit an .npz file of 4 GiB; write .npy");
  }
  pieces.push_back(directory);
  pieces.push_back(texts.emplace_back("PK\x05\x06" + little(0, 4) + little(members.size(), 2) +
                                      little(members.size(), 2) + little(directory.size(), 4) + little(offset, 4) +
                                      little(0, 2)));
  return write_file_atomically(path, pieces);
}

}  // namespace oodml::embedding_files
