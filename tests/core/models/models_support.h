#pragma once

#include <ATen/CPUGeneratorImpl.h>
#include <gtest/gtest.h>

#include "core/models/backbone.h"
#include "core/models/tensor_file.h"

namespace oodml::models {

inline std::shared_ptr<Network> network(const std::string& arch, std::int64_t embed_dim = 16, std::uint64_t seed = 1) {
  auto made = make_network(arch, embed_dim, at::make_generator<at::CPUGeneratorImpl>(seed));
  EXPECT_TRUE(made.has_value()) << made.error().message();
  return *made;
}

inline torch::Tensor images(std::int64_t count, std::int64_t side, std::uint64_t seed = 2) {
  return torch::empty({count, 3, side, side}).normal_(0, 1, at::make_generator<at::CPUGeneratorImpl>(seed));
}

}  // namespace oodml::models
