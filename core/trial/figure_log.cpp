#include "core/trial/figure_log.h"

#include <cctype>
#include <variant>

#include "core/train/sampling_policy.h"

namespace oodml::trial {

LogPlace log_place_of(const job::Metric& figure) {
  if (figure.set == train::kPolicySet) return {"Policy", figure.name.substr(0, figure.name.find('@')), figure.name};
  if (figure.name == "grad_l2") return {"Model Grad", "L2", "Grad L2"};
  if (figure.name == "grad_max") return {"Model Grad", "Max", "Grad Max"};
  if (figure.name == "seconds") return {"Train", "time", "time"};
  for (const char* name : {"loss", "data_wait", "skipped_steps", "push_triplets"}) {
    if (figure.name == name) return {"Train", name, name};
  }
  std::string sub = figure.set;  // test, train, val
  if (!sub.empty()) sub.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(sub.front())));
  return {sub, figure.embeds + "_" + figure.name.substr(0, figure.name.find('@')), figure.name};
}

Status FigureLogs::observe(const job::EventBody& event) {
  if (std::holds_alternative<job::Progress>(event)) return {};
  const auto* figure = std::get_if<job::Metric>(&event);
  if (figure == nullptr) return flush();
  for (const auto& log : logs_) OODML_RETURN_IF_ERROR(log->add(*figure));
  return {};
}

Status FigureLogs::flush() {
  for (const auto& log : logs_) OODML_RETURN_IF_ERROR(log->flush());
  return {};
}

}  // namespace oodml::trial
