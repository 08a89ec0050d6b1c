"""Writes training_step/*.safetensors: one update of a network as PyTorch makes it, in double precision.

    python make_training_steps.py       (torch 2.13, torchvision 0.28, timm 1.0, safetensors)

Network, images and the criterion's class map are the formulas of make_backbones.py, so that a file holds outputs only.
Batch norms are frozen: evaluation mode, while their weight and bias train and decay. replay_training_step.cpp takes the
same step in single precision with the product's network, parameter groups and optimiser.
"""

import json
import pathlib

import torch
from safetensors.torch import save_file
from torch.nn import functional as F

from make_backbones import torchvision, uniform, values

FOLDER = pathlib.Path(__file__).parent / "training_step"
BATCH, SIDE, EMBED_DIM, GAIN, TEMPERATURE = 4, 64, 8, 1.0, 0.05
LABELS = [0, 1, 1, 2]
# The rate is large, so that what a step moves stands out of single precision.
LR, DECAY, CLASS_LR = 1e-2, 4e-4, 2e-2
# Small tensors whole: stem, affine parameters of every depth (they decay too), shortcut, head.
WHOLE = [
    "conv1.weight",
    "bn1.weight",
    "bn1.bias",
    "layer1.0.conv1.weight",
    "layer1.0.downsample.1.weight",
    "layer2.3.bn2.weight",
    "layer2.3.bn2.bias",
    "layer4.0.downsample.1.bias",
    "layer4.2.bn3.weight",
    "layer4.2.bn3.bias",
    "last_linear.bias",
]


def network():
    net = torchvision.models.resnet50()
    features = net.fc.in_features
    del net.fc
    net.last_linear = torch.nn.Linear(features, EMBED_DIM)
    net.load_state_dict({k: values(k, tuple(v.shape), GAIN) for k, v in net.state_dict().items()})
    net = net.double().train()
    for module in net.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.eval()
    return net


def embeddings(net, x):
    x = net.maxpool(net.relu(net.bn1(net.conv1(x))))
    x = net.layer4(net.layer3(net.layer2(net.layer1(x))))
    return F.normalize(net.last_linear(x.mean((2, 3))))


def step(decay_of_norms):
    """Loss, embeddings, and by name: the moments behind the update, the values before and after it."""
    net = network()
    class_map = torch.nn.Parameter(values("class_map", (max(LABELS) + 1, EMBED_DIM), 1.0).double())
    named = dict(net.named_parameters())
    norms = [p for m in net.modules() if isinstance(m, torch.nn.BatchNorm2d) for p in m.parameters()]
    others = [p for p in named.values() if all(p is not norm for norm in norms)]
    groups = [
        {"params": others, "lr": LR, "weight_decay": DECAY},
        {"params": norms, "lr": LR, "weight_decay": DECAY if decay_of_norms else 0.0},
        {"params": [class_map], "lr": CLASS_LR, "weight_decay": 0.0},
    ]
    optimizer = torch.optim.Adam(groups, betas=(0.9, 0.999), eps=1e-8)
    named["criterion.class_map"] = class_map
    before = {k: p.detach().clone() for k, p in named.items()}
    images = torch.from_numpy(4 * uniform("images", BATCH * 3 * SIDE * SIDE) - 2).view(BATCH, 3, SIDE, SIDE)
    z = embeddings(net, images.float().double())
    loss = F.cross_entropy(z @ F.normalize(class_map).T / TEMPERATURE, torch.tensor(LABELS))
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    moments = {k: optimizer.state[p] for k, p in named.items()}
    return loss.detach(), z.detach(), moments, before, {k: p.detach() for k, p in named.items()}


def outputs(decay_of_norms=True):
    loss, z, moments, before, after = step(decay_of_norms)
    names = sorted(after)
    norms = lambda tensor_of: torch.stack([tensor_of(k).norm() for k in names])
    out = {
        "out.loss": loss,
        "out.embeddings": z,
        "out.moved_norms": norms(lambda k: after[k] - before[k]),
        "out.first_moment_norms": norms(lambda k: moments[k]["exp_avg"]),
        "out.second_moment_norms": norms(lambda k: moments[k]["exp_avg_sq"]),
    }
    for name in WHOLE + ["criterion.class_map"]:
        out["out.after." + name] = after[name]
        out["out.first_moment." + name] = moments[name]["exp_avg"]
    return {k: v.float().contiguous() for k, v in out.items()}


def main():
    params = {
        "arch": "resnet50_frozen_normalize",
        "embed_dim": EMBED_DIM,
        "side": SIDE,
        "gain": GAIN,
        "temperature": TEMPERATURE,
        "lr": LR,
        "decay": DECAY,
        "class_lr": CLASS_LR,
    }
    case = {
        "kind": "training_step",
        "name": "resnet50",
        "params": params,
        "compat": "corrected",
        "n_classes": max(LABELS) + 1,
        "tolerance": {"rtol": 1e-4, "atol": 1e-9},
        "origin": f"torchvision {torchvision.__version__}, torch {torch.__version__}, float64",
    }
    out = outputs()
    FOLDER.mkdir(exist_ok=True)
    tensors = {"in.labels": torch.tensor(LABELS), **out}
    save_file(tensors, FOLDER / "resnet50--adam.safetensors", {"case": json.dumps(case)})
    print("loss", float(out["out.loss"]))
    for name, other in outputs(decay_of_norms=False).items():
        apart = float((out[name] - other).abs().max() / out[name].abs().max())
        print(f"{name}: without decay of the norms {apart:.2g} apart")


if __name__ == "__main__":
    torch.set_num_threads(2)
    main()
