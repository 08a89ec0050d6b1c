"""What a training script tells oodml, and what it is told. One file, Python 3.8 or newer, no dependency.

    import oodml_trial as oodml

    trial = oodml.trial(lr=0.01)                    # defaults of parameters that the sweep may set below `params:`
    start = 0
    if trial.resume():                              # a checkpoint of an earlier attempt of this trial
        model.load_state_dict(torch.load(trial.resume())); start = trial.resumed_epoch
    for epoch in range(start + 1, trial.epochs + 1):
        train(model, lr=trial.params["lr"], device=trial.device)
        trial.report(epoch, **{"e_recall@1": recall, "train:loss": loss})
        torch.save(model.state_dict(), "model.pt")
        trial.checkpoint(epoch, "model.pt")
        if trial.should_stop:                       # somebody wants the slot back
            trial.stop(epoch)

Errors that nobody catches are reported with their class (out of memory, numbers that are none, the rest), and ending
with exit code 0 is success. Started by hand, outside of oodml, the same script prints what it would have reported.
docs/programs.md has the rest, and what to print without this file.
"""

import hashlib
import json
import math
import os
import pathlib
import shutil
import signal
import sys

__all__ = ["trial", "Trial", "BadConfiguration", "NotFinite"]

_MOST_LINE = 4095
_STOPPED = 75  # exit code: ended by SIGTERM, to go on from its checkpoint
_MANIFEST = "manifest.json"
_HISTORY = "oodml_history.json"  # the figures before a checkpoint: an attempt that goes on from it says them again


class BadConfiguration(ValueError):
    """The trial cannot run anywhere as it was specified: it is not tried again."""


class NotFinite(FloatingPointError):
    """A loss is NaN or infinite: the trial is not tried again."""


class _Params(dict):
    def __missing__(self, name):
        raise BadConfiguration("the trial has no parameter params.%s; it has %s" % (name, ", ".join(self) or "none"))


def _escaped(value):
    if isinstance(value, float):
        text = repr(value)  # nan, inf and 1e-05 are read as they are
    else:
        text = str(value)
    keep = lambda byte: 0x21 <= byte <= 0x7E and byte not in b"=%"
    return "".join(chr(byte) if keep(byte) else "%%%02X" % byte for byte in text.encode("utf-8", "replace"))


def _line(verb, **fields):
    """The longest text stands last and is cut where the line would be too long."""
    line = verb
    for key, value in fields.items():
        text = _escaped(value)
        room = _MOST_LINE - len(line) - len(key) - 2
        while len(text) > room:
            value = str(value)[: max(0, len(str(value)) - 1 - (len(text) - room) // 3)]
            text = _escaped(value)
        line += " %s=%s" % (key, text)
    return line + "\n"


def _sha256(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for block in iter(lambda: file.read(1 << 20), b""):
            digest.update(block)
    return digest.hexdigest()


def _synced(path):
    handle = os.open(str(path), os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _described(environment):
    """trial.json, or what the environment says without one."""
    if environment.get("OODML_TRIAL"):
        return json.loads(pathlib.Path(environment["OODML_TRIAL"]).read_text(encoding="utf-8"))
    return {"run_dir": environment.get("OODML_RUN_DIR", "run"), "data_root": environment.get("OODML_DATA_ROOT", ".")}


class Trial:
    """One attempt of a trial. Metrics are those of `oodml results`: e_recall@1, nmi, any name of your own."""

    def __init__(self, defaults=None, environment=None):
        environment = os.environ if environment is None else environment
        about = _described(environment)
        self.about = about  #: trial.json as it is
        self.params = _Params(defaults or {})
        self.params.update(about.get("params", {}))
        self.id = about.get("trial", 0)
        self.attempt = about.get("attempt", 1)
        self.benchmark = about.get("benchmark", "")
        self.split = about.get("split", "default")
        self.seed = about.get("seed", 0)
        self.epochs = about.get("epochs", self.params.get("epochs", 1))
        self.device = about.get("device", "cpu")
        self.threads = about.get("threads", 1)
        self.run_dir = pathlib.Path(about["run_dir"])
        self.data_root = pathlib.Path(about["data_root"])
        self.benchmark_dir = pathlib.Path(about.get("benchmark_dir", self.data_root))
        self.resumed_epoch = 0
        self.should_stop = False  #: True once somebody wants the slot back: write a checkpoint, then stop()
        self._pid = os.getpid()
        self._history = []
        self._resumed = None
        self._looked = False
        events = environment.get("OODML_EVENTS")
        is_first = environment.get("RANK", "0") == "0"  # of the processes that torchrun starts
        self._events = (int(events) if events else 1) if is_first else None
        if not events:
            self._find_checkpoint_by_hand()

    # ---- what it says

    def report(self, epoch, set="test", **metrics):
        """Figures after `epoch` epochs; `train:loss` is one of another set than `set`. A loss must be finite."""
        for name, value in metrics.items():
            value = float(value)
            where, _, metric = name.rpartition(":")
            fields = dict(epoch=int(epoch), set=where or set, embeds="embeds", name=metric, value=value)
            self._history.append(fields)
            self._say("metric", **fields)
            if metric == "loss" and not math.isfinite(value):
                raise NotFinite("the loss of epoch %s is %s" % (epoch, value))

    def progress(self, epoch, step, steps_total=0, loss=math.nan, seconds_left=-1.0, phase="training"):
        """How far it is, as often as you like."""
        self._say("progress", epoch=int(epoch), epochs_total=int(self.epochs), step=int(step),
                  steps_total=int(steps_total), loss=float(loss), seconds_left=float(seconds_left), phase=phase)

    def warn(self, message):
        """Something that a person should know, which does not end the trial."""
        self._say("warning", message=message)

    def checkpoint(self, epoch, *paths, step=0):
        """Keeps copies of these files (and those in these folders) as what the trial goes on from, whole or not at all.

        `step` steps after the end of `epoch`. Earlier checkpoints of this attempt are removed, but the last one.
        """
        if self._events is None:
            return
        name = "%04d" % epoch + ("-%06d" % step if step else "")
        folder = self.run_dir / "checkpoints"
        fresh = folder / (".unfinished-" + name)
        shutil.rmtree(str(fresh), ignore_errors=True)
        fresh.mkdir(parents=True)
        for path in map(pathlib.Path, paths):
            for file in sorted(path.iterdir()) if path.is_dir() else [path]:
                shutil.copyfile(str(file), str(fresh / file.name))
        (fresh / _HISTORY).write_text(json.dumps(self._history), encoding="utf-8")
        parts = {file.name: _sha256(file) for file in sorted(fresh.iterdir())}
        text = json.dumps({"epoch": epoch, "step": step, "parts": parts}, indent=1) + "\n"
        (fresh / _MANIFEST).write_text(text, encoding="utf-8")
        for file in list(fresh.iterdir()) + [fresh]:
            _synced(file)
        shutil.rmtree(str(folder / name), ignore_errors=True)
        fresh.rename(folder / name)
        _synced(folder)
        self._say("checkpoint", epoch=int(epoch), path="checkpoints/" + name,
                  sha256=hashlib.sha256(text.encode("utf-8")).hexdigest())
        for old in sorted(entry for entry in folder.iterdir() if entry.name[:1].isdigit())[:-2]:
            shutil.rmtree(str(old), ignore_errors=True)

    def keep_best(self, epoch, *paths):
        """Keeps copies of these files as the trial's best: what `oodml fetch TRIAL` brings."""
        if self._events is None:
            return
        folder = self.run_dir / "best" / "model"
        fresh = self.run_dir / "best" / ".unfinished-model"
        shutil.rmtree(str(fresh), ignore_errors=True)
        fresh.mkdir(parents=True)
        for path in map(pathlib.Path, paths):
            shutil.copyfile(str(path), str(fresh / path.name))
        (fresh / "best.json").write_text(json.dumps({"epoch": epoch}) + "\n", encoding="utf-8")
        shutil.rmtree(str(folder), ignore_errors=True)
        fresh.rename(folder)

    def stop(self, epoch=0, step=0):
        """Ends the process after SIGTERM; the trial goes on later, here or elsewhere, from its last checkpoint."""
        self._say("stopped", epoch=int(epoch), step=int(step))
        sys.stdout.flush()
        sys.exit(_STOPPED)

    def done(self):
        """That all is said; the end of the script with exit code 0 says the same."""
        self._say("done", epochs=int(self.epochs))

    # ---- what it is told

    def resume(self):
        """The file that an earlier attempt kept with checkpoint(), the folder where they were several, or None.

        `resumed_epoch` is then its epoch, and what was reported until then is reported again.
        """
        if not self._looked:
            self._looked = True
            self._resumed = self._read_checkpoint()
        return self._resumed

    def _read_checkpoint(self):
        folder = self.about.get("checkpoint")
        if not folder:
            return None
        folder = pathlib.Path(folder)
        self.resumed_epoch = json.loads((folder / _MANIFEST).read_text(encoding="utf-8")).get("epoch", 0)
        if (folder / _HISTORY).is_file():
            self._history = json.loads((folder / _HISTORY).read_text(encoding="utf-8"))
            for fields in self._history:
                self._say("metric", **fields)
        files = [file for file in sorted(folder.iterdir()) if file.name not in (_MANIFEST, _HISTORY)]
        return files[0] if len(files) == 1 else folder

    def _find_checkpoint_by_hand(self):
        folder = self.run_dir / "checkpoints"
        found = sorted(entry for entry in folder.iterdir() if entry.name[:1].isdigit()) if folder.is_dir() else []
        if found:
            self.about["checkpoint"] = str(found[-1])

    # ---- the pipe

    def _say(self, verb, **fields):
        if self._events is None or os.getpid() != self._pid:
            return
        if self._events == 1:
            sys.stdout.flush()
        line = _line(verb, **fields).encode("ascii")
        while line:
            line = line[os.write(self._events, line):]

    def _on_sigterm(self, number, frame):
        if os.getpid() != self._pid:  # a loader's process, forked from this one
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            os.kill(os.getpid(), signal.SIGTERM)
        self.should_stop = True

    def _on_error(self, kind, error, trace):
        sys.__excepthook__(kind, error, trace)
        if self.should_stop:  # what is told to stop may lose its loaders before it notices
            self._say("stopped", epoch=0)
            sys.stderr.flush()
            os._exit(_STOPPED)
        self._say("failed", kind=failure_class(error), message="%s: %s" % (kind.__name__, error))


def failure_class(error):
    """out_of_memory, numeric, bad_configuration or infrastructure (which is tried again)."""
    text = str(error).lower()
    if isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError":
        return "out_of_memory"
    if isinstance(error, RuntimeError) and any(
            words in text for words in ("out of memory", "can't allocate memory", "cannot allocate memory")):
        return "out_of_memory"
    if isinstance(error, FloatingPointError):
        return "numeric"
    return "bad_configuration" if isinstance(error, BadConfiguration) else "infrastructure"


_trial = None


def trial(**defaults):
    """The trial that this process runs; the same one each time. From now on SIGTERM sets its should_stop."""
    global _trial
    if _trial is None:
        _trial = Trial(defaults)
        signal.signal(signal.SIGTERM, _trial._on_sigterm)
        sys.excepthook = _trial._on_error
    return _trial


def _main(words):
    """For scripts in other languages: python3 -m oodml_trial checkpoint EPOCH FILE... | report EPOCH NAME=VALUE..."""
    if len(words) < 3 or words[0] not in ("checkpoint", "report") or not words[1].isdigit():
        sys.exit(_main.__doc__)
    one = Trial()
    if words[0] == "checkpoint":
        one.checkpoint(int(words[1]), *words[2:])
    else:
        one.report(int(words[1]), **dict(word.rsplit("=", 1) for word in words[2:]))


if __name__ == "__main__":
    _main(sys.argv[1:])
