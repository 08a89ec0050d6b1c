#include "tests/core/data/golden_case.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <stdexcept>

namespace oodml::data {
namespace {

template <typename T>
std::vector<T> copied(const StoredTensor& tensor, const std::string& dtype) {
  if (tensor.dtype != dtype) throw std::runtime_error("golden tensor of type " + tensor.dtype + ", wants " + dtype);
  std::vector<T> values(tensor.bytes.size() / sizeof(T));
  std::memcpy(values.data(), tensor.bytes.data(), tensor.bytes.size());
  return values;
}

}  // namespace

std::vector<std::uint8_t> GoldenCase::bytes(const std::string& tensor) const {
  return copied<std::uint8_t>(file.tensors.at(tensor), "U8");
}

std::vector<std::int64_t> GoldenCase::integers(const std::string& tensor) const {
  return copied<std::int64_t>(file.tensors.at(tensor), "I64");
}

std::vector<float> GoldenCase::floats(const std::string& tensor) const {
  return copied<float>(file.tensors.at(tensor), "F32");
}

Image GoldenCase::image(const std::string& tensor) const {
  const std::vector<std::int64_t>& shape = file.tensors.at(tensor).shape;
  return {.width = shape.at(1), .height = shape.at(0), .pixels = bytes(tensor)};
}

std::vector<GoldenCase> golden_cases(const std::string& name) {
  const std::filesystem::path folder = std::filesystem::path(std::getenv("OODML_SOURCE")) / "tests/golden/transform";
  std::vector<GoldenCase> cases;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string stem = entry.path().stem().string();
    if (!stem.starts_with(name + "--")) continue;
    Result<SafetensorsFile> file = read_safetensors(entry.path(), 16 << 20);
    if (!file) throw std::runtime_error(file.error().message());
    cases.push_back(
        {.name = stem, .about = nlohmann::json::parse(file->metadata.at("case")), .file = *std::move(file)});
  }
  if (cases.empty()) throw std::runtime_error("no golden case " + name);
  std::ranges::sort(cases, {}, &GoldenCase::name);
  return cases;
}

}  // namespace oodml::data
