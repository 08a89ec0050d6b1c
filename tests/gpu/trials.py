"""Trials run by oodml-core, and what they measured."""
import json
import subprocess
from pathlib import Path

SMALL = {"arch": "small_conv_normalize", "embed_dim": 16, "crop_size": 32, "resize": 36, "batch_size": 16, "lr": 0.001}


class Failed(Exception):
    """A check that does not hold; its text is for people."""


class Trials:
    def __init__(self, programs, work, device):
        self.programs, self.work, self.device, self.count = programs, work, device, 0

    def run(self, settings, device=None, threads=4):
        """Trains one; returns (exit status, its output, its run folder)."""
        self.count += 1
        folder = self.work / f"trial-{self.count}"
        settings = {"benchmark": "colours", "layout": "image_folder", "criterion": "multisimilarity", "epochs": 1, "seed": 0,
                    "evaluate": {"sets": ["test"], "metrics": ["e_recall@1"]}} | settings
        file = self.work / f"trial-{self.count}.yaml"
        file.write_text("\n".join(f"{key}: {json.dumps(value)}" for key, value in settings.items()) + "\n")
        done = subprocess.run([self.programs / "oodml-core", "run", file, "--run-dir", folder, "--benchmarks-root",
                               self.work / "benchmarks", "--device", device or self.device, "--threads", str(threads)],
                              capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr, folder

    def results(self, settings, **where):
        status, output, folder = self.run(settings, **where)
        if status != 0:
            raise Failed(f"a trial ended with {status}: {output.strip()[-600:]}")
        return Results(folder)


class Results:
    def __init__(self, folder):
        self.folder = Path(folder)
        self.last = json.loads((self.folder / "results.json").read_text())["last"]

    def figure(self, name, part="train"):
        return self.last[part][name]["value"]

    def numbers(self):
        """Everything but times."""
        return {f"{part} {name}": entry["value"] for part, names in self.last.items() for name, entry in names.items()
                if name not in ("seconds", "data_wait")}

    def weights(self):
        files = sorted((self.folder / "checkpoints").rglob("*.safetensors"))
        return {str(f.relative_to(self.folder)): f.read_bytes() for f in files}
