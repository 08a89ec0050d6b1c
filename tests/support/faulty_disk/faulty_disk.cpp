#include "tests/support/faulty_disk/faulty_disk.h"

#include <stdlib.h>

#include <sstream>

#include "tests/support/process.h"

namespace oodml::testing {
namespace {

std::filesystem::path library() {
  return std::filesystem::path(program("oodml")).parent_path().parent_path() / "tests" / "libfaulty_disk.so";
}

}  // namespace

std::string FaultyDisk::why_not() {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  return "a sanitizer's runtime has to be the first library of a program, and the faulty disk has to be, too";
#else
  return std::filesystem::exists(library()) ? "" : library().string() + " is not built";
#endif
}

std::map<std::string, std::string> FaultyDisk::environment() const {
  return {{"LD_PRELOAD", library()}, {"OODML_FAULTY_DISK", control_}};
}

FaultyDisk::ForAll::ForAll(const FaultyDisk& disk) {
  for (const auto& [name, value] : disk.environment()) ::setenv(name.c_str(), value.c_str(), 1);
}

FaultyDisk::ForAll::~ForAll() {
  for (const char* name : {"LD_PRELOAD", "OODML_FAULTY_DISK"}) ::unsetenv(name);
}

void FaultyDisk::set(const std::vector<std::string>& rules) {
  // The number makes equal rules new ones; the rename keeps a program from reading half of them.
  std::string text = "# " + std::to_string(++generation_) + "\n";
  for (const std::string& rule : rules) text += rule + "\n";
  const std::filesystem::path fresh = control_.string() + ".new";
  write_text(fresh, text);
  std::filesystem::rename(fresh, control_);
}

std::vector<std::string> FaultyDisk::struck() const {
  std::vector<std::string> lines;
  std::istringstream text(read_text(control_.string() + ".log"));
  for (std::string line; std::getline(text, line);) lines.push_back(line);
  return lines;
}

}  // namespace oodml::testing
