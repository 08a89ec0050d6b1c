#include "coordinator/store/speed_table.h"

#include <algorithm>

namespace oodml::coordinator::store {
namespace {

/// From so many attempts on, what was measured before counts half at each new one that would be more.
constexpr std::int64_t kRemembered = 64;

/// Epochs whose training the attempt has told the seconds of.
std::int64_t epochs_trained(Connection& database, const job::Lease& lease) {
  Rows rows = database.query(
      "SELECT count(DISTINCT m.epoch) FROM metric_points m JOIN series s ON s.id = m.series_id "
      "WHERE m.trial_id = ? AND m.attempt = ? AND s.set_name = 'train' AND s.name = 'seconds'",
      lease.trial, lease.attempt);
  return rows.next() ? rows.integer(0) : 0;
}

}  // namespace

void add_speed(Connection& database, const job::Lease& lease, std::int64_t steps_per_epoch) {
  Rows rows = database.query(
      "SELECT tk.kind_id, tk.epochs, a.worker, a.model, (a.finished - a.started) / 1000.0 FROM attempts a "
      "JOIN trial_kinds tk ON tk.trial_id = a.trial_id WHERE a.trial_id = ? AND a.attempt = ? AND a.finished > a.started",
      lease.trial, lease.attempt);
  if (!rows.next()) return;
  const std::int64_t kind = rows.integer(0);
  const std::int64_t epochs = rows.integer(1) == 0 ? 1 : epochs_trained(database, lease);
  if (epochs == 0) return;  // it only evaluated what an attempt before it had trained
  const std::string worker = rows.text(2), model = rows.text(3);
  const double seconds = rows.number(4),
               steps = static_cast<double>(epochs * std::max<std::int64_t>(steps_per_epoch, 0));
  database.execute(
      "INSERT INTO speeds (kind_id, worker, model, attempts, epochs, seconds, steps, step_epochs, step_seconds) "
      "VALUES (?1, ?2, ?3, 1, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (kind_id, worker, model) DO UPDATE SET "
      "attempts = iif(attempts < ?9, attempts, attempts / 2) + 1, "
      "epochs = iif(attempts < ?9, epochs, epochs / 2) + ?4, seconds = iif(attempts < ?9, seconds, seconds / 2) + ?5, "
      "steps = iif(attempts < ?9, steps, steps / 2) + ?6, "
      "step_epochs = iif(attempts < ?9, step_epochs, step_epochs / 2) + ?7, "
      "step_seconds = iif(attempts < ?9, step_seconds, step_seconds / 2) + ?8",
      kind, worker, model, static_cast<double>(epochs), seconds, steps, steps > 0 ? static_cast<double>(epochs) : 0.0,
      steps > 0 ? seconds : 0.0, kRemembered);
}

std::vector<Speed> speeds_of(Connection& database, const std::string& network) {
  Rows rows = database.query(
      "SELECT k.data, k.batch, s.worker, s.model, s.attempts, s.seconds / s.epochs, s.steps, s.step_seconds FROM kinds k "
      "JOIN speeds s ON s.kind_id = k.id WHERE k.network = ? ORDER BY k.data, s.worker, s.model",
      network);
  std::vector<Speed> speeds;
  while (rows.next()) {
    Speed speed{.kind = {.network = network, .data = rows.text(0), .batch = rows.integer(1)},
                .worker = rows.text(2),
                .model = rows.text(3),
                .attempts = rows.integer(4),
                .seconds_per_epoch = rows.number(5),
                .seconds_per_step = {}};
    if (rows.number(6) > 0) speed.seconds_per_step = rows.number(7) / rows.number(6);
    speeds.push_back(std::move(speed));
  }
  return speeds;
}

std::optional<double> images_per_epoch(Connection& database, const std::string& data) {
  Rows rows = database.query(
      "SELECT sum(s.steps * k.batch) / sum(s.step_epochs) FROM kinds k JOIN speeds s ON s.kind_id = k.id "
      "WHERE k.data = ? AND s.step_epochs > 0",
      data);
  if (!rows.next() || rows.is_null(0)) return std::nullopt;
  return rows.number(0);
}

}  // namespace oodml::coordinator::store
