#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/atomic_file.h"
#include "tests/core/pickle/pickle_text.h"
#include "tests/support/process.h"
#include "tests/support/zip_archive.h"

/// Weight files: those that PyTorch wrote (files/make_torch_files.py), and such as an attacker would.
namespace oodml::weight_files::saved {

inline std::string file(const std::string& name) {
  auto bytes = read_file(testing::source("tests/core/weight_files/files/" + name), 1 << 20);
  EXPECT_TRUE(bytes.has_value()) << bytes.error().message();
  return bytes ? *std::move(bytes) : "";
}

inline std::string tuple(const std::vector<std::int32_t>& numbers) {
  std::string all = "(";
  for (const std::int32_t number : numbers) all += pickled::integer(number);
  return all + "t";
}

/// What a tensor says about its elements; the defaults are a vector of six float32.
struct Tensor {
  std::string type = "FloatStorage", key = "0";
  std::int32_t count = 6, offset = 0;
  std::vector<std::int32_t> shape = {6}, strides = {1};
};

inline std::string pickled_storage(const Tensor& tensor, const std::string& module = "torch") {
  using namespace pickled;
  return "(" + text("storage") + global(module, tensor.type) + text(tensor.key) + text("cpu") + integer(tensor.count) +
         "tQ";
}

inline std::string pickled_tensor(const Tensor& tensor) {
  using namespace pickled;
  return global("torch._utils", "_rebuild_tensor_v2") + "(" + pickled_storage(tensor) + integer(tensor.offset) +
         tuple(tensor.shape) + tuple(tensor.strides) + "\x89" + global("collections", "OrderedDict") + ")RtR";
}

/// A file of torch.save with this pickle and this storage `0`.
inline std::string archive(const std::string& pickle, const std::string& storage = std::string(24, '\1')) {
  return testing::zip({{"w/data.pkl", pickle}, {"w/byteorder", "little"}, {"w/data/0", storage}}, false);
}

inline std::string archive_of(const Tensor& tensor, const std::string& storage = std::string(24, '\1')) {
  return archive(pickled::file(pickled::dict({{pickled::text("a"), pickled_tensor(tensor)}}), 2), storage);
}

}  // namespace oodml::weight_files::saved
