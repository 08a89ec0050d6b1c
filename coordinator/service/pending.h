#pragma once

namespace oodml::coordinator {

/// A question that waits for its answer, as a long poll does.
class Pending {
 public:
  virtual ~Pending() = default;
  virtual void cancel() = 0;  ///< Answers now, with what there is, unless the answer is under way.
};

}  // namespace oodml::coordinator
