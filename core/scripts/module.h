#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/base/result.h"

namespace oodml::scripts {

/// One argument of a module's forward.
struct Argument {
  std::string name;
  bool needed = true;  ///< It has no default.
};

/// What a module returned.
struct Returned {
  std::vector<torch::Tensor> tensors;  ///< The tensor, or the members of a tuple, list or dict; else empty.
  std::vector<std::string> names;      ///< Of a dict: the keys of `tensors`, in their order. Else empty.
  std::string shown;                   ///< For messages: "a tuple of float [2, 384] and float [2, 384, 7, 7]".
};

/// What a module says of itself in an attribute, or in a method without arguments.
using Attribute = std::variant<double, std::vector<double>, std::map<std::string, double>>;

/// A network or a criterion that came as a file, written by somebody else. The seam behind which kinds of files stand:
/// whoever trains one knows no TorchScript. Its parameters and buffers are those of this torch::nn::Module, under the
/// names that they have in the file, and share memory with what the code reads: so moves to a device, checkpoints and
/// optimisers treat it as any other. A tensor that the file has under several names is there under the first.
class Module : public torch::nn::Module {
 public:
  /// Without self.
  virtual const std::vector<Argument>& arguments() const = 0;
  /// One forward pass, op by op as eager PyTorch computes, in the grad and autocast mode of the caller. Throws
  /// std::invalid_argument with the module's own message and line, and c10::Error for what lies in memory or a device.
  virtual Returned call(const std::map<std::string, torch::Tensor>& arguments) = 0;
  /// Nothing where there is none of that name; throws as call() where a method fails.
  virtual std::optional<Attribute> attribute(const std::string& name) = 0;
  /// Batch norms (whatever has running_mean and running_var) stay in evaluation mode from now on.
  virtual void freeze_batch_norms() = 0;
  virtual bool has_batch_norms() const = 0;
};

/// Loads a file that torch.jit.save wrote, onto the CPU; it runs what the file says is done on loading. `name` is what
/// messages call it. kInvalidArgument for what is no such file, unpacks to more than kMaxScriptBytes, has no forward,
/// or changes what no checkpoint holds.
Result<std::shared_ptr<Module>> load_module(const std::filesystem::path& file, const std::string& name);

}  // namespace oodml::scripts
