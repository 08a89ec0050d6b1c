"""A real coordinator with its web page, real workers whose trials follow a script, and the command line."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time

BIN = pathlib.Path(os.environ["OODML_BIN"])
FAKE_NVML = pathlib.Path(os.environ["OODML_SCRIPTED_TRIAL"]).parent / "fake_nvml"


def until(condition, seconds, what):
    """The first true value of condition(); fails with what was waited for."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"after {seconds} s still not: {what}")
        time.sleep(0.05)


class Service:
    """Everything lies below a folder of its own and ends with stop()."""

    def __init__(self, script=None, tokens=None):
        """`tokens`: lines of the coordinator's token file, which then asks for them; the command line uses `token`."""
        self._temporary = tempfile.TemporaryDirectory(prefix="oodml-web-")
        self.folder = pathlib.Path(self._temporary.name)
        for name in ("benchmarks/fashion_mnist", "weights", "config"):
            (self.folder / name).mkdir(parents=True)
        (self.folder / "benchmarks/fashion_mnist/images").write_text("an empty folder would be no benchmark")
        (self.folder / "benchmarks/script.json").write_text(json.dumps(script or {}))
        self.database = self.folder / "coordinator.db"
        self.token = ""
        self._tokens = tokens and self.folder / "tokens"
        if tokens:
            self._tokens.touch(mode=0o600)
            self._tokens.write_text(tokens)
        self._coordinator = None
        self._workers = []
        self._ports = {"port": "0", "web-port": "0"}

    def start(self, *more):
        """Starts the coordinator, with further words; again on the ports that it had before."""
        for name in self._ports:
            (self.folder / name).unlink(missing_ok=True)
        words = [BIN / "oodml-coordinator", "--database", self.database,
                 "--listen", f"127.0.0.1:{self._ports['port']}", "--port-file", self.folder / "port",
                 "--web", f"127.0.0.1:{self._ports['web-port']}", "--web-port-file", self.folder / "web-port",
                 "--heartbeat-seconds", "0.5", "--lease-seconds", "30"]
        words += more
        if self._tokens:
            words += ["--tokens", self._tokens]
        if "OODML_WEB_FILES" in os.environ:  # the page as it lies there, not as it was built in
            words += ["--web-files", os.environ["OODML_WEB_FILES"]]
        self._coordinator = self._run(words, "coordinator.log")
        for name in self._ports:
            file = self.folder / name
            until(lambda: self._coordinator.poll() is not None or (file.exists() and file.read_text()), 30,
                  "the coordinator listens:\n" + self.log())
            if self._coordinator.poll() is not None:
                raise AssertionError("the coordinator did not start:\n" + self.log())
            self._ports[name] = file.read_text().strip()
        return self

    def log(self):
        return (self.folder / "coordinator.log").read_text()

    @property
    def web(self):
        return f"http://127.0.0.1:{self._ports['web-port']}"

    def kill(self):
        """As a power cut would end the coordinator."""
        self._coordinator.send_signal(signal.SIGKILL)
        self._coordinator.wait()

    def worker(self, name="first", slots=2, gpus_mib=()):
        """`gpus_mib`: the memory of each of its GPUs, which are fakes; `slots` are those of the CPU."""
        words = [BIN / "oodml-worker", "--coordinator", f"127.0.0.1:{self._ports['port']}", "--name", name,
                 "--state-dir", self.folder / name, "--benchmarks-root", self.folder / "benchmarks",
                 "--weights-root", self.folder / "weights", "--core", os.environ["OODML_SCRIPTED_TRIAL"],
                 "--cpu-slots", slots, "--threads-per-slot", "1", "--min-free-mib", "1", "--grace-seconds", "2"]
        self._workers.append(self._run(words, f"{name}.log", self._fake_gpus(name, gpus_mib) if gpus_mib else None))

    def _fake_gpus(self, name, mib):
        """The environment in which a program finds them (tests/support/fake_nvml)."""
        file = self.folder / f"{name}-gpus.json"
        gpus = [{"uuid": f"GPU-{i}", "model": "a fake", "memory_mib": one} for i, one in enumerate(mib)]
        file.write_text(json.dumps({"gpus": gpus}))
        return {"OODML_FAKE_NVML": str(file), "LD_LIBRARY_PATH": str(FAKE_NVML)}

    def _run(self, words, log, more=None):
        with open(self.folder / log, "a", encoding="utf-8") as file:
            return subprocess.Popen([str(word) for word in words], stdout=file, stderr=file,
                                    env={**os.environ, "XDG_CONFIG_HOME": str(self.folder / "config"), **(more or {})})

    def oodml(self, *words):
        """What it prints; fails where the command fails."""
        ran = subprocess.run([BIN / "oodml", *map(str, words)], capture_output=True, text=True, timeout=900, check=False,
                             env={**os.environ, "XDG_CONFIG_HOME": str(self.folder / "config"),
                                  "OODML_TOKEN": self.token or "unused-but-long-enough",
                                  "OODML_COORDINATOR": f"127.0.0.1:{self._ports['port']}"})
        if ran.returncode != 0:
            raise AssertionError(f"oodml {words}: {ran.stderr}{ran.stdout}")
        return ran.stdout

    def json(self, *words):
        return json.loads(self.oodml(*words, "-o", "json"))

    def submit(self, yaml):
        """The id of the new sweep."""
        (self.folder / "sweep.yaml").write_text(yaml)
        return self.json("submit", self.folder / "sweep.yaml")["sweep"]

    def finish(self, sweep):
        """Waits until nothing of the sweep is to come."""
        def is_over():
            counts = self.json("show", sweep)["sweep"]["counts"]
            return all(counts[state] == 0 for state in ("queued", "running", "backoff", "paused"))
        until(is_over, 120, f"sweep {sweep} is over")

    def stop(self):
        processes = [*self._workers, *([self._coordinator] if self._coordinator else [])]
        for process in processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in processes:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
        self._temporary.cleanup()


def sweep_of(name, seeds=3, first=0, epochs=3):
    """A sweep with two criteria, two splits, a share, and distances that are shown as they are."""
    return f"""
version: 1
name: {name}
trial:
  arch: small_conv_normalize
  embed_dim: 16
  crop_size: 28
  resize: 28
  batch_size: 8
  epochs: {epochs}
  evaluate: {{sets: [test], metrics: [e_recall@1, nmi, dists@intra]}}
matrix:
  benchmark: [fashion_mnist]
  criterion:
    - multisimilarity
    - margin: {{criterion: margin, miner: distance}}
  lr: [0.001, 0.01]
  seed: {{count: {seeds}, first: {first}}}
"""
