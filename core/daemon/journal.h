#pragma once

#include <optional>
#include <string_view>

namespace oodml::daemon {

/// Whether `descriptor` is the stream to systemd's journal that JOURNAL_STREAM ("device:inode") names; a program that
/// was started by a service with its output elsewhere has the variable too.
bool is_journal(int descriptor, std::optional<std::string_view> journal_stream);

}  // namespace oodml::daemon
