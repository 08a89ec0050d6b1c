#include "core/trial/tensorboard_log.h"

#include <cerrno>
#include <system_error>

#include "core/trial/tensorboard_records.h"

namespace oodml::trial {
namespace fs = std::filesystem;

Result<std::unique_ptr<FigureLog>> TensorboardLog::open(const fs::path& folder, const Clock& clock) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return system_failure("create " + folder.string(), error.value());
  const fs::path path = folder / "events.out.tfevents.oodml";
  File file(std::fopen(path.c_str(), "wbe"), std::fclose);
  if (!file) return system_failure("open " + path.string(), errno);
  std::unique_ptr<TensorboardLog> log(new TensorboardLog(std::move(file), path, clock));
  OODML_RETURN_IF_ERROR(log->append(version_event(log->wall_seconds())));
  return log;
}

Status TensorboardLog::append(const std::string& event) {
  const std::string record = tf_record(event);
  if (std::fwrite(record.data(), 1, record.size(), file_.get()) == record.size()) return {};
  return system_failure("write " + path_.string(), errno);
}

Status TensorboardLog::add(const job::Metric& figure) {
  const LogPlace place = log_place_of(figure);
  std::string tag = place.sub + "/" + place.group;
  if (place.segment != place.group) tag += "/" + place.segment;
  return append(scalar_event(wall_seconds(), figure.epoch, tag, static_cast<float>(figure.value)));
}

Status TensorboardLog::flush() {
  if (std::fflush(file_.get()) == 0) return {};
  return system_failure("write " + path_.string(), errno);
}

}  // namespace oodml::trial
