#pragma once

#include "core/job/event.h"

namespace oodml::protocol {

/// Whether a line without the key is malformed, or stands for the struct's default.
enum class Presence { kRequired, kOptional };

/// A verb of the pipe: `fields(body, visit)` calls visit(key, value, presence) for each field in the order of the
/// line, the longest text last. The same list writes and reads, so the two cannot drift apart.
template <typename Body>
struct Verb;

template <>
struct Verb<job::Hello> {
  static constexpr const char* kName = "hello";
  static void fields(auto& body, auto&& visit) {
    visit("version", body.version, Presence::kRequired);
    visit("device", body.device, Presence::kOptional);
    visit("pid", body.pid, Presence::kOptional);
  }
};

template <>
struct Verb<job::Progress> {
  static constexpr const char* kName = "progress";
  static void fields(auto& body, auto&& visit) {
    visit("epoch", body.epoch, Presence::kRequired);
    visit("epochs_total", body.epochs_total, Presence::kOptional);
    visit("step", body.step, Presence::kRequired);
    visit("steps_total", body.steps_total, Presence::kOptional);
    visit("loss", body.loss, Presence::kOptional);
    visit("seconds_left", body.seconds_left, Presence::kOptional);
    visit("phase", body.phase, Presence::kOptional);
  }
};

template <>
struct Verb<job::Metric> {
  static constexpr const char* kName = "metric";
  static void fields(auto& body, auto&& visit) {
    visit("epoch", body.epoch, Presence::kRequired);
    visit("set", body.set, Presence::kRequired);
    visit("embeds", body.embeds, Presence::kRequired);
    visit("name", body.name, Presence::kRequired);
    visit("value", body.value, Presence::kRequired);
  }
};

template <>
struct Verb<job::Checkpoint> {
  static constexpr const char* kName = "checkpoint";
  static void fields(auto& body, auto&& visit) {
    visit("epoch", body.epoch, Presence::kRequired);
    visit("path", body.path, Presence::kRequired);
    visit("sha256", body.sha256, Presence::kRequired);
  }
};

template <>
struct Verb<job::Warning> {
  static constexpr const char* kName = "warning";
  static void fields(auto& body, auto&& visit) { visit("message", body.message, Presence::kRequired); }
};

template <>
struct Verb<job::Done> {
  static constexpr const char* kName = "done";
  static void fields(auto& body, auto&& visit) { visit("epochs", body.epochs, Presence::kRequired); }
};

template <>
struct Verb<job::Stopped> {
  static constexpr const char* kName = "stopped";
  static void fields(auto& body, auto&& visit) {
    visit("epoch", body.epoch, Presence::kOptional);
    visit("step", body.step, Presence::kOptional);
  }
};

template <>
struct Verb<job::Failed> {
  static constexpr const char* kName = "failed";
  static void fields(auto& body, auto&& visit) {
    visit("kind", body.kind, Presence::kRequired);
    visit("message", body.message, Presence::kOptional);
  }
};

template <>
struct Verb<job::Identity> {
  static constexpr const char* kName = "identity";
  static void fields(auto& body, auto&& visit) {
    visit("results_version", body.results_version, Presence::kRequired);
    visit("program", body.program, Presence::kOptional);
    visit("data", body.data, Presence::kOptional);
  }
};

}  // namespace oodml::protocol
