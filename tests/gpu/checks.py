"""What is checked, each a function of the bench that returns a line for people or raises Failed."""
import json
import math
import subprocess
import time

from embeddings import recall_at_1, write_embeddings
from peer import step_seconds
from trials import SMALL, Failed


def golden(bench):
    """The references' numbers, on the device."""
    cases = sorted((bench.source / "tests" / "golden").glob("*/*.safetensors"))
    kinds = ("backbone", "criterion", "evaluation", "flow", "metric", "miner", "training_step")
    files = [case for case in cases if case.parent.name in kinds and (not bench.quick or case.parent.name == "flow")]
    done = subprocess.run([bench.programs / "golden_replay", "--device", bench.device, *files], capture_output=True, text=True)
    if done.returncode != 0:
        bad = [line for line in done.stdout.splitlines() if not line.startswith("ok")]
        raise Failed("\n".join(bad) + done.stderr)
    return done.stdout.splitlines()[-1]


def like_the_cpu(bench):
    """The same trial on device and CPU: figures within single precision's reach after one epoch."""
    here, there = bench.trials.results(SMALL), bench.trials.results(SMALL, device="cpu")
    for name, value in there.numbers().items():
        if not math.isclose(here.numbers()[name], value, rel_tol=2e-2, abs_tol=2e-2):
            raise Failed(f"{name} is {here.numbers()[name]} on {bench.device}, {value} on the CPU")
    return f"loss {here.figure('loss'):.6f}, on the CPU {there.figure('loss'):.6f}"


def same_bits(bench):
    first, second = bench.trials.results(SMALL), bench.trials.results(SMALL)
    if first.numbers() != second.numbers():
        raise Failed(f"two equal trials measured {first.numbers()} and {second.numbers()}")
    differing = [name for name, data in first.weights().items() if second.weights()[name] != data]
    if differing:
        raise Failed(f"two equal trials left different {differing}")
    return f"{len(first.weights())} files of weights equal to the bit"


def precisions(bench):
    full = bench.trials.results(SMALL).figure("loss")
    said = [f"float32 {full:.4f}"]
    for name, settings in {"bfloat16": {"precision": "bfloat16"}, "float16": {"precision": "float16"},
                           "channels_last": {"channels_last": True}}.items():
        if name == "float16" and bench.device == "cpu":
            continue
        loss = bench.trials.results(SMALL | settings).figure("loss")
        if not math.isclose(loss, full, rel_tol=0.1):
            raise Failed(f"loss under {name} is {loss}, {full} in float32")
        said.append(f"{name} {loss:.4f}")
    return ", ".join(said)


def out_of_memory(bench):
    """A batch that no GPU holds: the trial ends by itself and says so."""
    if bench.device == "cpu":
        return None
    large = {"arch": "resnet50_normalize", "batch_size": 200_000, "crop_size": 224, "resize": 256, "images_per_class": 0}
    status, output, folder = bench.trials.run(large)
    events = (folder / "events.log").read_text()
    if status == 0 or "kind=out_of_memory" not in events:
        raise Failed(f"ended with {status}: {output.strip()[-400:]}")
    return "class out_of_memory"


def replicas(bench):
    import torch
    if bench.device == "cpu" or torch.cuda.device_count() < 2:
        return None
    one = bench.trials.results(SMALL)
    two = bench.trials.results(SMALL | {"replicas": 2}, device="cuda:0,cuda:1")
    if not math.isclose(one.figure("loss"), two.figure("loss"), rel_tol=2e-2):
        raise Failed(f"loss {two.figure('loss')} on two devices, {one.figure('loss')} on one")
    return f"loss {two.figure('loss'):.6f}, on one {one.figure('loss'):.6f}"


def evaluation(bench):
    """As many embeddings as SOP's test set has."""
    rows, classes = (2_000, 200) if bench.quick else (60_502, 11_316)
    file, embeddings, labels = write_embeddings(bench.work, rows, 512, classes)
    began = time.monotonic()
    done = subprocess.run([bench.programs / "oodml-core", "evaluate", file, "--metrics", "e_recall@1,mAP_c", "-o", "json",
                           "--device", bench.device], capture_output=True, text=True)
    seconds = time.monotonic() - began
    if done.returncode != 0:
        raise Failed(done.stderr[-600:])
    wanted, found = recall_at_1(embeddings, labels, bench.device), json.loads(done.stdout)["metrics"]["e_recall@1"]
    if not math.isclose(found, wanted, abs_tol=1e-12):
        raise Failed(f"PyTorch finds e_recall@1 {wanted} in float64, oodml {found}")
    return f"{rows} x 512 in {seconds:.1f} s with the program's start, e_recall@1 {wanted:.4f}"


def training_step(bench):
    """resnet50 at batch 112 beside PyTorch: the same network, eager and compiled, in the same order twice."""
    arch, batch, side, epochs = ("small_conv_normalize", 16, 32, 2) if bench.quick else ("resnet50_normalize", 112, 224, 3)
    settings = SMALL | {"arch": arch, "batch_size": batch, "crop_size": side, "resize": side, "epochs": epochs,
                        "cache_mib": 4096, "evaluate": {"sets": ["test"], "metrics": ["e_recall@1"], "every": epochs}}
    said = []
    for precision in ("float32",) if bench.quick else ("float32", "bfloat16"):
        results = bench.trials.results(settings | {"precision": precision}, threads=bench.threads)
        steps = bench.train_images // batch
        ours = results.figure("seconds") / steps
        share = results.figure("data_wait") / results.figure("seconds")
        line = f"{precision}: {1000 * ours:.1f} ms a step, {100 * share:.0f} % of it waits for images"
        if arch.startswith("resnet50"):
            eager = step_seconds(bench.device, batch, side, precision, compiled=False)
            line += f"; PyTorch eager {1000 * eager:.1f} ms"
            compiled = step_seconds(bench.device, batch, side, precision, compiled=True)
            line += f", torch.compile {1000 * compiled:.1f} ms"
        said.append(line)
    return "\n    ".join(said)


ALL = (golden, like_the_cpu, same_bits, precisions, out_of_memory, replicas, evaluation, training_step)
