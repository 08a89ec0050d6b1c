#include "core/weight_files/torch_file.h"

#include <bit>
#include <cstring>
#include <filesystem>

#include "core/base/safetensors.h"
#include "tests/core/weight_files/saved_files.h"
#include "tests/support/temporary_folder.h"

namespace oodml::weight_files {
namespace {

using saved::file;

TensorFile parsed(const std::string& name) {
  const std::string bytes = file(name);
  EXPECT_TRUE(is_torch_file(bytes)) << name;
  auto tensors = parse_torch_file(bytes, name);
  EXPECT_TRUE(tensors.has_value()) << tensors.error().message();
  return tensors ? *std::move(tensors) : TensorFile();
}

double number(const std::string& dtype, const char* at) {
  const auto read = [&]<typename T>(T value) {
    std::memcpy(&value, at, sizeof(T));
    return static_cast<double>(value);
  };
  if (dtype == "F32") return read(float{});
  if (dtype == "F64") return read(double{});
  if (dtype == "I64") return read(std::int64_t{});
  if (dtype == "I32") return read(std::int32_t{});
  if (dtype == "BOOL") return read(std::uint8_t{});
  if (dtype == "BF16") return std::bit_cast<float>(static_cast<std::uint32_t>(read(std::uint16_t{})) << 16);
  ADD_FAILURE() << dtype;
  return 0;
}

/// The elements in row-major order.
std::vector<double> elements(const StridedTensor& tensor) {
  std::vector<double> all;
  const auto size = static_cast<std::size_t>(safetensors_element_size(tensor.dtype));
  for (std::int64_t i = 0; i < tensor.element_count(); ++i) {
    std::int64_t rest = i, at = 0;
    for (std::size_t d = tensor.shape.size(); d-- > 0;) {
      at += rest % tensor.shape[d] * tensor.strides[d];
      rest /= tensor.shape[d];
    }
    all.push_back(number(tensor.dtype, tensor.bytes.data() + static_cast<std::size_t>(at) * size));
  }
  return all;
}

std::vector<double> range(std::int64_t end) {
  std::vector<double> numbers;
  for (std::int64_t i = 0; i < end; ++i) numbers.push_back(static_cast<double>(i));
  return numbers;
}

using Shape = std::vector<std::int64_t>;

TEST(TorchFileTest, EveryTensorOfBothFormatsIsWhatPyTorchSaved) {
  for (const char* name : {"tensors.pth", "tensors_legacy.pth"}) {
    const TensorFile read = parsed(name);
    ASSERT_EQ(read.tensors.size(), 12U) << name;
    const auto same = [&](const char* entry, const char* dtype, const Shape& shape, const std::vector<double>& want) {
      const StridedTensor& got = read.tensors.at(entry);
      EXPECT_EQ(got.dtype, dtype) << name << " " << entry;
      EXPECT_EQ(got.shape, shape) << name << " " << entry;
      EXPECT_EQ(elements(got), want) << name << " " << entry;
    };
    same("conv1.weight", "F32", {2, 3, 2, 2}, range(24));
    same("parameter", "F32", {2}, {1.5, -2.5});
    same("count", "I64", {}, {7});
    same("bfloat16", "BF16", {2}, {0.5, 3.0});
    same("double", "F64", {1}, {1.0 / 3.0});
    same("int32", "I32", {2}, {-3, 4});
    same("bool", "BOOL", {2}, {1, 0});
    same("transposed", "F32", {3, 2}, {0, 3, 1, 4, 2, 5});
    same("whole", "F32", {10}, range(10));
    same("slice", "F32", {3}, {2, 5, 8});
    same("empty", "F32", {0, 4}, {});
    EXPECT_EQ(read.tensors.at("half").bytes, std::string_view("\x00\x38\x00\x40", 4));
  }
}

TEST(TorchFileTest, OfACheckpointOnlyTheStateDictIsRead) {
  for (const char* name : {"checkpoint.pth.tar", "checkpoint_legacy.pth.tar"}) {
    const TensorFile read = parsed(name);
    ASSERT_EQ(read.tensors.size(), 3U) << name;
    EXPECT_EQ(elements(read.tensors.at("model.layer1.0.weight")), range(4));
    EXPECT_EQ(elements(read.tensors.at("layer_blocks.0.0.weight")), range(4));
    EXPECT_EQ(elements(read.tensors.at("model.last_linear.bias")), (std::vector<double>{1, 1}));
  }
}

TEST(TorchFileTest, AStateDictIsFoundWherePeoplesCheckpointsKeepIt) {
  const TensorFile run = parsed("training_run.pth");
  EXPECT_EQ(run.under, "model_state_dict") << "not the optimiser's tensors, nor the best accuracy's";
  EXPECT_EQ(run.tensors.size(), 2U);
  EXPECT_EQ(run.tensors.at("weight").shape, (Shape{1, 2}));
  EXPECT_EQ(parsed("lightning.ckpt").under, "state_dict");
  EXPECT_EQ(parsed("checkpoint.pth.tar").under, "state_dict");
  EXPECT_EQ(parsed("tensors.pth").under, "");
}

std::string checkpoint_of(const std::vector<std::pair<std::string, std::string>>& entries) {
  std::vector<std::pair<std::string, std::string>> texts;
  for (const auto& [key, value] : entries) texts.emplace_back(pickled::text(key), value);
  return saved::archive(pickled::file(pickled::dict(texts), 2));
}

TEST(TorchFileTest, TheLikelierKeyWinsAndTheOnlyOneNeedsNoName) {
  using namespace pickled;
  const std::string tensors = dict({{text("a"), saved::pickled_tensor({})}});
  const std::string nested = dict({{text("epoch"), "K\1"}, {text("state_dict"), tensors}});
  const std::vector<std::pair<std::vector<std::pair<std::string, std::string>>, std::string>> cases = {
      {{{"ema", tensors}, {"model", tensors}}, "model"},
      {{{"network", tensors}, {"epoch", "K\1"}}, "network"},
      {{{"net", nested}}, "net.state_dict"},
      {{{"my_extractor", tensors}, {"epoch", "K\1"}}, "my_extractor"},
  };
  for (const auto& [entries, under] : cases) {
    const auto read = parse_torch_file(checkpoint_of(entries), "w.pth");
    ASSERT_TRUE(read) << read.error().message();
    EXPECT_EQ(read->under, under);
    EXPECT_EQ(read->tensors.size(), 1U);
  }
  const auto several = parse_torch_file(checkpoint_of({{"teacher", tensors}, {"student", tensors}}), "w.pth");
  ASSERT_FALSE(several);
  EXPECT_EQ(several.error().message(),
            "w.pth: several dicts of tensors are in it, student, teacher; save the one that is "
            "wanted alone, or as 'state_dict'");
}

// As PyTorch under Python 2 wrote them: short strings, and the pairs handed to the constructor.
TEST(TorchFileTest, StateDictsOfPython2) {
  std::string tensor = saved::pickled_tensor({});
  const std::string pairs = "(](](U\1a" + tensor + "eet";
  const auto read = parse_torch_file(
      saved::archive(pickled::file(pickled::global("collections", "OrderedDict") + pairs + "R", 2)), "w.pth");
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->tensors.at("a").shape, (Shape{6}));
}

// What PyTorch before 0.4 wrote: parameters by their class, shapes by theirs, storages that lay on a GPU, and tensors
// as objects whose state is (storage, offset, shape, strides).
TEST(TorchFileTest, TensorsOfTheFirstReleases) {
  using namespace pickled;
  const std::string rebuild = global("torch._utils", "_rebuild_tensor"), size = global("torch", "Size");
  const std::string shape = size + saved::tuple({2, 3}) + "\x85R", strides = saved::tuple({3, 1});
  const std::string view = integer(0) + shape + strides;
  const std::string tensor = rebuild + "(" + saved::pickled_storage({}) + view + "tR";
  const std::string of_gpu = rebuild + "(" + saved::pickled_storage({}, "torch.cuda") + view + "tR";
  const std::string parameter = global("torch.nn.parameter", "Parameter") + tensor + "\x85R(\x88\x89" +
                                global("collections", "OrderedDict") + ")Rtb";
  const std::string object = global("torch", "FloatTensor") + ")\x81(" + saved::pickled_storage({}) + view + "tb";
  const auto read = parse_torch_file(saved::archive(pickled::file(dict({{text("tensor"), tensor},
                                                                        {text("of_gpu"), of_gpu},
                                                                        {text("parameter"), parameter},
                                                                        {text("object"), object}}),
                                                                  2)),
                                     "w.pth");
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->tensors.size(), 4U);
  for (const auto& [name, got] : read->tensors) {
    EXPECT_EQ(got.dtype, "F32") << name;
    EXPECT_EQ(got.shape, (Shape{2, 3})) << name;
    EXPECT_EQ(got.bytes, std::string(24, '\1')) << name;
  }
}

TEST(TorchFileTest, SafetensorsAreTakenByTheSameReader) {
  const testing::TemporaryFolder folder;
  const std::string data(24, '\0');
  ASSERT_TRUE(write_safetensors(folder / "w", {{"a", {"F32", {2, 3}, data}}}).ok());
  const auto read = read_tensor_file(folder / "w", 1 << 20);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->tensors.at("a").strides, (Shape{3, 1}));
  EXPECT_EQ(elements(read->tensors.at("a")), std::vector<double>(6, 0.0));
  EXPECT_EQ(read_tensor_file(folder / "none", 1 << 20).error().code(), StatusCode::kNotFound);
  EXPECT_EQ(read_tensor_file(folder / "w", 10).error().code(), StatusCode::kInvalidArgument);
}

TEST(TorchFileTest, OtherFilesAreNotTaken) {
  for (const char* bytes : {"", "PK", "\x80\x02}.", "not tensors at all", "\x80\x04\x95"}) {
    EXPECT_FALSE(is_torch_file(bytes));
    EXPECT_FALSE(parse_torch_file(bytes, "w.pth"));
    EXPECT_FALSE(parse_tensor_file(bytes, "w.pth"));
  }
}

}  // namespace
}  // namespace oodml::weight_files
