#pragma once

namespace oodml {

/// Whether this process was started to outlive its terminal (nohup): SIGHUP is ignored. Ask before it gets a handler; a
/// blocked signal reaches sigwait even where it is ignored.
bool hangup_is_ignored();

}  // namespace oodml
