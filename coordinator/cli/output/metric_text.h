#pragma once

#include <string>
#include <string_view>

namespace oodml::cli {

/// Whether people read the metric in percent: the catalogue's metrics but its distances, what few-shot episodes say of
/// them, and every gain, which is relative. Training figures (loss, seconds) and distances are shown as they are.
bool shown_in_percent(std::string_view metric);

/// Whether trials do not measure it: the FID of their split is as its file gives it.
bool is_given(std::string_view metric);

/// 65.23 for a share of 0.6523, 0.4123 for anything else; "-" for NaN.
std::string metric_value_text(std::string_view metric, double value);

/// "e_recall@1", or "train:nmi" for a set other than test.
std::string metric_title(std::string_view set, std::string_view metric);

}  // namespace oodml::cli
