#include "worker/trial_template.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "core/base/exit_code.h"
#include "core/warm/request.h"
#include "worker/child_process.h"

namespace oodml::worker {
namespace {

using Files = std::array<int, warm::kDescriptors>;

Status send_request(int socket, const std::string& bytes, const Files& files) {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(Files))> control{};
  iovec part{const_cast<char*>(bytes.data()), bytes.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(files));
  std::memcpy(CMSG_DATA(header), files.data(), sizeof(files));
  if (::sendmsg(socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT) < 0) {
    return failure(StatusCode::kAborted, "ask the template for a trial: " + std::generic_category().message(errno));
  }
  return {};
}

bool readable_within(const Descriptor& descriptor, Duration wait) {
  pollfd poll{descriptor.get(), POLLIN, 0};
  int count = 0;
  while ((count = ::poll(&poll, 1, static_cast<int>(wait.count()))) < 0 && errno == EINTR) {
  }
  return count > 0;
}

/// A report, or nothing at the end.
std::optional<warm::Report> next_report(const Descriptor& reports) {
  warm::Report report;
  ssize_t count = 0;
  while ((count = ::read(reports.get(), &report, sizeof(report))) < 0 && errno == EINTR) {
  }
  return count == static_cast<ssize_t>(sizeof(report)) ? std::optional(report) : std::nullopt;
}

}  // namespace

TrialTemplate::TrialTemplate(pid_t pid, Descriptor socket, std::vector<std::string> environment, TemplateTerms terms)
    : pid_(pid), socket_(std::move(socket)), environment_(std::move(environment)), terms_(terms) {}

TrialTemplate::~TrialTemplate() { kill(); }

Result<std::unique_ptr<TrialTemplate>> TrialTemplate::start(const std::filesystem::path& core,
                                                            std::vector<std::string> environment, TemplateTerms terms) {
  OODML_ASSIGN_OR_RETURN(SocketPair socket, make_socket_pair());
  OODML_ASSIGN_OR_RETURN(const Descriptor null, open_file("/dev/null", O_RDWR));
  OODML_ASSIGN_OR_RETURN(const pid_t pid, start_child({.command = {core.native(), "template"},
                                                       .environment = environment,
                                                       .folder = "/",
                                                       .null_fd = null.get(),
                                                       .log_fd = null.get(),
                                                       .third_fd = socket.there.get()}));
  socket.there.reset();
  std::unique_ptr<TrialTemplate> made(
      new TrialTemplate(pid, std::move(socket.here), std::move(environment), std::move(terms)));
  OODML_RETURN_IF_ERROR(made->wait_until_ready());
  return made;
}

Status TrialTemplate::wait_until_ready() const {
  const std::string what = "the template of trials, process " + std::to_string(pid_) + ", ";
  if (!readable_within(socket_, terms_.ready)) {
    return failure(StatusCode::kDeadlineExceeded,
                   what + "was not ready within " + std::to_string(terms_.ready.count() / 1000) + " s");
  }
  char word = 0;
  if (::recv(socket_.get(), &word, 1, MSG_DONTWAIT) == 1 && word == warm::kReady) return {};
  return unavailable(what + "ended before it was ready");
}

ExitStatus TrialTemplate::kill() {
  if (std::exchange(ended_, true)) return status_;
  socket_.reset();
  ::kill(pid_, SIGKILL);
  return status_ = reap(pid_);
}

Result<std::unique_ptr<Process>> TrialTemplate::start_trial(const LaunchSpec& spec) {
  const std::string what = "copy process " + std::to_string(pid_) + " for " + spec.folder.string();
  OODML_ASSIGN_OR_RETURN(
      const std::string bytes,
      warm::encode({.folder = spec.folder.native(), .variable = mark_of(spec), .words = spec.command}));
  OODML_ASSIGN_OR_RETURN(Pipe events, make_pipe());
  OODML_ASSIGN_OR_RETURN(Pipe reports, make_pipe());
  OODML_ASSIGN_OR_RETURN(const Descriptor null, open_file("/dev/null", O_RDONLY));
  OODML_ASSIGN_OR_RETURN(const Descriptor log, open_file(spec.log, O_WRONLY | O_CREAT | O_APPEND));
  ::fcntl(events.read.get(), F_SETFL, O_NONBLOCK);
  OODML_RETURN_IF_ERROR(
      send_request(socket_.get(), bytes, {null.get(), log.get(), events.write.get(), reports.write.get()}));
  events.write.reset();
  reports.write.reset();
  OODML_ASSIGN_OR_RETURN(const pid_t pid, read_reports(reports.read, what));
  ::setpgid(pid, pid);
  return watch_child(pid, std::move(events.read), mark_of(spec));
}

/// Ends with the trial's process number, or when there is certainly none. A template that does not answer is killed:
/// it holds the pipe open, and after its end it makes no copies.
Result<pid_t> TrialTemplate::read_reports(const Descriptor& reports, const std::string& what) {
  warm::Report known;
  bool answered = true;
  while (true) {
    if (answered && !readable_within(reports, terms_.answer)) {
      answered = false;
      kill();
    }
    const auto report = next_report(reports);
    if (!report) break;
    if (report->pid > 0) known.pid = report->pid;
    if (report->error != 0) known.error = report->error;
  }
  if (known.pid > 0 && known.error == 0) return known.pid;
  if (known.pid > 0) reap(known.pid);
  if (known.error != 0) return system_failure(what, known.error);
  if (!answered) return failure(StatusCode::kDeadlineExceeded, what + ": no answer");
  return failure(StatusCode::kAborted, what + ": it has ended");
}

}  // namespace oodml::worker
