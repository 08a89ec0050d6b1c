#include "proto/convert/stored_file_convert.h"

#include <set>

#include "core/job/file_kinds.h"
#include "core/job/limits.h"
#include "proto/convert/fields.h"

namespace oodml::convert {
namespace {

Result<job::FileKind> file_kind(const std::string& text) {
  if (const auto kind = job::parse_file_kind(text)) return *kind;
  std::string names;
  for (const job::FileKind kind : job::kFileKinds)
    names += (names.empty() ? "" : ", ") + std::string(job::to_text(kind));
  return invalid_argument("kind: '" + wire_name(text) + "' is none of " + names);
}

}  // namespace

v1::StoredFile to_proto(const job::StoredFile& file) {
  v1::StoredFile message;
  message.set_path(wire_text(file.path, kMaxPathBytes));
  message.set_kind(job::to_text(file.kind));
  message.set_epoch(file.epoch);
  message.set_sha256(file.sha256);
  message.set_bytes(file.bytes);
  message.set_stored_millis(to_millis(file.stored));
  return message;
}

Result<job::StoredFile> from_proto(const v1::StoredFile& message) {
  job::StoredFile file;
  OODML_ASSIGN_OR_RETURN(file.path, path_below("path", message.path()));
  OODML_ASSIGN_OR_RETURN(file.kind, file_kind(message.kind()));
  OODML_ASSIGN_OR_RETURN(file.epoch, at_least("epoch", message.epoch(), 0));
  OODML_ASSIGN_OR_RETURN(file.sha256, sha256("sha256", message.sha256()));
  OODML_ASSIGN_OR_RETURN(file.bytes, at_least("bytes", message.bytes(), 0));
  OODML_ASSIGN_OR_RETURN(file.stored, time("stored_millis", message.stored_millis()));
  return file;
}

void add_files(const std::vector<job::StoredFile>& files, StoredFileList& list) {
  for (const job::StoredFile& file : files) *list.Add() = to_proto(file);
}

Result<std::vector<job::StoredFile>> stored_files(std::string_view field, const StoredFileList& list) {
  OODML_RETURN_IF_ERROR(check_count(field, list.size(), job::kMaxStoredFiles));
  std::vector<job::StoredFile> files;
  std::set<std::string> paths;
  for (int i = 0; i < list.size(); ++i) {
    const std::string place = item(field, i);
    OODML_ASSIGN_OR_RETURN(job::StoredFile file, within(place, from_proto(list[i])));
    if (!paths.insert(file.path).second) return invalid_argument(place + ".path: " + file.path + " comes twice");
    files.push_back(std::move(file));
  }
  return files;
}

v1::ScriptFile to_proto(const job::ScriptFile& script) {
  v1::ScriptFile message;
  message.set_use(wire_name(script.use));
  message.set_file(wire_text(script.file, kMaxPathBytes));
  message.set_sha256(script.sha256);
  message.set_bytes(script.bytes);
  return message;
}

Result<job::ScriptFile> from_proto(const v1::ScriptFile& message) {
  job::ScriptFile script;
  OODML_ASSIGN_OR_RETURN(script.use, name("use", message.use()));
  OODML_ASSIGN_OR_RETURN(script.file, path_below("file", message.file()));
  OODML_ASSIGN_OR_RETURN(script.sha256, sha256("sha256", message.sha256()));
  OODML_ASSIGN_OR_RETURN(script.bytes, at_least("bytes", message.bytes(), 0));
  return script;
}

v1::ResumeFrom to_proto(const job::ResumeFrom& from) {
  v1::ResumeFrom message;
  message.set_attempt(from.attempt);
  message.set_epoch(from.epoch);
  message.set_step(from.step);
  add_files(from.files, *message.mutable_files());
  return message;
}

Result<job::ResumeFrom> from_proto(const v1::ResumeFrom& message) {
  job::ResumeFrom from;
  OODML_ASSIGN_OR_RETURN(from.attempt, at_least("attempt", message.attempt(), 1));
  OODML_ASSIGN_OR_RETURN(from.epoch, at_least("epoch", message.epoch(), 0));
  OODML_ASSIGN_OR_RETURN(from.step, at_least("step", message.step(), 0));
  OODML_ASSIGN_OR_RETURN(from.files, stored_files("files", message.files()));
  return from;
}

}  // namespace oodml::convert
