#pragma once

#include <ATen/core/ivalue.h>

#include <filesystem>
#include <string>
#include <vector>

namespace oodml::testing {

/// A TorchScript module as torch.jit.save writes it, without Python.
struct SampleModule {
  std::string code;                                             ///< def forward(self, x): ..., and further methods
  std::vector<std::pair<std::string, at::Tensor>> parameters;   ///< trained
  std::vector<std::pair<std::string, at::Tensor>> buffers;      ///< not trained
  std::vector<std::pair<std::string, c10::IValue>> attributes;  ///< numbers, lists, dicts of numbers
  void save(const std::filesystem::path& file) const;
};

/// images [B, 3, H, W] -> features [B, 4]: the means of the colours times `weight` [3, 4].
SampleModule mean_colours();

/// The same with a batch norm, two channels wide, before it is pooled; the map has two channels.
SampleModule with_batch_norm();

}  // namespace oodml::testing
