#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/embedding_files/array.h"

namespace oodml::embedding_files {

/// Numbers classes in the order in which their labels come. A number and the text of it are one label, so that files of
/// different formats meet.
class ClassIds {
 public:
  /// [N] int64. labels: integers [N] or [N, 1], or texts. kInvalidArgument for others; `name` starts the message.
  Result<torch::Tensor> of(const Array& labels, const std::string& name);

  /// The labels by number.
  std::vector<std::string> names() const;
  std::int64_t count() const { return static_cast<std::int64_t>(ids_.size()); }

 private:
  std::int64_t id_of(const std::string& label) {
    return ids_.try_emplace(label, static_cast<std::int64_t>(ids_.size())).first->second;
  }

  std::map<std::string, std::int64_t> ids_;
};

}  // namespace oodml::embedding_files
