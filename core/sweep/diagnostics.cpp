#include "core/sweep/diagnostics.h"

namespace oodml::sweep {

std::string Diagnostics::text_of(const Place& place) const {
  if (place.named != nullptr) return *place.named;
  if (place.line <= 0) return file_name_;
  const auto index = static_cast<std::size_t>(place.line - 1);
  if (index < line_origins_.size() && !line_origins_[index].empty()) return line_origins_[index];
  return file_name_ + ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
}

void Diagnostics::read_line_origins(std::string_view text) {
  constexpr std::size_t kMaxOrigin = 300;
  if (!text.starts_with(kMergedHead)) return;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const auto mark = line.rfind(kOriginMark);
    const bool marked = mark != std::string_view::npos && line.size() - mark < kMaxOrigin;
    line_origins_.emplace_back(marked ? line.substr(mark + kOriginMark.size()) : "");
  }
}

void Diagnostics::error(const Place& place, std::string what) {
  if (full()) return;
  problems_.insert({place.line, place.column, text_of(place), std::move(what)});
}

Failure Diagnostics::failure() const {
  std::string text;
  std::size_t shown = 0;
  for (const Problem& problem : problems_) {
    if (shown == max_errors_) break;
    text += (shown++ > 0 ? "\n" : "") + problem.place + ": " + problem.what;
  }
  if (const std::size_t more = problems_.size() - shown; more > 0) {
    text += std::string("\nand ") + (full() ? "at least " : "") + std::to_string(more) +
            (more == 1 ? " more error" : " more errors");
  }
  return invalid_argument(std::move(text));
}

}  // namespace oodml::sweep
