// Damaged safetensors files: refused, or tensors that lie inside of the file and fit their shapes.
#include <gtest/gtest.h>

#include <cstring>

#include "core/base/safetensors.h"
#include "tests/support/mutator.h"

namespace oodml {
namespace {

std::string file_of(const std::string& header, std::size_t data_bytes) {
  const std::uint64_t length = header.size();
  std::string bytes(8, '\0');
  std::memcpy(bytes.data(), &length, 8);
  return bytes + header + std::string(data_bytes, '\x3f');
}

testing::Corpus files() {
  return {{file_of(R"({"__metadata__":{"format":"pt"},"a":{"dtype":"F32","shape":[1,3],"data_offsets":[0,12]},)"
                   R"("b":{"dtype":"BOOL","shape":[],"data_offsets":[12,13]}})",
                   13),
           file_of(R"({"n":{"dtype":"I64","shape":[0,4],"data_offsets":[0,0]},)"
                   R"("x":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}})",
                   4),
           file_of("{}", 0)},
          {"{", "}", "[", "]", ",", "\"", "-1", "\"dtype\":", "\"F64\"", "\"shape\":", "\"data_offsets\":", "null",
           "\"__metadata__\":", "[[[[", "4611686018427387904"}};
}

TEST(SafetensorsFuzzTest, DamagedFilesAreRefusedOrWhole) {
  testing::fuzz(
      files(),
      [](const std::string& bytes, std::uint64_t number) {
        const auto file = parse_safetensors(bytes, "damaged");
        if (!file) {
          ASSERT_GE(number, 3u) << file.error().message();
          ASSERT_NE(file.error().message().find("damaged"), std::string::npos) << file.error().message();
          return;
        }
        for (const auto& [name, tensor] : file->tensors) {
          ASSERT_EQ(static_cast<std::int64_t>(tensor.bytes.size()),
                    tensor.element_count() * safetensors_element_size(tensor.dtype));
          ASSERT_EQ(std::string(tensor.bytes).size(), tensor.bytes.size()) << name;  // every byte can be read
        }
      },
      10'000);
}

}  // namespace
}  // namespace oodml
