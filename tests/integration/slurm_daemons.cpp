#include "tests/integration/slurm_daemons.h"

#include <pwd.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <stdexcept>

#include "core/base/ids.h"

namespace oodml::testing {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

/// Daemons lie in /usr/sbin, which people's PATH may lack.
std::string found(const std::string& name) {
  for (const char* folder : {"/usr/sbin/", "/usr/bin/"}) {
    if (::access((folder + name).c_str(), X_OK) == 0) return folder + name;
  }
  return "";
}

std::string host() {
  char name[256] = {};
  ::gethostname(name, sizeof(name) - 1);
  return std::string(name).substr(0, std::string(name).find('.'));
}

std::string user() {
  const passwd* entry = ::getpwuid(::getuid());
  return entry == nullptr ? "root" : entry->pw_name;
}

}  // namespace

std::string SlurmDaemons::why_not() {
  for (const char* name : {"munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "scontrol"}) {
    if (found(name).empty()) {
      return std::string("no ") + name + " here; a real Slurm is installed by: deploy/setup.sh --build";
    }
  }
  return "";
}

SlurmDaemons::SlurmDaemons(fs::path folder) : folder_(std::move(folder)) {
  for (const char* name : {"munge", "state", "spool"}) fs::create_directories(folder_ / name);
  fs::permissions(folder_ / "munge", fs::perms::owner_all);
  fs::permissions(folder_, fs::perms::owner_all | fs::perms::group_exec | fs::perms::others_exec);
  write_text(folder_ / "munge/key", random_hex_128() + random_hex_128());
  fs::permissions(folder_ / "munge/key", fs::perms::owner_read);
  write_configuration();
  start("munged",
        {found("munged"), "--foreground", "--force", "--key-file=" + (folder_ / "munge/key").string(),
         "--socket=" + (folder_ / "socket").string(), "--pid-file=" + (folder_ / "munge/pid").string(),
         "--log-file=" + (folder_ / "munged.log").string(), "--seed-file=" + (folder_ / "munge/seed").string()});
  if (!wait_until([&] { return fs::exists(folder_ / "socket"); }, 30s)) throw std::runtime_error("no munge: " + logs());
  start("slurmctld", {found("slurmctld"), "-D", "-L", folder_ / "slurmctld.log"});
  for (const std::string node : {"n1", "n2"}) {
    start("slurmd-" + node, {found("slurmd"), "-D", "-N", node, "-L", folder_ / ("slurmd-" + node + ".log")});
  }
  const bool up =
      wait_until([&] { return command({"sinfo", "-h", "-p", "batch", "-t", "idle", "-o", "%D"}).out == "2\n"; }, 60s);
  if (!up) throw std::runtime_error("Slurm's nodes did not come up: " + logs());
}

SlurmDaemons::~SlurmDaemons() { stop(); }

void SlurmDaemons::write_configuration() const {
  std::ostringstream text;
  text
      << "ClusterName=oodml\nSlurmctldHost=" << host() << "(127.0.0.1)\nSlurmUser=" << user()
      << "\nSlurmdUser=" << user()
      << "\nAuthType=auth/munge\nCredType=cred/munge\nAuthInfo=socket=" << (folder_ / "socket").string()
      << ",cred_expire=5\nSlurmctldPort=" << free_port() << "\nStateSaveLocation=" << (folder_ / "state").string()
      << "\nSlurmdSpoolDir=" << (folder_ / "spool/%n").string()
      << "\nSlurmctldPidFile=" << (folder_ / "slurmctld.pid").string()
      << "\nSlurmdPidFile=" << (folder_ / "slurmd-%n.pid").string()
      << "\nProctrackType=proctrack/pgid\nTaskPlugin=task/none\nMpiDefault=none\n"
         "JobAcctGatherType=jobacct_gather/none\nAccountingStorageType=accounting_storage/none\n"
         "SelectType=select/cons_tres\nSelectTypeParameters=CR_CPU\nSchedulerType=sched/builtin\n"
         "SchedulerParameters=sched_min_interval=100000,batch_sched_delay=0,sched_interval=2\nPreemptType=preempt/partition_prio\n"
         "PreemptMode=REQUEUE\nReturnToService=2\nKillWait=30\nMinJobAge=600\n"
         "SlurmdParameters=config_overrides\n";
  for (const char* node : {"n1", "n2"}) {
    text << "NodeName=" << node << " NodeHostname=" << host() << " NodeAddr=127.0.0.1 Port=" << free_port()
         << " CPUs=2 State=UNKNOWN\n";
  }
  text << "PartitionName=batch Nodes=n1,n2 Default=YES MaxTime=INFINITE State=UP PriorityTier=1\n"
          "PartitionName=urgent Nodes=n1,n2 MaxTime=INFINITE State=UP PriorityTier=10\n";
  write_text(folder_ / "slurm.conf", text.str());
}

void SlurmDaemons::start(const std::string& name, const std::vector<std::string>& words) {
  daemons_.emplace(name,
                   Process(words, {.environment = environment(), .folder = {}, .output = folder_ / (name + ".out")}));
}

std::map<std::string, std::string> SlurmDaemons::environment() const {
  return {{"SLURM_CONF", folder_ / "slurm.conf"}};
}

Output SlurmDaemons::command(const std::vector<std::string>& words) const {
  std::vector<std::string> full = words;
  full.front() = found(full.front());
  return run(full, {.environment = environment()}, 60s);
}

std::vector<std::string> SlurmDaemons::jobs(const std::string& name, const std::string& state) const {
  std::istringstream lines(
      command({"squeue", "--array", "--noheader", "--name=" + name, "--states=" + state, "--format=%i"}).out);
  std::vector<std::string> ids;
  for (std::string id; std::getline(lines, id);) ids.push_back(id);
  return ids;
}

std::string SlurmDaemons::logs() const {
  std::string text;
  for (const auto& entry : fs::directory_iterator(folder_)) {
    const std::string end = entry.path().extension();
    if (end == ".log" || end == ".out") text += "\n== " + entry.path().filename().string() + "\n" + read_text(entry);
  }
  return text;
}

void SlurmDaemons::stop() {
  if (daemons_.contains("slurmctld")) {
    command({"scancel", "--user=" + user()});
    wait_until([&] { return command({"squeue", "--noheader"}).out.empty(); }, 30s);
  }
  for (const char* name : {"slurmd-n1", "slurmd-n2", "slurmctld", "munged"}) {
    const auto daemon = daemons_.find(name);
    if (daemon == daemons_.end()) continue;
    daemon->second.signal(SIGTERM);
    daemon->second.wait(30s);
    daemons_.erase(daemon);
  }
}

}  // namespace oodml::testing
