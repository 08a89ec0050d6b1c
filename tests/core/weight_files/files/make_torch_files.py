"""Writes the files of torch_file_test.cpp with PyTorch itself: python make_torch_files.py (torch, numpy)."""

import argparse
import collections
import os
import pathlib

import numpy
import torch

FOLDER = pathlib.Path(__file__).parent


def tensors():
    base = torch.arange(10.0)
    return collections.OrderedDict(
        [
            ("conv1.weight", torch.arange(24.0).view(2, 3, 2, 2)),
            ("parameter", torch.nn.Parameter(torch.tensor([1.5, -2.5]))),
            ("count", torch.tensor(7)),
            ("half", torch.tensor([0.5, 2.0]).half()),
            ("bfloat16", torch.tensor([0.5, 3.0]).bfloat16()),
            ("double", torch.tensor([1.0 / 3.0], dtype=torch.float64)),
            ("int32", torch.tensor([-3, 4], dtype=torch.int32)),
            ("bool", torch.tensor([True, False])),
            ("transposed", torch.arange(6.0).view(2, 3).t()),
            ("whole", base),
            ("slice", base[2:9:3]),
            ("empty", torch.zeros(0, 4)),
        ]
    )


class RunsCode:
    def __reduce__(self):
        return os.system, ("touch /nobody/should/ever/run/this",)


def checkpoint():
    """What a reference keeps beside its network: options, logs, an optimiser's state, objects."""
    stage = torch.arange(4.0)
    head = torch.ones(2)
    network = {"model.layer1.0.weight": stage, "layer_blocks.0.0.weight": stage, "model.last_linear.bias": head}
    parameter = torch.nn.Parameter(torch.ones(3))
    optimizer = torch.optim.Adam([parameter])
    parameter.sum().backward()
    optimizer.step()
    logs = collections.defaultdict(list, {"e_recall@1": [numpy.float64(0.5), numpy.arange(3)]})
    return {
        "state_dict": network,
        "opt": argparse.Namespace(arch="resnet50_frozen_normalize", lr=1e-5),
        "progress": logs,
        "aux": {"optimizer": optimizer.state_dict(), "criterion": torch.nn.Linear(2, 1), "other": RunsCode()},
    }


def write(name, value, legacy=False):
    torch.save(value, FOLDER / name, _use_new_zipfile_serialization=not legacy)


write("tensors.pth", tensors())
write("tensors_legacy.pth", tensors(), legacy=True)
write("checkpoint.pth.tar", checkpoint())
write("checkpoint_legacy.pth.tar", checkpoint(), legacy=True)
write("runs_code.pth", {"conv1.weight": RunsCode()})
write("is_code.pth", RunsCode())


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv1 = torch.nn.Linear(2, 1)


def training_run(key):
    """What people's training scripts keep: the network under `key`, and an optimiser that has tensors of its own."""
    network = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(network.parameters(), lr=0.1, momentum=0.9)
    network(torch.ones(1, 2)).sum().backward()
    optimizer.step()
    return {"epoch": 3, "best_acc1": torch.tensor(76.1), "optimizer": optimizer.state_dict(), key: network.state_dict()}


write("training_run.pth", training_run("model_state_dict"))
write("module.pth", Net())
write("module_legacy.pth", Net(), legacy=True)
write("lightning.ckpt", {"pytorch-lightning_version": "2.4.0", "hyper_parameters": {"lr": 0.1}, "loops": {}, **training_run("state_dict")})
torch.jit.script(torch.nn.Linear(2, 1)).save(FOLDER / "script.pt")
