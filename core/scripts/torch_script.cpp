#include <c10/util/Exception.h>
#include <torch/csrc/jit/api/module.h>
#include <torch/csrc/jit/ir/ir.h>
#include <torch/csrc/jit/runtime/graph_executor.h>
#include <torch/csrc/jit/serialization/import.h>

#include <algorithm>
#include <new>
#include <set>
#include <stdexcept>
#include <utility>

#include "core/base/printable.h"
#include "core/scripts/archive_check.h"
#include "core/scripts/failure_text.h"
#include "core/scripts/module.h"
#include "core/scripts/torch_values.h"

namespace oodml::scripts {
namespace {

using ScriptModule = torch::jit::Module;

/// The interpreter turns whatever fails inside of it into a text. What lies in memory or a device keeps its kind.
[[noreturn]] void throw_again(const std::string& who, const std::string& what) {
  const std::string text = who + ": " + failure_text(what);
  const auto says = [&](std::string_view sign) { return what.find(sign) != what.npos; };
  if (says("DefaultCPUAllocator") || says("out of memory")) {
    throw c10::OutOfMemoryError({__func__, __FILE__, __LINE__}, text);
  }
  for (const std::string_view sign : {"CUDA error", "cuDNN error", "CUDNN_STATUS", "CUBLAS_STATUS"}) {
    if (says(sign)) throw c10::Error({__func__, __FILE__, __LINE__}, text);
  }
  throw std::invalid_argument(text);
}

template <typename Work>
auto guarded(const std::string& who, const Work& work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const c10::OutOfMemoryError&) {
    throw;
  } catch (const c10::Error& error) {
    throw_again(who, error.what_without_backtrace());
  } catch (const std::exception& error) {
    throw_again(who, error.what());
  }
}

/// A tensor that the code reads from a slot and that is registered outside under its name.
struct Held {
  ScriptModule owner;
  std::size_t slot;
  torch::Tensor tensor;
  std::string name;
};

/// What the code assigns: self.NAME = ...
struct Assignment {
  std::string name, type;
  bool is_tensor;
};

void add_assignments(const torch::jit::Block& block, std::vector<Assignment>& found) {
  for (const torch::jit::Node* node : block.nodes()) {
    if (node->kind() == c10::prim::SetAttr) {
      const auto& type = node->input(1)->type();
      found.push_back({node->s(c10::attr::name), type->repr_str(), type->isSubtypeOf(*c10::TensorType::get())});
    }
    for (const torch::jit::Block* inner : node->blocks()) add_assignments(*inner, found);
  }
}

std::vector<Assignment> assignments_of(const ScriptModule& module) {
  std::vector<Assignment> found;
  for (const ScriptModule& inner : module.modules()) {
    for (const auto& method : inner.get_methods()) {
      if (!method.name().starts_with("__")) add_assignments(*method.graph()->block(), found);  // else of loading
    }
  }
  return found;
}

class TorchScript final : public Module {
 public:
  TorchScript(ScriptModule module, std::string who) : module_(std::move(module)), who_(std::move(who)) {
    for (const auto& argument : module_.get_method("forward").function().getSchema().arguments()) {
      if (argument.name() != "self") arguments_.push_back({argument.name(), !argument.default_value().has_value()});
    }
    for (const ScriptModule& inner : module_.modules()) {
      if (inner.hasattr("running_mean") && inner.attr("running_mean").isTensor()) batch_norms_.push_back(inner);
    }
    for (const Assignment& assignment : assignments_of(module_)) assigned_names_.insert(assignment.name);
    hold(module_, *this, "");
    train(true);
  }

  const std::vector<Argument>& arguments() const override { return arguments_; }

  Returned call(const std::map<std::string, torch::Tensor>& arguments) override {
    torch::jit::Kwargs named;
    for (const auto& [name, tensor] : arguments) named[name] = tensor.defined() ? c10::IValue(tensor) : c10::IValue();
    return returned_of(guarded(who_, [&] {
      // Optimised graphs come after some profiled calls and round differently: a resumed run would not have the same
      // bits.
      const torch::jit::GraphOptimizerEnabledGuard as_written(false);
      lend_assigned();
      c10::IValue value = module_.forward({}, named);
      keep_assigned();
      return value;
    }));
  }

  std::optional<Attribute> attribute(const std::string& name) override {
    return guarded(who_, [&]() -> std::optional<Attribute> {
      if (module_.hasattr(name)) return attribute_of(module_.attr(name));
      const auto method = module_.find_method(name);
      if (!method || method->function().getSchema().arguments().size() != 1) return std::nullopt;
      return attribute_of((*method)(std::vector<c10::IValue>()));
    });
  }

  void freeze_batch_norms() override {
    frozen_ = true;
    train(is_training());
  }
  bool has_batch_norms() const override { return !batch_norms_.empty(); }

  void train(bool on) override {
    torch::nn::Module::train(on);
    module_.train(on);
    if (!frozen_) return;
    for (ScriptModule& norm : batch_norms_) norm.setattr("training", false);
  }

 private:
  /// The same tree of names outside, with the same tensors.
  void hold(const ScriptModule& inside, torch::nn::Module& outside, const std::string& path) {
    const auto type = inside.type();
    for (std::size_t slot = 0; slot < type->numAttributes(); ++slot) {
      const std::string& name = type->getAttributeName(slot);
      const c10::IValue& value = inside._ivalue()->getSlot(slot);
      if (value.isTensor() && value.toTensor().defined()) hold_tensor(inside, slot, outside, path + name);
      if (!type->getAttribute(slot)->is_module()) continue;
      const auto child = std::make_shared<torch::nn::Module>();
      hold(ScriptModule(value.toObject()), *child, path + name + ".");
      if (!child->named_parameters().is_empty() || !child->named_buffers().is_empty()) {
        outside.register_module(name, child);
      }
    }
  }

  void hold_tensor(const ScriptModule& inside, std::size_t slot, torch::nn::Module& outside, const std::string& path) {
    const torch::Tensor tensor = inside._ivalue()->getSlot(slot).toTensor();
    const auto same = [&](const Held& held) { return held.tensor.is_same(tensor); };
    if (std::ranges::any_of(held_, same)) return;
    const std::string& name = inside.type()->getAttributeName(slot);
    const bool is_parameter = inside.type()->is_parameter(slot);
    if (is_parameter) {
      outside.register_parameter(name, tensor, tensor.requires_grad());
    } else {
      outside.register_buffer(name, tensor);
    }
    held_.push_back({inside, slot, tensor, path});
    if (!is_parameter && assigned_names_.contains(name)) assigned_.push_back(held_.back());
  }

  /// Code may put a new tensor in the place of a buffer. It works on a copy, so that the values can go into the tensor
  /// that checkpoints know while the graph of this pass still needs the former ones.
  void lend_assigned() {
    for (Held& held : assigned_) held.owner._ivalue()->setSlot(held.slot, held.tensor.detach().clone());
  }
  void keep_assigned() {
    const torch::NoGradGuard no_grad;
    for (Held& held : assigned_) {
      const c10::IValue& now = held.owner._ivalue()->getSlot(held.slot);
      if (!now.isTensor() || now.toTensor().sizes() != held.tensor.sizes()) {
        throw std::invalid_argument("its forward gave " + held.name + " another shape, which no checkpoint can hold");
      }
      held.tensor.copy_(now.toTensor());
    }
  }

  ScriptModule module_;
  std::string who_;
  std::vector<Argument> arguments_;
  std::vector<ScriptModule> batch_norms_;
  std::vector<Held> held_, assigned_;
  std::set<std::string> assigned_names_;
  bool frozen_ = false;
};

Status check_code(const ScriptModule& module, const std::string& who) {
  if (!module.find_method("forward")) return invalid_argument(who + " has no method forward");
  for (const ScriptModule& inner : module.modules()) {
    if (!inner.hasattr("training")) {
      return invalid_argument(who + " cannot be trained: a part of it has no `training` (torch.jit.freeze takes it)");
    }
  }
  for (const Assignment& assignment : assignments_of(module)) {
    if (assignment.is_tensor) continue;
    return invalid_argument(who + " sets its attribute " + printable(assignment.name + " (" + assignment.type + ")") +
                            ", which no checkpoint holds; make it a buffer (register_buffer)");
  }
  return {};
}

}  // namespace

Result<std::shared_ptr<Module>> load_module(const std::filesystem::path& file, const std::string& name) {
  const std::string who = "script " + printable(name);
  OODML_RETURN_IF_ERROR(check_archive(file, who));
  try {
    ScriptModule module = torch::jit::load(file.string(), torch::Device(torch::kCPU));
    OODML_RETURN_IF_ERROR(check_code(module, who));
    return std::make_shared<TorchScript>(std::move(module), who);
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const c10::OutOfMemoryError&) {
    throw;
  } catch (const std::exception& error) {
    return invalid_argument(who + " cannot be loaded: " + failure_text(error.what()));
  }
}

}  // namespace oodml::scripts
