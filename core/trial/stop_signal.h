#pragma once

namespace oodml::trial {

/// From now on SIGTERM, SIGHUP (a terminal that is closed; not where nohup had it ignored), and the first SIGINT only
/// ask the trial to stop; a second SIGINT ends the process. SIGPIPE and SIGXFSZ are ignored: a closed pipe and a full
/// disk come back as errors of the write.
void listen_for_stop();
bool stop_requested();

/// Has the kernel kill this process when the one that started it dies.
void die_with_parent();

}  // namespace oodml::trial
