#include "core/pads/policy.h"

#include <cmath>
#include <utility>

#include "core/metrics/evaluation.h"
#include "core/train/parts.h"

namespace oodml::pads {
namespace {

constexpr int kPaperClusterIterations = 25;  // a misspelt attribute leaves the library's default (quirk T21)

torch::Tensor labels_of(const data::Dataset& dataset) {
  std::vector<std::int64_t> labels;
  labels.reserve(dataset.samples.size());
  for (const auto& sample : dataset.samples) labels.push_back(sample.label);
  return torch::tensor(labels, torch::kLong);
}

std::vector<double> to_vector(const torch::Tensor& numbers) {
  const auto flat = numbers.to(torch::kDouble).contiguous();
  return {flat.const_data_ptr<double>(), flat.const_data_ptr<double>() + flat.numel()};
}

Result<std::vector<double>> evaluated(const torch::Tensor& rows, const data::Dataset& dataset,
                                      const metrics::EvaluationOptions& options) {
  OODML_ASSIGN_OR_RETURN(const auto values, metrics::evaluate(rows, labels_of(dataset), options));
  std::vector<double> numbers;
  for (const metrics::MetricValue& metric : values) {
    if (!std::isfinite(metric.value))
      return invalid_argument(metric.name + " is not finite; leave it out of state_metrics");
    numbers.push_back(metric.value);
  }
  return numbers;
}

}  // namespace

Policy::Policy(PolicyOptions options, PolicyRun run)
    : options_(std::move(options)),
      run_(std::move(run)),
      data_(run_.data),
      agent_(options_.agent, run_.seeds),
      published_(std::make_shared<torch::Tensor>(agent_.histogram().probabilities())) {}

std::unique_ptr<miners::Miner> Policy::make_miner() const {
  return std::make_unique<HistogramMiner>(support_edges(options_.agent.histogram), published_, options_.draws);
}

Status Policy::begin_epoch(std::int64_t epoch, train::Parts& parts) {
  const std::int64_t round = epoch / options_.scramble_freq;
  if (round == round_) return {};
  Random random = run_.seeds.stream("policy_scramble", {static_cast<std::uint64_t>(round)});
  data_ = round == 0 ? run_.data : scrambled(run_.data, run_.validates_classes, random);
  OODML_ASSIGN_OR_RETURN(parts.sampler, run_.make_sampler(data_.train));
  parts.train = data_.train;
  for (train::EvaluationSet& set : parts.sets) {
    if (set.name == "train") set.dataset = data_.train;
    if (set.name == "val") set.dataset = data_.validation;
  }
  round_ = round;
  return {};
}

Result<Policy::Answer> Policy::follow(std::int64_t epoch, std::int64_t steps, const train::PolicyTools& tools) {
  if (published_->device() != tools.device) publish(tools.device);
  if (steps - options_.training_delay * run_.steps_per_epoch <= calls_) return Answer::kGoOn;
  Answer answer = Answer::kGoOn;
  if (calls_ > 0 && calls_ % options_.sample_freq == 0) {
    OODML_ASSIGN_OR_RETURN(answer, update(epoch, steps, tools));
  } else if (collects_now()) {
    OODML_ASSIGN_OR_RETURN(answer, collect(tools));
  }
  if (answer == Answer::kGoOn) ++calls_;
  return answer;
}

bool Policy::collects_now() const {
  if (options_.sup_metric_collect < 1) return false;
  const std::int64_t between = options_.sample_freq / (options_.sup_metric_collect + 1);
  const std::int64_t since = calls_ % options_.sample_freq;
  return since > 0 && since % between == 0 && since / between <= options_.sup_metric_collect;
}

Result<Policy::Measured> Policy::measure(const std::shared_ptr<const data::Dataset>& dataset, const char* name,
                                         const train::PolicyTools& tools) const {
  OODML_ASSIGN_OR_RETURN(const auto rows, tools.embed(dataset, options_.compat_paper));
  if (!rows) return Measured{Answer::kStop, {}};
  if (!rows->isfinite().all().item<bool>()) return Measured{Answer::kNotFinite, {}};
  metrics::EvaluationOptions wanted{.metrics = metric_names(options_.measures), .compat_paper = options_.compat_paper};
  if (options_.compat_paper) wanted.cluster_iterations = kPaperClusterIterations;
  wanted.keep_going = tools.goes_on;
  std::vector<double> values(wanted.metrics.size());
  if (tools.replicas->rank() == 0) {
    auto own = evaluated(*rows, *dataset, wanted);
    if (!own && own.error().code() == StatusCode::kCancelled) return Measured{Answer::kStop, {}};
    if (!own) {
      return failure(own.error().code(),
                     "sampler pads: measure the " + std::string(name) + " set: " + own.error().message());
    }
    values = *std::move(own);
  }
  if (!tools.replicas->alone()) {  // the first one's are taken, as clusters may differ by device
    auto shared = torch::tensor(values, torch::kDouble).to(tools.device);
    tools.replicas->broadcast(shared, 0);
    values = to_vector(shared.cpu());
  }
  return Measured{Answer::kGoOn, std::move(values)};
}

Result<Policy::Answer> Policy::collect(const train::PolicyTools& tools) {
  OODML_ASSIGN_OR_RETURN(const Measured measured, measure(data_.validation, "validation", tools));
  if (measured.answer == Answer::kGoOn) collected_.push_back(score(options_.measures, measured.values));
  return measured.answer;
}

Result<Policy::Answer> Policy::update(std::int64_t epoch, std::int64_t steps, const train::PolicyTools& tools) {
  OODML_ASSIGN_OR_RETURN(const Measured measured, measure(data_.validation, "validation", tools));
  if (measured.answer != Answer::kGoOn) return measured.answer;
  auto seen = state_metrics(options_.measures, measured.values);
  if (options_.include_train_metrics) {
    OODML_ASSIGN_OR_RETURN(const Measured training, measure(data_.train, "training", tools));
    if (training.answer != Answer::kGoOn) return training.answer;
    seen = torch::cat({seen, state_metrics(options_.measures, training.values)});
  }
  collected_.push_back(score(options_.measures, measured.values));
  const double value = supported_score(std::exchange(collected_, {}));
  const auto whole = static_cast<double>(run_.epochs * run_.steps_per_epoch);
  const Insight insight =
      agent_.learn({.metrics = seen, .score = value, .progress = static_cast<double>(steps) / whole});
  agent_.act(agent_.draw());
  publish(tools.device);
  record(insight, value, epoch, steps);
  return Answer::kGoOn;
}

void Policy::record(const Insight& insight, double score, std::int64_t epoch, std::int64_t steps) {
  sums_.updates += 1;
  sums_.score += score;
  if (insight.learned) {
    sums_.learned += 1;
    sums_.reward += *insight.reward;
    sums_.policy_loss += insight.learned->policy_loss;
    sums_.value_loss += insight.learned->value_loss;
    sums_.grad_l2 += insight.learned->grad_l2;
    sums_.grad_max += insight.learned->grad_max;
  }
  progression_.rows.push_back({.iteration = steps,
                               .epoch = epoch + 1,
                               .score = score,
                               .reward = insight.reward.value_or(0.0),
                               .bins = to_vector(agent_.histogram().probabilities()),
                               .raw = to_vector(agent_.histogram().entries())});
}

void Policy::publish(const torch::Device& device) { *published_ = agent_.histogram().probabilities().to(device); }

std::vector<std::pair<std::string, double>> Policy::finish_epoch() {
  std::vector<std::pair<std::string, double>> figures;
  const auto bins = to_vector(agent_.histogram().probabilities());
  for (std::size_t b = 0; b < bins.size(); ++b) figures.emplace_back("sampling@" + std::to_string(b), bins[b]);
  const Sums sums = std::exchange(sums_, {});
  if (sums.updates > 0) figures.emplace_back("score", sums.score / sums.updates);
  if (sums.learned == 0) return figures;
  figures.emplace_back("reward", sums.reward / sums.learned);
  figures.emplace_back("policy_loss", sums.policy_loss / sums.learned);
  if (options_.agent.learner.a2c) figures.emplace_back("value_loss", sums.value_loss / sums.learned);
  figures.emplace_back("grad_l2", sums.grad_l2 / sums.learned);
  figures.emplace_back("grad_max", sums.grad_max / sums.learned);
  return figures;
}

models::NamedTensors Policy::tensors() const {
  const std::vector<double> sums = {sums_.updates,     sums_.score,      sums_.learned, sums_.reward,
                                    sums_.policy_loss, sums_.value_loss, sums_.grad_l2, sums_.grad_max};
  models::NamedTensors tensors = {{"calls", torch::full({1}, calls_, torch::kLong)},
                                  {"collected", torch::tensor(collected_, torch::kDouble)},
                                  {"sums", torch::tensor(sums, torch::kDouble)},
                                  {"progression", progression_.tensor()}};
  models::add_below(tensors, "agent", agent_.tensors());
  return tensors;
}

Status Policy::restore(const models::NamedTensors& tensors) {
  for (const char* name : {"calls", "collected", "sums", "progression"}) {
    if (!tensors.contains(name)) return invalid_argument(std::string("restore the sampling policy: no '") + name + "'");
  }
  const auto sums = to_vector(tensors.at("sums"));
  if (sums.size() != 8 || tensors.at("calls").numel() != 1) {
    return invalid_argument("restore the sampling policy: 'sums' or 'calls' does not fit");
  }
  OODML_ASSIGN_OR_RETURN(progression_, train::SamplingProgression::of_tensor(tensors.at("progression")));
  OODML_RETURN_IF_ERROR(agent_.restore(models::below(tensors, "agent")));
  sums_ = {sums[0], sums[1], sums[2], sums[3], sums[4], sums[5], sums[6], sums[7]};
  calls_ = tensors.at("calls").item<std::int64_t>();
  collected_ = to_vector(tensors.at("collected"));
  publish(torch::kCPU);
  return {};
}

}  // namespace oodml::pads
