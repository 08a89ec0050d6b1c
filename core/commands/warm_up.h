#pragma once

namespace oodml::commands {

/// Brings what a trial needs first into memory, for a template (core/warm): afterwards this process has one thread, no
/// state that a trial's figures could depend on, and no device was touched.
void warm_up();

}  // namespace oodml::commands
