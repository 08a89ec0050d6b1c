#include <filesystem>
#include <ostream>

#include "core/weight_files/torch_file.h"
#include "tests/core/weight_files/saved_files.h"
#include "tests/support/temporary_folder.h"

namespace oodml::weight_files {
namespace {

using namespace pickled;
using saved::archive;
using saved::archive_of;
using testing::zip;

struct Hostile {
  const char* name;
  std::string bytes;
  std::string expected;  ///< In the message.
};

void PrintTo(const Hostile& hostile, std::ostream* out) { *out << hostile.name; }

class HostileFileTest : public ::testing::TestWithParam<Hostile> {};

TEST_P(HostileFileTest, IsRefusedWithItsNameAndTheReason) {
  const auto read = parse_tensor_file(GetParam().bytes, "w.pth");
  ASSERT_FALSE(read);
  const std::string& message = read.error().message();
  EXPECT_TRUE(message.starts_with("w.pth: ")) << message;
  EXPECT_NE(message.find(GetParam().expected), std::string::npos) << message;
  EXPECT_FALSE(std::filesystem::exists("/nobody/should/ever/run/this"));
}

/// A state dict whose entry `a` is made by a pickle of this value.
std::string with_entry(const std::string& value) { return archive(pickled::file(dict({{text("a"), value}}), 2)); }

std::string replaced(std::string bytes, const std::string& from, const std::string& to) {
  EXPECT_EQ(from.size(), to.size());
  const auto place = bytes.find(from);
  EXPECT_NE(place, std::string::npos) << from;
  return place == std::string::npos ? bytes : bytes.replace(place, from.size(), to);
}

std::string legacy() { return saved::file("tensors_legacy.pth"); }
std::string zipped(const std::string& name, const std::string& content, bool deflated = false) {
  return zip({{name, content}}, deflated);
}

const std::string kSystem = global("os", "system") + text("touch /nobody/should/ever/run/this") + "\x85R";
constexpr std::int32_t kHuge = 2'000'000'000;

INSTANTIATE_TEST_SUITE_P(
    Globals, HostileFileTest,
    ::testing::Values(
        Hostile{"entry_runs_code", with_entry(kSystem),
                "'a' (byte 61) is an object (os.system, which is never run), not a plain tensor"},
        Hostile{"saved_entry_runs_code", saved::file("runs_code.pth"),
                "is an object (posix.system, which is never run), not a plain tensor"},
        Hostile{"root_runs_code", archive(pickled::file(kSystem, 2)),
                "is an object (os.system, which is never run), not a dict of tensors"},
        Hostile{"saved_root_runs_code", saved::file("is_code.pth"), "(posix.system, which is never run)"},
        Hostile{"entry_is_global", with_entry(global("os", "system")), "is a global (os.system, which is never run)"},
        Hostile{"dict_of_code", archive(pickled::file(dict({{text("state_dict"), kSystem}}), 2)),
                "'state_dict' (byte 70) is an object (os.system, which is never run), not a dict of tensors"},
        Hostile{"tensor_of_code",
                with_entry(global("torch._utils", "_rebuild_tensor_v2") + "(" + kSystem + "K\1K\1\x85K\1\x85tR"),
                "tensor 'a'"},
        Hostile{"storage_of_code", with_entry(saved::pickled_tensor({.type = "FloatStorage\nctorch"})), "w.pth: "},
        Hostile{"other_builder", replaced(legacy(), "_rebuild_tensor_v2", "_rebuild_tensor_v9"),
                "torch._utils._rebuild_tensor_v9"},
        Hostile{"unprintable", with_entry(global("o\x1B[2Js", "\xFF") + ")R"),
                "(o\\x1b[2Js.\\xff, which is never run)"},
        Hostile{"parameter_of_code", with_entry(global("torch.nn.parameter", "Parameter") + kSystem + "\x85R"),
                "is an object (os.system, which is never run), not a plain tensor"},
        Hostile{"tensor_class_without_state", with_entry(global("torch", "FloatTensor") + ")\x81"),
                "is an object (torch.FloatTensor, which is never run), not a plain tensor"},
        Hostile{"state_of_itself", with_entry(global("torch", "FloatTensor") + ")\x81q\x07(h\x07h\x07h\x07h\x07tb"),
                "tensor 'a' (byte 30) has a storage that is not read here"},
        Hostile{"size_of_code",
                with_entry(global("torch._utils", "_rebuild_tensor") + "(" + saved::pickled_storage({}) + integer(0) +
                           global("torch", "Size") + kSystem + "\x85R" + saved::tuple({1}) + "tR"),
                "has no proper shape"},
        Hostile{"inst", with_entry("ios\nsystem\n"), "opcode INST is refused: weight files do without it"},
        Hostile{"key_is_number", archive(pickled::file(dict({{"K\1", saved::pickled_tensor({})}}), 2)),
                "a tensor's name (byte 4) is an integer, not a text"},
        Hostile{"doubled",
                archive(pickled::file(
                    dict({{text("a"), saved::pickled_tensor({})}, {text("a"), saved::pickled_tensor({})}}), 2)),
                "'a' (byte"}),
    [](const auto& param_info) { return param_info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    OfOtherKinds, HostileFileTest,
    ::testing::Values(
        Hostile{
            "whole_module", saved::file("module.pth"),
            "is an object (__main__.Net, which is never run), not a dict of tensors; a whole module was saved: save its "
            "weights, model.state_dict()"},
        Hostile{"whole_module_legacy", saved::file("module_legacy.pth"), "(__main__.Net, which is never run)"},
        Hostile{"torchscript", saved::file("script.pt"), "a TorchScript archive"},
        Hostile{"html", "\n<!DOCTYPE html><html>Sign in", "an HTML page"},
        Hostile{"lfs_pointer", "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 102530333\n",
                "a Git LFS pointer"},
        Hostile{"gzip", std::string("\x1f\x8b\x08\0\0\0\0\0\0\3", 10), "a gzip file; unpack it"},
        Hostile{"tar", "sys_info" + std::string(249, '\0') + "ustar" + std::string(600, '\0'), "a tar archive"},
        Hostile{"keras", "\x89HDF\r\n\x1a\n........", "an HDF5 file"},
        Hostile{"plain_pickle", pickled::file(dict({{text("a"), "K\1"}}), 2), "a plain Python pickle"},
        Hostile{"index_of_parts", "{\"metadata\": {}, \"weight_map\": {\"a\": \"model-00001-of-00002.safetensors\"}}",
                "the index of weights that lie in several files"},
        Hostile{"nothing", "", "empty"}),
    [](const auto& param_info) { return param_info.param.name; });

TEST(PartOfSeveralTest, IsRefusedByItsName) {
  const testing::TemporaryFolder folder;
  testing::write_text(folder / "pytorch_model-00001-of-00002.bin", saved::file("tensors.pth"));
  const auto read = read_tensor_file(folder / "pytorch_model-00001-of-00002.bin", 1 << 20);
  ASSERT_FALSE(read);
  EXPECT_NE(read.error().message().find("one part of the weights, by its name 00001 of 00002"), std::string::npos);
  testing::write_text(folder / "model-00001-of-00001.bin", saved::file("tensors.pth"));
  EXPECT_TRUE(read_tensor_file(folder / "model-00001-of-00001.bin", 1 << 20));
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, HostileFileTest,
    ::testing::Values(
        Hostile{"beyond_storage", archive_of({.shape = {7}}), "reaches beyond the 6 elements of its storage"},
        Hostile{"beyond_by_stride", archive_of({.shape = {3}, .strides = {3}}), "reaches beyond the 6 elements"},
        Hostile{"beyond_by_offset", archive_of({.offset = 1}), "reaches beyond the 6 elements of its storage"},
        Hostile{"offset_far_out", archive_of({.offset = kHuge, .shape = {0}}), "reaches beyond the 6 elements"},
        Hostile{"negative_offset", archive_of({.offset = -1}), "has no proper offset"},
        Hostile{"negative_size", archive_of({.shape = {-6}}), "has no proper shape"},
        Hostile{"negative_stride", archive_of({.strides = {-1}}), "has no proper shape"},
        Hostile{"strides_missing", archive_of({.strides = {}}), "has no proper shape"},
        Hostile{"stride_zero", archive_of({.shape = {kHuge}, .strides = {0}}), "has more elements than it covers"},
        Hostile{"overlapping_rows", archive_of({.shape = {6, 6}, .strides = {0, 1}}),
                "has more elements than it covers"},
        Hostile{"overflow", archive_of({.shape = {kHuge, kHuge, kHuge}, .strides = {kHuge, kHuge, kHuge}}),
                "has more elements than it covers"},
        Hostile{"many_dimensions",
                archive_of({.shape = std::vector<std::int32_t>(65, 1), .strides = std::vector<std::int32_t>(65, 1)}),
                "has no proper shape"},
        Hostile{"huge_storage", archive_of({.count = kHuge, .shape = {kHuge}}),
                "should have 8000000000 bytes, but has 24"},
        Hostile{"negative_storage", archive_of({.count = -6}), "has a storage that is not read here"},
        Hostile{"unknown_type", archive_of({.type = "ComplexFloatStorage"}), "has a storage that is not read here"},
        Hostile{"type_of_two_kinds",
                archive(pickled::file(dict({{text("a"), saved::pickled_tensor({})},
                                            {text("b"), saved::pickled_tensor({.type = "DoubleStorage"})}}),
                                      2)),
                "should have 48 bytes, but has 24"},
        Hostile{"storage_missing", archive_of({.key = "1"}), "'w/data/1' is not in it"},
        Hostile{"storage_elsewhere", archive_of({.key = "../data.pkl"}), "'w/data/../data.pkl' is not in it"},
        Hostile{"saved_beyond", replaced(legacy(), "(K\x02K\x03K\x02K\x02t", "(K\x02K\x03K\x02K\x03t"),
                "has more elements than it covers"},
        Hostile{"saved_strides", replaced(legacy(), "(K\x0cK\x04K\x02K\x01t", "(K\x0dK\x04K\x02K\x01t"),
                "reaches beyond the 24 elements"}),
    [](const auto& param_info) { return param_info.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Containers, HostileFileTest,
    ::testing::Values(
        Hostile{"zip_alone", "PK\x03\x04", "no zip archive"},
        Hostile{"other_zip", zipped("a.txt", "hello"), "a zip archive, but not one of torch.save: no data.pkl in it"},
        Hostile{"two_indices", zip({{"a/data.pkl", "x"}, {"b/data.pkl", "x"}}, false), "two tensor indices"},
        Hostile{"packed_index", zipped("w/data.pkl", std::string(1 << 20, 'N'), true), "'w/data.pkl' is packed"},
        Hostile{"big_endian", zip({{"w/data.pkl", "x"}, {"w/byteorder", "big"}}, false),
                "its bytes are not in little-endian order"},
        Hostile{"index_no_pickle", archive("hello"), "data.pkl, byte 0: not a pickle"},
        Hostile{"index_deep", archive(pickled::file(")" + std::string(100'000, '\x85'), 2)),
                "nested more than 64 levels deep"},
        Hostile{"index_memo", archive(pickled::file("N" + put(4'000'000'000), 2)), "memo entry 4000000000"},
        Hostile{"index_marks", archive(pickled::file(std::string(100'000, '('), 2)), "more than 64 open marks"},
        Hostile{"index_of_numbers", archive(pickled::file("K\1", 2)), "its value (byte 2) is an integer, not a dict"},
        Hostile{"legacy_cut", legacy().substr(0, legacy().size() - 1), "cut off in storage"},
        Hostile{"legacy_magic_alone", legacy().substr(0, 15), "the pickle at byte 15, byte 0: not a pickle"},
        Hostile{"legacy_version", replaced(legacy(), "M\xE9\x03.", "M\xEA\x03."), "only 1001"},
        Hostile{"legacy_type", replaced(legacy(), "FloatStorage", "ComplStorage"), "has an unknown type"}),
    [](const auto& param_info) { return param_info.param.name; });

}  // namespace
}  // namespace oodml::weight_files
