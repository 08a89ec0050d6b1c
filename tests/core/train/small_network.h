#pragma once

#include <ATen/CPUGeneratorImpl.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "core/models/backbone.h"

namespace oodml::train {

/// A network of four output dimensions with the same initial values every time.
inline std::shared_ptr<models::Network> small_network(const std::string& arch) {
  auto made = models::make_network(arch, 4, at::make_generator<at::CPUGeneratorImpl>(1));
  if (!made) throw std::runtime_error(made.error().message());
  return *made;
}

inline torch::Tensor random_images(std::int64_t count) {
  return torch::empty({count, 3, 16, 16}).normal_(0, 1, at::make_generator<at::CPUGeneratorImpl>(2));
}

}  // namespace oodml::train
