"""How soon a trial takes its first step, and what an empty trial costs.

First: `oodml-core run` of small_conv on a few images, from the start of its process to the event of its first step, beside a Python
that imports torch and makes the same network; and the same trial as a copy of a template, as a worker starts it. Then: trials that do
nothing, a process each, through coordinator and worker on the disk of --folder, beside HyperQueue's local cluster, which keeps
nothing on disk. Each is the best of --runs.
"""

import argparse
import os
import resource
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import urllib.request
import zlib

import rows

BIN = os.environ["OODML_BIN"]
CLASSES, IMAGES, PIXELS = 20, 50, 32

NETWORK = """
import torch
from torch import nn
def block(i, o): return [nn.Conv2d(i, o, 3, padding=1), nn.BatchNorm2d(o), nn.ReLU()]
net = nn.Sequential(*block(3, 32), nn.MaxPool2d(2), *block(32, 64), nn.MaxPool2d(2), *block(64, 128), *block(128, 128), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(128, 64))
print(sum(p.numel() for p in net.parameters()), flush=True)
"""

TRIAL = """benchmark: tiny
layout: image_folder
arch: small_conv_normalize
embed_dim: 64
crop_size: 28
resize: 28
batch_size: 64
epochs: 1
steps_per_epoch: 1
lr: 0.001
criterion: {name: margin, beta: 1.2}
miner: distance
seed: 5
evaluate: {sets: [test], metrics: [e_recall@1]}
"""


def png(seed):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    lines = b"".join(b"\0" + bytes((seed * 31 + 7 * x * y + c) % 256 for x in range(PIXELS) for c in range(3)) for y in range(PIXELS))
    head = struct.pack(">IIBBBBB", PIXELS, PIXELS, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(lines)) + chunk(b"IEND", b"")


def make_benchmark(folder):
    for k in range(CLASSES):
        place = os.path.join(folder, "benchmarks", "tiny", f"class{k}")
        os.makedirs(place)
        for n in range(IMAGES):
            with open(os.path.join(place, f"{n}.png"), "wb") as file:
                file.write(png(k * IMAGES + n))
    with open(os.path.join(folder, "trial.yaml"), "w") as file:
        file.write(TRIAL)


def words(folder, run):
    return [f"{BIN}/oodml-core", "run", f"{folder}/trial.yaml", "--run-dir", run, "--benchmarks-root", f"{folder}/benchmarks",
            "--weights-root", f"{folder}/weights", "--device", "cpu", "--threads", "1", "--die-with-parent"]


def spawn(command, third):
    """With `third` as its descriptor 3 and its output discarded."""
    pid = os.fork()
    if pid == 0:
        os.environ["CUDA_VISIBLE_DEVICES"] = ""
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(third, 3)
        for descriptor in (0, 1, 2):
            os.dup2(null, descriptor)
        os.closerange(4, 256)
        os.execv(command[0], command)
    return pid


def until(descriptor, word):
    text = b""
    while word not in text:
        more = os.read(descriptor, 1 << 16)
        if not more:
            sys.exit("a trial ended early: " + text.decode())
        text += more


def seconds_to_first_step(folder, begin):
    run = os.path.join(folder, "run")
    shutil.rmtree(run, ignore_errors=True)
    os.mkdir(run)
    events, write_end = os.pipe()
    start = time.perf_counter()
    pid = begin(run, write_end)
    os.close(write_end)
    until(events, b" step=1 ")
    seconds = time.perf_counter() - start
    until(events, b"done ")
    usage = os.wait4(pid, 0)[2] if pid else None
    os.close(events)
    return seconds, usage.ru_utime + usage.ru_stime


def anew(folder):
    return lambda run, events: spawn(words(folder, run), events)


class Template:
    """What a worker does (worker/trial_template.cpp)."""

    def __init__(self):
        self.socket, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.pid = spawn([f"{BIN}/oodml-core", "template"], there.fileno())
        there.close()
        self.socket.settimeout(60)
        if self.socket.recv(1) != b"r":
            sys.exit("oodml-core cannot be a template here")

    def copy(self, folder):
        def begin(run, events):
            reports, write_end = os.pipe()
            null = os.open(os.devnull, os.O_RDWR)
            texts = [run, "OODML_RUN_FOLDER=" + run, *words(folder, run)]
            socket.send_fds(self.socket, [b"".join(text.encode() + b"\0" for text in texts)], [null, null, events, write_end])
            os.close(write_end)
            os.close(null)
            told = b""
            while more := os.read(reports, 64):
                told += more
            os.close(reports)
            return struct.unpack("ii", told[:8])[0]

        return begin

    def end(self):
        self.socket.close()
        os.waitpid(self.pid, 0)


def seconds_of_python():
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", NETWORK], stdout=subprocess.PIPE)
    process.stdout.readline()
    seconds = time.perf_counter() - start
    process.wait()
    return seconds


def starts(folder, runs):
    make_benchmark(folder)
    template = Template()
    fresh, warm, python = [], [], []
    for _ in range(runs + 1):  # the first fills caches
        fresh.append(seconds_to_first_step(folder, anew(folder)))
        warm.append(seconds_to_first_step(folder, template.copy(folder)))
        python.append(seconds_of_python())
    template.end()
    cpu = "; {:.2f} s of a processor to its end"
    best = min(fresh[1:])
    yield rows.compared("start of a trial to its first step, a new process", "Python: import torch, the network", best[0], min(python[1:]), "s", 2,
                        cpu.format(min(f[1] for f in fresh[1:]))[2:])
    best = min(warm[1:])
    yield rows.limited("the same, a copy of a template", best[0], "s", 0.2, cpu.format(min(w[1] for w in warm[1:]))[2:])


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return sum(int(field) for field in fields[11:15]) / os.sysconf("SC_CLK_TCK")


class Service:
    def __init__(self, folder, slots):
        self.folder, port, web = folder, f"{folder}/port", f"{folder}/web"
        quiet = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.coordinator = subprocess.Popen([f"{BIN}/oodml-coordinator", "--database", f"{folder}/coordinator.db", "--listen", "127.0.0.1:0",
                                             "--port-file", port, "--web", "127.0.0.1:0", "--web-port-file", web, "--metrics"], **quiet)
        while not all(os.path.exists(file) and open(file).read().strip() for file in (port, web)):
            time.sleep(0.02)
        self.address = "127.0.0.1:" + open(port).read().strip()
        self.metrics = "http://127.0.0.1:" + open(web).read().strip() + "/metrics"
        self.worker = subprocess.Popen([f"{BIN}/oodml-worker", "--coordinator", self.address, "--state-dir", f"{folder}/worker", "--benchmarks-root",
                                        f"{folder}/benchmarks", "--program", "noop=/bin/true", "--cpu-slots", str(slots), "--threads-per-slot", "1"], **quiet)
        while "noop" not in self.ask("workers", "-o", "json"):
            time.sleep(0.1)

    def ask(self, *what):
        answer = subprocess.run([f"{BIN}/oodml", *what, "--coordinator", self.address], capture_output=True, text=True)
        return answer.stdout

    def succeeded(self):
        """Attempts so far: asked without a process of the command line, which would take a processor for some hundredths of a second."""
        with urllib.request.urlopen(self.metrics) as page:
            for line in page.read().decode().splitlines():
                if line.startswith('oodml_attempts_ended_total{outcome="succeeded"}'):
                    return int(float(line.split()[-1]))
        return 0

    def run(self, sweep, trials):
        """Seconds from the submission to the last trial's end, and of processors on all sides."""
        before, known = processor_seconds(self.coordinator.pid) + processor_seconds(self.worker.pid), self.succeeded()
        start = time.perf_counter()
        self.ask("submit", sweep)
        while self.succeeded() < known + trials:
            time.sleep(0.02)
        seconds = time.perf_counter() - start
        return seconds, processor_seconds(self.coordinator.pid) + processor_seconds(self.worker.pid) - before

    def end(self):
        for process in (self.worker, self.coordinator):
            process.send_signal(signal.SIGTERM)
            process.wait()


def noop_sweep(folder, trials, run):
    path = os.path.join(folder, f"noop{run}.yaml")
    with open(path, "w") as file:
        file.write(f"version: 1\nname: noop{run}\ntrial: {{benchmark: tiny, program: noop, epochs: 1, params.run: {run}}}\nmatrix:\n  seed: {{count: {trials}}}\n")
    return path


def of_oodml(folder, trials, runs, slots):
    service, best = Service(folder, slots), (1e9, 0)
    try:
        for run in range(runs):
            best = min(best, service.run(noop_sweep(folder, trials, run), trials))
    finally:
        service.end()
    return best


def of_hyperqueue(folder, trials, runs, cores):
    from hyperqueue import Job, LocalCluster
    from hyperqueue.cluster import WorkerConfig

    def used():
        usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(usage.ru_utime + usage.ru_stime for usage in usages)

    best = (1e9, 0)
    with LocalCluster(worker_config=WorkerConfig(cores=cores)) as cluster:
        client = cluster.client()
        for run in range(runs):
            work = os.path.join(folder, f"hq{run}")
            os.mkdir(work)
            job = Job(default_workdir=work)
            for _ in range(trials):
                job.program(["/bin/true"])
            before, start = used(), time.perf_counter()
            client.wait_for_jobs([client.submit(job)])
            best = min(best, (time.perf_counter() - start, used() - before))
    return best


def empty_trials(folder, options):
    seconds, cpu = of_oodml(folder, options.trials, options.runs, options.slots)
    peer, peer_cpu = of_hyperqueue(folder, options.trials, options.runs, os.cpu_count())
    note = f"{cpu / options.trials * 1e3:.1f} against {peer_cpu / options.trials * 1e3:.1f} ms of processors a trial; every step on disk against none"
    yield rows.compared(f"{options.trials} empty trials through the service, {options.slots} slots", "HyperQueue's wheel", options.trials / seconds,
                        options.trials / peer, "trials/s", 1, note)


def main():
    parser = argparse.ArgumentParser(prog="run.sh start", description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--trials", type=int, default=1000)
    parser.add_argument("--slots", type=int, default=8, help="of the worker: an empty trial mostly waits for the disk")
    parser.add_argument("--folder", default="/var/tmp", help="on the disk that is meant")
    rows.add_option(parser)
    options = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory(dir=options.folder, ignore_cleanup_errors=True) as folder:
        for row in starts(folder, options.runs):
            found.append(row)
            print(rows.markdown([row]).splitlines()[-1], flush=True)
        for row in empty_trials(folder, options):
            found.append(row)
            print(rows.markdown([row]).splitlines()[-1], flush=True)
    rows.write(options.json, found)


if __name__ == "__main__":
    main()
