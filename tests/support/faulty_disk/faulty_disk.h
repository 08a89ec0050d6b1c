#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace oodml::testing {

/// A disk that fails on command, and a wall clock that is wrong, for one real program and its children: a preloaded
/// library (shim/) stands before the C library's calls and follows rules that the test may change at any time.
///
/// A rule is one line, `ACTION KEY=VALUE ...`:
///
///   fail errno=EIO     the call is not made and ends with the error (EIO, ENOSPC, EDQUOT, EROFS, EACCES, EINVAL,
///                      ENOENT, EMFILE)
///   kill               SIGKILL before the call is made
///   tear               of a write the first half is made, then SIGKILL; any other call as kill
///   lie                the call is not made and ends well; of fsync and fdatasync
///   record             changes are written down, so that PowerCut (power_cut.h) can take back what was not synced
///   clock millis=N     the wall clock is N ms ahead (negative: behind); steady clocks are right
///
/// which calls (record takes path and program only, clock program):
///
///   calls=A,B          of open (for writing), write, pwrite, fsync, fdatasync, ftruncate, rename, unlink, mkdir, rmdir
///                      with their variants; all of them where it is left out
///   path=TEXT          only those on a path that holds TEXT (of a rename either; as the program wrote it where the
///                      call takes a path, absolute where it takes a descriptor); TEXT$: that end in TEXT
///   program=TEXT       only in programs whose file's path holds TEXT
///   after=N            the first N of these calls pass (counted by process, from when the rules were set)
///   times=N            then N calls are met, and the others pass again; without it all are
///
/// The first rule that strikes decides. Not seen are writes of stdio streams (their fopen is) and mapped memory. A rule
/// that is not understood ends the program with exit code 99.
class FaultyDisk {
 public:
  /// The rules lie in a file of this name and `.log` beside it; its folder is there.
  explicit FaultyDisk(std::filesystem::path control) : control_(std::move(control)) { set({}); }

  /// Why programs of this build cannot be preloaded; empty: they can. For GTEST_SKIP.
  static std::string why_not();

  /// What a program needs in its environment to be on this disk (ProcessOptions::environment).
  std::map<std::string, std::string> environment() const;

  /// Puts every program that the test starts, and their children, on this disk until the object is gone.
  class ForAll {
   public:
    explicit ForAll(const FaultyDisk& disk);
    ~ForAll();
    ForAll(const ForAll&) = delete;
    ForAll& operator=(const ForAll&) = delete;
  };

  /// From now on these rules, counting afresh.
  void set(const std::vector<std::string>& rules);
  /// No faults any more.
  void clear() { set({}); }

  /// The changes that a `record` rule kept.
  std::filesystem::path journal() const { return control_.string() + ".journal"; }

  /// What struck so far, a line each: "fail fsync /path/of/the/file".
  std::vector<std::string> struck() const;

 private:
  std::filesystem::path control_;
  int generation_ = 0;
};

}  // namespace oodml::testing
