#pragma once

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "core/base/sha256.h"
#include "oodml/v1/artifacts.grpc.pb.h"

namespace oodml::cli {

/// Files of trials, and what they printed, from memory.
class FakeArtifactService final : public v1::ArtifactService::Service {
 public:
  using Context = grpc::ServerContext;

  v1::ListArtifactsReply list_reply;
  std::vector<v1::ListArtifactsRequest> lists;  ///< What was asked; labels choose nothing here.
  std::map<std::string, std::string> contents;  ///< By SHA-256; what is sent may be another thing.
  std::size_t chunk_bytes = 4;                  ///< Of a reply.
  int broken_after = -1;                        ///< So many chunks are sent, then every read fails; -1: none.
  std::vector<v1::ReadArtifactRequest> reads;   ///< What was asked.
  std::vector<v1::ReadContentRequest> content_reads;
  bool may_bring = true;
  int offers = 0, puts = 0;                         ///< Of files of code.
  std::vector<v1::ReadOutputReply> output_replies;  ///< In this order; afterwards NOT_FOUND.
  std::vector<v1::ReadOutputRequest> output_reads;

  /// A file of the trial's attempt, with its content.
  void add(std::int64_t trial, std::int64_t attempt, const std::string& path, const std::string& kind,
           const std::string& bytes) {
    v1::TrialFiles* files = nullptr;
    for (auto& known : *list_reply.mutable_trials()) {
      if (known.trial_id() == trial && known.attempt() == attempt) files = &known;
    }
    if (files == nullptr) {
      files = list_reply.add_trials();
      files->set_trial_id(trial);
      files->set_attempt(attempt);
      files->set_state("succeeded");
      files->set_worker_id("gpu-1");
      add_label(*files, "criterion", trial % 2 == 0 ? "multi/similarity" : "margin");
    }
    v1::StoredFile& file = *files->add_files();
    file.set_path(path);
    file.set_kind(kind);
    file.set_sha256(sha256_hex(bytes));
    file.set_bytes(std::ssize(bytes));
    contents[file.sha256()] = bytes;
    list_reply.set_stored_bytes(list_reply.stored_bytes() + file.bytes());
  }

  grpc::Status ListArtifacts(Context*, const v1::ListArtifactsRequest* request,
                             v1::ListArtifactsReply* reply) override {
    lists.push_back(*request);
    // A page a trial, as if they were long.
    std::vector<std::int64_t> later;
    for (const auto& files : list_reply.trials()) {
      const bool chosen = request->trial_id() == 0 || request->trial_id() == files.trial_id();
      if (chosen && files.trial_id() > request->after_trial_id()) later.push_back(files.trial_id());
    }
    reply->set_stored_bytes(list_reply.stored_bytes());
    if (later.empty()) return {};
    const std::int64_t next = std::ranges::min(later);
    for (const auto& files : list_reply.trials()) {
      if (files.trial_id() == next) *reply->add_trials() = files;
    }
    if (std::ranges::max(later) > next) reply->set_next_after_trial_id(next);
    return {};
  }

  grpc::Status ReadContent(Context*, const v1::ReadContentRequest* request, v1::ReadArtifactReply* reply) override {
    const std::lock_guard lock(mutex_);
    const auto found = contents.find(request->sha256());
    if (found == contents.end()) return {grpc::StatusCode::NOT_FOUND, "content is not in the store any more"};
    if (broken_after == 0) return {grpc::StatusCode::DATA_LOSS, "the disk is gone"};
    if (broken_after > 0) --broken_after;
    content_reads.push_back(*request);
    reply->set_bytes(std::ssize(found->second));
    reply->set_data(found->second.substr(static_cast<std::size_t>(request->offset()), chunk_bytes));
    return {};
  }

  grpc::Status ReadArtifact(Context*, const v1::ReadArtifactRequest* request, v1::ReadArtifactReply* reply) override {
    const std::lock_guard lock(mutex_);
    if (broken_after == 0) return {grpc::StatusCode::DATA_LOSS, "the disk is gone"};
    if (broken_after > 0) --broken_after;
    reads.push_back(*request);
    const std::string& bytes = contents.at(request->sha256());
    reply->set_bytes(std::ssize(bytes));
    const auto offset = std::min(static_cast<std::size_t>(request->offset()), bytes.size());
    reply->set_data(bytes.substr(offset, chunk_bytes));
    return {};
  }

  grpc::Status OfferScript(Context*, const v1::OfferScriptRequest* request, v1::ContentReply* reply) override {
    const std::lock_guard lock(mutex_);
    ++offers;
    if (!may_bring) return {grpc::StatusCode::PERMISSION_DENIED, "bob may not submit scripts"};
    return presence(request->sha256(), request->bytes(), reply);
  }
  grpc::Status PutScript(Context*, const v1::PutScriptRequest* request, v1::ContentReply* reply) override {
    const std::lock_guard lock(mutex_);
    ++puts;
    std::string& bytes = contents[request->sha256()];
    if (request->offset() == std::ssize(bytes)) bytes += request->data();
    return presence(request->sha256(), request->bytes(), reply);
  }

  grpc::Status ReadOutput(Context*, const v1::ReadOutputRequest* request, v1::ReadOutputReply* reply) override {
    const std::lock_guard lock(mutex_);
    output_reads.push_back(*request);
    if (output_reads.size() > output_replies.size()) return {grpc::StatusCode::NOT_FOUND, "no more of it"};
    *reply = output_replies[output_reads.size() - 1];
    return {};
  }

 private:
  grpc::Status presence(const std::string& sha256, std::int64_t bytes, v1::ContentReply* reply) {
    reply->set_present(std::ssize(contents[sha256]));
    reply->set_whole(reply->present() == bytes);
    return {};
  }
  static void add_label(v1::TrialFiles& files, const std::string& axis, const std::string& text) {
    v1::Label& label = *files.add_labels();
    label.set_axis(axis);
    label.set_label(text);
  }

  std::mutex mutex_;
};

}  // namespace oodml::cli
