#pragma once

namespace oodml::convert {

/// gRPC's own lines go to our log at level debug: what people have to know of a connection is said in our words, and
/// what it calls an error (a port that is refused, a handshake that fails) is often none. Before anything of gRPC is
/// used.
void log_grpc_at_debug_level();

/// For a program without a log: they are dropped, unless GRPC_VERBOSITY or GRPC_TRACE ask for them.
void drop_grpc_log();

}  // namespace oodml::convert
