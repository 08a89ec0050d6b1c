#pragma once

#include <google/protobuf/message_lite.h>

#include <cstddef>

#include "core/job/limits.h"

namespace oodml::coordinator::rpc {

/// Counts what goes into a reply's list.
class ReplyBudget {
 public:
  explicit ReplyBudget(const google::protobuf::MessageLite& begun) : used_(begun.ByteSizeLong()) {}

  /// Whether one more entry of a list fits.
  bool take(const google::protobuf::MessageLite& entry) {
    constexpr std::size_t kTagAndLength = 8;
    const std::size_t bytes = entry.ByteSizeLong() + kTagAndLength;
    if (used_ + bytes > job::kMaxPageBytes) return false;
    used_ += bytes;
    return true;
  }

 private:
  std::size_t used_;
};

}  // namespace oodml::coordinator::rpc
