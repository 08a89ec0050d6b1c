#include "core/scripts/torch_values.h"

#include <ATen/core/Dict.h>
#include <ATen/core/List.h>
#include <ATen/core/jit_type.h>

#include <algorithm>

#include "core/base/printable.h"

namespace oodml::scripts {
namespace {

constexpr std::int64_t kMostNumbers = 4096;

/// "float [2, 384]"
std::string shown(const torch::Tensor& tensor) {
  if (!tensor.defined()) return "an undefined tensor";
  std::string text = std::string(c10::toString(tensor.scalar_type())) + " [";
  for (std::int64_t d = 0; d < tensor.dim(); ++d) text += (d == 0 ? "" : ", ") + std::to_string(tensor.size(d));
  return text + "]";
}

std::string listed(const std::vector<torch::Tensor>& tensors) {
  std::string text;
  for (std::size_t i = 0; i < tensors.size(); ++i) text += (i == 0 ? "" : ", ") + shown(tensors[i]);
  return text;
}

/// Empty unless all are tensors.
template <typename Values>
std::vector<torch::Tensor> tensors_of(const Values& values) {
  std::vector<torch::Tensor> tensors;
  for (const c10::IValue& value : values) {
    if (!value.isTensor()) return {};
    tensors.push_back(value.toTensor());
  }
  return tensors;
}

Returned of_dict(const c10::IValue& value) {
  Returned returned;
  for (const auto& entry : value.toGenericDict()) {
    if (!entry.key().isString() || !entry.value().isTensor()) return {.shown = value.type()->repr_str()};
    returned.names.push_back(entry.key().toStringRef());
    returned.tensors.push_back(entry.value().toTensor());
  }
  for (std::size_t i = 0; i < returned.names.size(); ++i) {
    returned.shown += (i == 0 ? "a dict of " : ", ") + printable(returned.names[i]) + ": " + shown(returned.tensors[i]);
  }
  return returned;
}

Returned of_several(std::vector<torch::Tensor> tensors, const char* kind, const c10::IValue& value) {
  if (tensors.empty()) return {.shown = value.type()->repr_str()};
  std::string text = kind + listed(tensors);
  return {.tensors = std::move(tensors), .shown = std::move(text)};
}

std::optional<double> number_of(const c10::IValue& value) {
  if (value.isInt()) return static_cast<double>(value.toInt());
  if (value.isDouble()) return value.toDouble();
  if (value.isBool()) return value.toBool() ? 1.0 : 0.0;
  return std::nullopt;
}

template <typename Values>
std::optional<Attribute> numbers_of(const Values& values) {
  std::vector<double> numbers;
  for (const c10::IValue& value : values) {
    const auto number = number_of(value);
    if (!number) return std::nullopt;
    numbers.push_back(*number);
  }
  return numbers;
}

std::optional<Attribute> of_tensor(const torch::Tensor& tensor) {
  if (!tensor.defined() || tensor.numel() > kMostNumbers || tensor.is_complex()) return std::nullopt;
  const auto flat = tensor.detach().to(torch::kCPU, torch::kFloat64).flatten();
  if (tensor.dim() == 0) return flat.item<double>();
  return std::vector<double>(flat.const_data_ptr<double>(), flat.const_data_ptr<double>() + flat.numel());
}

std::optional<Attribute> of_numbers_by_name(const c10::IValue& value) {
  std::map<std::string, double> numbers;
  for (const auto& entry : value.toGenericDict()) {
    const auto number = number_of(entry.value());
    if (!entry.key().isString() || !number) return std::nullopt;
    numbers[entry.key().toStringRef()] = *number;
  }
  return numbers;
}

}  // namespace

Returned returned_of(const c10::IValue& value) {
  if (value.isTensor()) return {.tensors = {value.toTensor()}, .shown = shown(value.toTensor())};
  if (value.isTuple()) return of_several(tensors_of(value.toTupleRef().elements()), "a tuple of ", value);
  if (value.isList()) return of_several(tensors_of(value.toListRef()), "a list of ", value);
  if (value.isGenericDict()) return of_dict(value);
  return {.shown = value.isNone() ? "nothing" : value.type()->repr_str()};
}

std::optional<Attribute> attribute_of(const c10::IValue& value) {
  if (const auto number = number_of(value)) return *number;
  if (value.isTensor()) return of_tensor(value.toTensor());
  if (value.isTuple()) return numbers_of(value.toTupleRef().elements());
  if (value.isList()) return numbers_of(value.toListRef());
  if (value.isGenericDict()) return of_numbers_by_name(value);
  return std::nullopt;
}

}  // namespace oodml::scripts
