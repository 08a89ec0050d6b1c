#include "coordinator/submission/program_fit.h"

#include <map>
#include <string>

#include "core/catalogue/program_keys.h"
#include "core/job/program.h"

namespace oodml::coordinator::submission {
namespace {

struct Offer {
  const std::string* worker;
  const job::ProgramOffer* program;
};

std::vector<Offer> offers_of(const std::string& name, const std::vector<WorkerView>& workers) {
  std::vector<Offer> offers;
  for (const WorkerView& worker : workers) {
    if (!worker.connected) continue;
    for (const job::ProgramOffer& program : worker.info.programs) {
      if (program.name == name) offers.push_back({&worker.info.id.value, &program});
    }
  }
  return offers;
}

/// The first worker's refusal, unless another one takes the trial.
Status check(const job::PlannedTrial& trial, const std::vector<Offer>& offers) {
  const Params params = trial.spec.values.below(catalogue::kParamsGroup);
  Status first;
  for (const auto& [worker, program] : offers) {
    const Status fits = catalogue::check_params(program->name, program->keys, params);
    if (fits.ok()) return {};
    if (!first.ok()) continue;
    std::string row;
    for (const auto& [axis, label] : trial.labels) row += (row.empty() ? "" : ", ") + axis + " " + label;
    first = invalid_argument((row.empty() ? "" : "the trial '" + row + "': ") + fits.message() + ", as worker " +
                             *worker + " declares");
  }
  return first;
}

}  // namespace

Status check_programs(const job::SweepPlan& plan, const std::vector<WorkerView>& workers) {
  std::map<std::string, std::vector<Offer>> offers;
  for (const job::PlannedTrial& trial : plan.trials) {
    const std::string name = job::program_of(trial.spec);
    if (name.empty()) continue;
    const auto [known, is_new] = offers.try_emplace(name);
    if (is_new) known->second = offers_of(name, workers);
    OODML_RETURN_IF_ERROR(check(trial, known->second));
  }
  return {};
}

}  // namespace oodml::coordinator::submission
