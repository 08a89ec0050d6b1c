#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "coordinator/store/sqlite.h"

namespace oodml::coordinator::store {

/// What has been told of a sweep, as flags of `sweeps.told`.
enum Told : std::int64_t { kToldFinished = 1, kToldFailure = 2, kToldPaused = 4 };

/// A message that has not been taken by who is to get it.
struct OutgoingMessage {
  std::int64_t id = 0;   ///< 0 before it is stored.
  std::string hook;      ///< By its name in the file of hooks.
  std::string delivery;  ///< Stays the same in every try: 32 hexadecimal digits.
  std::string kind;
  std::string body;
  Time created{};
  std::int64_t tries = 0;
  std::string problem;  ///< Of the newest try.
};

std::int64_t told_of(Connection& database, SweepId sweep);
void set_told(Connection& database, SweepId sweep, std::int64_t told);
/// Sweeps whose end has not been told, by id.
std::vector<SweepId> sweeps_not_told(Connection& database);

/// At most `most` of a hook are kept: beyond that the oldest go, and their number comes back.
std::int64_t put_message(Connection& database, const OutgoingMessage& message, std::int64_t most);
/// The oldest of each hook, by hook: later ones of it wait, so that each gets them in order.
std::vector<OutgoingMessage> next_messages(Connection& database);
void note_try(Connection& database, std::int64_t id, const std::string& problem);
void remove_message(Connection& database, std::int64_t id);

}  // namespace oodml::coordinator::store
