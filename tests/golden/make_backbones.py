"""Writes backbone/*.safetensors: what the Python networks answer under weights that are a formula.

    python make_backbones.py            (torch 2.13, torchvision 0.28, timm 1.0, safetensors)

torchvision gives the ResNets, ResNeXt and GoogLeNet, timm EfficientNet and BiT. BN-Inception has no package: here it is
written from the table of its channels. The weights are functions of a tensor's name and an entry's number (`values`),
so that a file holds outputs only; replay_backbone.cpp has the same functions.
"""

import collections
import hashlib
import json
import pathlib
import zlib

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn
from torch.nn import functional as F

try:
    import torchvision
except RuntimeError:
    # Beside a CPU build of torch the wheel's operators do not load. The networks use none, but the import names two.
    for operator in ("nms", "qnms"):
        torch.library.define(f"torchvision::{operator}", "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
    import torchvision
import timm

FOLDER = pathlib.Path(__file__).parent / "backbone"
HEADS = ["discriminative", "shared", "selfsimilarity", "intra"]
BATCH, SIDE, EMBED_DIM = 2, 64, 8


def mixed(x):
    x = x.astype(np.uint32)
    x ^= x >> np.uint32(16)
    x *= np.uint32(0x7FEB352D)
    x ^= x >> np.uint32(15)
    x *= np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))


def uniform(name, count):
    """In [0, 1): entry i of the tensor `name`."""
    key = np.uint32(zlib.crc32(name.encode()))
    return mixed(mixed(np.arange(count, dtype=np.uint32)) ^ key).astype(np.float64) / 2**32


def values(name, shape, gain):
    u = uniform(name, int(np.prod(shape, dtype=np.int64)))
    if name.endswith("num_batches_tracked"):
        return torch.zeros(shape, dtype=torch.int64)
    if len(shape) > 1:
        fan_in = int(np.prod(shape[1:], dtype=np.int64))
        u = (2 * u - 1) * (gain * np.sqrt(6 / fan_in))
    elif name.endswith("running_var") or name.endswith("weight"):
        u = 0.75 + 0.5 * u
    else:
        u = 0.2 * (u - 0.5)
    return torch.from_numpy(u.reshape(shape).astype(np.float32))


def images():
    u = uniform("images", BATCH * 3 * SIDE * SIDE)
    return torch.from_numpy((4 * u - 2).reshape(BATCH, 3, SIDE, SIDE).astype(np.float32))


class BnInception(nn.Module):
    """Block: in, 1x1, 3x3 (reduced, out), double 3x3 (reduced, middle, out), pool, projection."""

    BLOCKS = {
        "3a": (192, 64, (64, 64), (64, 96, 96), "avg", 32),
        "3b": (256, 64, (64, 96), (64, 96, 96), "avg", 64),
        "3c": (320, 0, (128, 160), (64, 96, 96), "pass", 0),
        "4a": (576, 224, (64, 96), (96, 128, 128), "avg", 128),
        "4b": (576, 192, (96, 128), (96, 128, 128), "avg", 128),
        "4c": (576, 160, (128, 160), (128, 160, 160), "avg", 128),
        "4d": (608, 96, (128, 192), (160, 192, 192), "avg", 128),
        "4e": (608, 0, (128, 192), (192, 256, 256), "pass", 0),
        "5a": (1056, 352, (192, 320), (160, 224, 224), "avg", 128),
        "5b": (1024, 352, (192, 320), (192, 224, 224), "max", 128),
    }

    def __init__(self):
        super().__init__()
        self.layers(("conv1_7x7_s2", 3, 64, 7, 2), ("conv2_3x3_reduce", 64, 64, 1, 1), ("conv2_3x3", 64, 192, 3, 1))
        for block, (size, one, three, twice, pool, projected) in self.BLOCKS.items():
            name, stride = f"inception_{block}_", 2 if pool == "pass" else 1
            self.layers(
                (name + "1x1", size, one, 1, 1),
                (name + "3x3_reduce", size, three[0], 1, 1),
                (name + "3x3", *three, 3, stride),
                (name + "double_3x3_reduce", size, twice[0], 1, 1),
                (name + "double_3x3_1", *twice[:2], 3, 1),
                (name + "double_3x3_2", *twice[1:], 3, stride),
                (name + "pool_proj", size, projected, 1, 1),
            )

    def layers(self, *shapes):
        for name, size, out, kernel, stride in shapes:
            if out:
                self.add_module(name, nn.Conv2d(size, out, kernel, stride, kernel // 2))
                self.add_module(name + "_bn", nn.BatchNorm2d(out))

    def unit(self, name, x):
        return F.relu(getattr(self, name + "_bn")(getattr(self, name)(x)))

    def features(self, x):
        x = F.max_pool2d(self.unit("conv1_7x7_s2", x), 3, 2, ceil_mode=True)
        x = self.unit("conv2_3x3", self.unit("conv2_3x3_reduce", x))
        x = F.max_pool2d(x, 3, 2, ceil_mode=True)
        for block, (_, _, _, _, pool, _) in self.BLOCKS.items():
            name = f"inception_{block}_"
            outs = [] if pool == "pass" else [self.unit(name + "1x1", x)]
            outs.append(self.unit(name + "3x3", self.unit(name + "3x3_reduce", x)))
            middle = self.unit(name + "double_3x3_1", self.unit(name + "double_3x3_reduce", x))
            outs.append(self.unit(name + "double_3x3_2", middle))
            if pool == "pass":
                outs.append(F.max_pool2d(x, 3, 2, ceil_mode=True))
            elif pool == "max":
                outs.append(self.unit(name + "pool_proj", F.max_pool2d(x, 3, 1, 1, ceil_mode=True)))
            else:
                outs.append(self.unit(name + "pool_proj", F.avg_pool2d(x, 3, 1, 1, ceil_mode=True)))
            x = torch.cat(outs, 1)
        return x


def resnet_features(net, x):
    x = net.maxpool(net.relu(net.bn1(net.conv1(x))))
    return net.layer4(net.layer3(net.layer2(net.layer1(x))))


def googlenet_features(net, x):
    """torchvision's forward up to the last block, its renormalisation of the input on."""
    found = []
    net.transform_input = True
    hook = net.inception5b.register_forward_hook(lambda module, inputs, output: found.append(output))
    net(x)
    hook.remove()
    return found[0]


def forward_features(net, x):
    return net.forward_features(x)


Source = collections.namedtuple("Source", "make features classifiers gain origin")
VISION, TIMM = f"torchvision {torchvision.__version__}", f"timm {timm.__version__}"
TABLE = "docs/models.md#bn-inception"
SOURCES = {
    "resnet18": Source(torchvision.models.resnet18, resnet_features, ["fc."], 1.0, VISION),
    "resnet50": Source(torchvision.models.resnet50, resnet_features, ["fc."], 1.0, VISION),
    "resnet101": Source(torchvision.models.resnet101, resnet_features, ["fc."], 1.0, VISION),
    "resnext101": Source(torchvision.models.resnext101_32x8d, resnet_features, ["fc."], 1.0, VISION),
    "googlenet": Source(
        lambda: torchvision.models.googlenet(aux_logits=False, init_weights=False),
        googlenet_features,
        ["fc."],
        1.0,
        VISION,
    ),
    "efficientb0": Source(
        lambda: timm.create_model("efficientnet_b0"), forward_features, ["classifier."], 1.1, TIMM
    ),
    "bit": Source(lambda: timm.create_model("resnetv2_50x1_bit"), forward_features, ["head.fc."], 1.0, TIMM),
    "bninception": Source(BnInception, BnInception.features, [], 1.0, TABLE),
}
ARCHS = [
    "resnet18",
    "resnet50_frozen_normalize",
    "resnet50_double",
    "resnet101_frozen_normalize",
    "resnext101_frozen_normalize",
    "googlenet",
    "efficientb0_normalize",
    "bit_normalize",
    "bninception_frozen_normalize",
    "bninception_double_lp2_lp3",
    "multifeature_resnet18_normalize",
]


def pooled(features, words):
    y = features.mean((2, 3))
    if "double" in words:
        y = y + features.amax((2, 3))
    for p in (2, 3):
        if f"lp{p}" in words:
            y = y + (features**p).sum((2, 3)) ** (1 / p)
    return y


def head(name, y, words, gain):
    weight = values(name + ".weight", (EMBED_DIM, y.shape[1]), gain)
    z = y @ weight.T + values(name + ".bias", (EMBED_DIM,), gain)
    return F.normalize(z) if "normalize" in words else z


def write(arch):
    several = arch.startswith("multifeature_")
    backbone, *words = arch.removeprefix("multifeature_").split("_")
    source = SOURCES[backbone]
    net = source.make().eval()
    trunk = {k: v for k, v in net.state_dict().items() if not k.startswith(tuple(source.classifiers))}
    net.load_state_dict({k: values(k, tuple(v.shape), source.gain) for k, v in trunk.items()}, strict=False)
    with torch.no_grad():
        features = source.features(net, images())
        other = source.features(net, images().flip(3))
    y = pooled(features, words)
    out = {"out.features": features[:, ::16].contiguous(), "out.avg_features": y}
    for name in HEADS if several else [""]:
        embeds = head("last_linear." + name if name else "last_linear", y, words, source.gain)
        out["out.heads." + name if name else "out.embeddings"] = embeds
    listing = "".join(f"{k} {list(v.shape)}\n" for k, v in sorted(trunk.items()))
    parameters = sum(p.numel() for k, p in net.named_parameters() if k in trunk)
    params = {
        "arch": arch,
        "embed_dim": EMBED_DIM,
        "batch": BATCH,
        "side": SIDE,
        "gain": source.gain,
        "parameters": parameters,
        "names_sha256": hashlib.sha256(listing.encode()).hexdigest(),
    }
    case = {
        "kind": "backbone",
        "name": backbone,
        "params": params,
        "compat": "corrected",
        "n_classes": 1,
        "tolerance": {"rtol": 1e-4, "atol": 1e-6},
        "origin": f"{source.origin}, torch {torch.__version__}",
    }
    variant = "-".join((["heads"] if several else []) + words) or "default"
    save_file(out, FOLDER / f"{backbone}--{variant}.safetensors", {"case": json.dumps(case)})
    moved = float((features - other).abs().max() / features.abs().max())
    size = float(features.abs().max())
    print(f"{arch}: {len(trunk)} tensors, {parameters} parameters, map {list(features.shape)} up to {size:.3g}")
    print(f"    mirrored images move it by {moved:.2f} of that")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    torch.set_num_threads(2)
    for one in ARCHS:
        write(one)
