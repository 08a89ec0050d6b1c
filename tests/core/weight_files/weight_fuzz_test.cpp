// Damaged weight files: nothing may crash, hang, read outside of the file or take much memory.
#include <numeric>

#include "core/base/safetensors.h"
#include "core/base/zip.h"
#include "core/weight_files/torch_file.h"
#include "tests/core/weight_files/saved_files.h"
#include "tests/support/mutator.h"

namespace oodml::weight_files {
namespace {

/// A tensor covers its bytes exactly, and they lie in the file.
void expect_sound(const TensorFile& file) {
  const char* begin = file.storage->data();
  for (const auto& [name, tensor] : file.tensors) {
    const std::int64_t size = safetensors_element_size(tensor.dtype);
    ASSERT_GT(size, 0) << name;
    const auto covered = extent(tensor.shape, tensor.strides);
    ASSERT_TRUE(covered) << name;
    ASSERT_EQ(static_cast<std::uint64_t>(*covered * size), tensor.bytes.size()) << name;
    if (tensor.bytes.empty()) continue;
    ASSERT_GE(tensor.bytes.data(), begin) << name;
    ASSERT_LE(tensor.bytes.data() + tensor.bytes.size(), begin + file.storage->size()) << name;
    (void)std::accumulate(tensor.bytes.begin(), tensor.bytes.end(), 0);  // the sanitizer sees a read outside
  }
}

/// What is read is sound, what is not is refused by name; the `seeds` first inputs are read.
void expect_sound_or_refused(const std::string& bytes, std::uint64_t number, std::size_t seeds) {
  const auto read = parse_tensor_file(bytes, "damaged.pth");
  if (read) return expect_sound(*read);
  ASSERT_GE(number, seeds) << read.error().message();
  ASSERT_NE(read.error().message().find("damaged.pth: "), std::string::npos) << read.error().message();
}

/// Opcodes of the pickles, and names that mean something.
std::vector<std::string> words() {
  std::vector<std::string> all = {"ctorch._utils\n_rebuild_tensor_v2\n",
                                  "ccollections\nOrderedDict\n",
                                  "ctorch\nFloatStorage\n",
                                  "state_dict",
                                  "storage",
                                  "data.pkl"};
  for (const char opcode : std::string_view("()]}aeusthjqrRbcNXUTQKMJG.\x81\x85\x86\x87\x88\x89\x8A")) {
    all.emplace_back(1, opcode);
  }
  return all;
}

TEST(WeightFileFuzzTest, FilesOfTorchSave) {
  const testing::Corpus corpus = {{saved::file("tensors_legacy.pth"), saved::file("checkpoint_legacy.pth.tar"),
                                   saved::file("tensors.pth"), saved::file("checkpoint.pth.tar")},
                                  words()};
  testing::fuzz(corpus, [&](const std::string& bytes, std::uint64_t number) {
    expect_sound_or_refused(bytes, number, corpus.seeds.size());
  });
}

/// A damaged index under checksums that fit, so that the damage reaches the pickle and the shapes.
TEST(WeightFileFuzzTest, IndicesUnderRightChecksums) {
  const std::string whole = saved::file("tensors.pth");
  const auto archive = ZipArchive::open(whole, "tensors.pth");
  ASSERT_TRUE(archive) << archive.error().message();
  std::vector<std::pair<std::string, std::string>> members;
  std::size_t index = 0;
  for (const auto& [name, entry] : archive->members()) {
    if (name.ends_with("/data.pkl")) index = members.size();
    members.emplace_back(name, archive->read(name).value());
  }
  const testing::Corpus corpus = {{members[index].second}, words()};
  testing::fuzz(
      corpus,
      [&](const std::string& pickle, std::uint64_t number) {
        members[index].second = pickle;
        expect_sound_or_refused(testing::zip(members, false), number, corpus.seeds.size());
      },
      5'000);
}

}  // namespace
}  // namespace oodml::weight_files
